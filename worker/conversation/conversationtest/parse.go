package conversationtest

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
	"casey.internal/worker/language"
)

// rule is one kind of line: its pattern, in which <t> stands for a time and
// <q> for a quoted text, and what it does to the script.
type rule struct {
	pattern *regexp.Regexp
	apply   func(s *Script, m []string)
}

func line(pattern string, apply func(s *Script, m []string)) rule {
	pattern = strings.NewReplacer(`<t>`, `(\d+(?:\.\d+)?)`, `<q>`, `"([^"]*)"`, `<qs>`, `((?:\s*"[^"]*")*)`).Replace(pattern)
	return rule{regexp.MustCompile(`^` + pattern + `$`), apply}
}

var rules = []rule{
	line(`greeting\s*<qs>`, func(s *Script, m []string) { s.Greeting = quoted(m[1]) }),
	line(`reply((?: phase \d+| exhibit \d+| over| breaks)*)\s*<qs>`, func(s *Script, m []string) {
		s.Replies = append(s.Replies, reply(strings.Fields(m[1]), quoted(m[2])))
	}),
	line(`history (candidate|interviewer): <q>`, func(s *Script, m []string) {
		s.History = append(s.History, interview.Turn{Number: len(s.History) + 1, Role: interview.Role(m[1]), Text: m[2]})
	}),
	line(`(bedrock|polly) slow <t>`, func(s *Script, m []string) { s.service(m[1]).Delay = seconds(m[2]) }),
	line(`(bedrock|polly) stalls`, func(s *Script, m []string) { s.service(m[1]).Stalls = true }),
	line(`(bedrock|polly) fails(?: (\d+))?`, func(s *Script, m []string) { s.service(m[1]).Fails = count(m[2], -1) }),
	line(`transcribe lag <t>`, func(s *Script, m []string) { s.Lag = seconds(m[1]) }),
	line(`transcribe late <t>`, func(s *Script, m []string) { s.Late = seconds(m[1]) }),
	line(`transcribe drops <t>-<t>`, func(s *Script, m []string) { s.Drops = append(s.Drops, stretch(m[1:])) }),
	line(`transcribe dies <t>`, func(s *Script, m []string) { s.at(m[1], conversation.RecognitionLost{Err: errors.New("dead")}) }),
	line(`limit <t>`, func(s *Script, m []string) { s.Limit = seconds(m[1]) }),
	line(`echo`, func(s *Script, _ []string) { s.Echo = true }),
	line(`thoughts`, func(s *Script, _ []string) { s.Thoughts = true }),
	line(`longest <t>`, func(s *Script, m []string) { s.Longest = seconds(m[1]) }),
	line(`language (\w+)`, func(s *Script, m []string) { s.Language = language.Language(m[1]) }),
	line(`listens (\w+)`, func(s *Script, m []string) { s.Profile = m[1] }),
	line(`judge (finished|unfinished|thinking|asks|fails) <t>(?: of <q>)?`, func(s *Script, m []string) {
		s.Judge = &judge{says: m[1], delay: seconds(m[2]), of: m[3]}
	}),
	line(`marks (finished|unfinished|none)(?: of <q>)?`, func(s *Script, m []string) { s.Marks = mark{m[1], m[2]} }),
	line(`<t> candidate: <q>`, func(s *Script, m []string) { s.Speeches = append(s.Speeches, paused(seconds(m[1]), m[2])...) }),
	line(`<t>-<t> candidate( goes on)?( quietly| apart)?: <q>(?: final <q>)?(?: falling (-?[\d.]+))?`, func(s *Script, m []string) {
		x := Speech{Stretch: stretch(m[1:]), Words: strings.Fields(m[5]), GoesOn: m[3] != "", Quiet: m[4] == " quietly", Apart: m[4] == " apart"}
		x.Fall, _ = strconv.ParseFloat(m[7], 64) // 0 where there is none
		if m[6] != "" {
			x.Final = strings.Fields(m[6])
		}
		s.Speeches = append(s.Speeches, x)
	}),
	line(`cough <t>-<t>`, func(s *Script, m []string) { s.Noises = append(s.Noises, stretch(m[1:])) }),
	line(`behind <t>-<t>`, func(s *Script, m []string) {
		s.at(m[1], conversation.Behind{On: true})
		s.at(m[2], conversation.Behind{})
	}),
	line(`mute <t>-<t>`, func(s *Script, m []string) { s.Mutes = append(s.Mutes, stretch(m[1:])) }),
	line(`away <t>-<t>`, func(s *Script, m []string) {
		s.at(m[1], conversation.Away{})
		s.at(m[2], conversation.Opened{})
	}),
	line(`broken <t> silent since <t> back <t>`, func(s *Script, m []string) {
		s.Events = append(s.Events, Event{At: seconds(m[1]), Input: conversation.Away{}, Silent: seconds(m[2])})
		s.at(m[3], conversation.Opened{})
	}),
	line(`gone <t>`, func(s *Script, m []string) { s.at(m[1], conversation.Away{Closed: true}) }),
	line(`nudge <t>`, func(s *Script, m []string) { s.at(m[1], conversation.Page{Event: &channel.Nudge{}}) }),
	line(`open <t>`, func(s *Script, m []string) { s.at(m[1], conversation.Opened{}) }),
	line(`hand over <t>`, func(s *Script, m []string) { s.at(m[1], conversation.HandOver{}) }),
	line(`farewell <t>`, func(s *Script, m []string) { s.at(m[1], conversation.Farewell{}) }),
	line(`carry((?: phase \d+| handed| due| open| over)*)\s*<qs>`, func(s *Script, m []string) {
		s.Carry = carry(strings.Fields(m[1]), quoted(m[2]))
		s.Carry.After = lastSaid(s.History)
	}),
	line(`end <t>`, func(s *Script, m []string) { s.at(m[1], conversation.Page{Event: &channel.End{}}) }),
	line(`hang up <t>`, func(s *Script, m []string) { s.HangUp = seconds(m[1]) }),
}

// Parse reads a script and what is expected of it.
func Parse(text string) (s *Script, want []string, err error) {
	s = New()
	head, tail, found := strings.Cut(text, "\n---\n")
	if !found {
		return nil, nil, errors.New("no line ---")
	}
	for i, l := range strings.Split(head, "\n") {
		l = strings.TrimSpace(l)
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		if !s.parse(l) {
			return nil, nil, fmt.Errorf("line %d: cannot read %q", i+1, l)
		}
	}
	for l := range strings.Lines(tail) {
		if l = strings.TrimSpace(l); l != "" {
			want = append(want, l)
		}
	}
	return s, want, nil
}

func (s *Script) parse(l string) bool {
	for _, r := range rules {
		if m := r.pattern.FindStringSubmatch(l); m != nil {
			r.apply(s, m)
			return true
		}
	}
	return false
}

func (s *Script) service(name string) *Service {
	if name == "bedrock" {
		return &s.Model
	}
	return &s.Voice
}

func (s *Script) at(when string, in conversation.Input) {
	s.Events = append(s.Events, Event{At: seconds(when), Input: in})
}

func reply(does, sentences []string) Reply {
	r := Reply{Sentences: sentences}
	for i, word := range does {
		switch word {
		case "phase":
			r.Phase = count(does[i+1], 0)
		case "exhibit":
			r.Exhibit = count(does[i+1], 0)
		case "over":
			r.Over = true
		case "breaks":
			r.Breaks = true
		}
	}
	return r
}

func carry(says, rest []string) conversation.Checkpoint {
	c := conversation.Checkpoint{Progress: conversation.Progress{Phase: phase(1)}, Rest: rest}
	for i, word := range says {
		switch word {
		case "phase":
			c.Progress.Phase = phase(count(says[i+1], 1))
		case "handed":
			c.Handed = true
		case "due":
			c.Due = true
		case "open":
			c.Open = true
		case "over":
			c.Progress.Over = true
		}
	}
	return c
}

// lastSaid is the number of the interviewer's last turn, of which what is carried is the rest.
func lastSaid(history []interview.Turn) (number int) {
	for _, t := range history {
		if t.Role == interview.Interviewer {
			number = t.Number
		}
	}
	return number
}

// paused is a speech with pauses in it: a stretch of recognition each.
func paused(at time.Duration, text string) []Speech {
	var all []Speech
	for token := range strings.FieldsSeq(text) {
		if token[0] == '|' {
			at += time.Duration(len(token))*time.Second - time.Second/2
			all = append(all, Speech{})
			continue
		}
		if len(all) == 0 {
			all = append(all, Speech{})
		}
		x := &all[len(all)-1]
		if len(x.Words) == 0 {
			x.From = at
		}
		x.Words = append(x.Words, token)
		at += pace
		x.To = at
	}
	return all
}

func quoted(s string) []string {
	parts := strings.Split(s, `"`)
	var texts []string
	for i := 1; i < len(parts); i += 2 {
		texts = append(texts, parts[i])
	}
	return texts
}

func stretch(m []string) Stretch { return Stretch{seconds(m[0]), seconds(m[1])} }

// seconds reads a number that a pattern has matched.
func seconds(s string) time.Duration {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(err)
	}
	return time.Duration(f*1000+0.5) * time.Millisecond
}

func count(s string, otherwise int) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return otherwise
	}
	return n
}
