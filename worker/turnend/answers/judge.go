package answers

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"casey.internal/worker/conversation"
	"casey.internal/worker/transcript"
)

// How late it is known that a voice began or ended.
const (
	voiceOn  = 60 * time.Millisecond
	voiceOff = 200 * time.Millisecond
	doubtful = 250 * time.Millisecond // how long the newest word may still change
)

// Outcome is the result of an end of turn with one answer.
type Outcome struct {
	Pauses int           // within the answer
	Taken  int           // of them, taken for its end
	After  string        // what had been said at the first of these
	Why    string        // of that decision
	Wait   time.Duration // from the end of the answer to the decision
	End    string
}

// Cut reports whether the answer was cut off, at whichever of its pauses.
func (o Outcome) Cut() bool { return o.Taken > 0 }

// Judge asks e about a speech as it goes on, as a conversation would. Each pause
// is judged by itself, as eot-bench does (github.com/livekit/eot-bench): the
// answer goes on after one that was taken for its end. own are the pauses of the
// same person before; what comes back has those of this speech too.
func Judge(e conversation.EndOfTurn, s Speech, own []time.Duration) (Outcome, []time.Duration) {
	l := &listener{speech: s, evidence: conversation.Evidence{
		Question: s.Question, Profile: s.Profile, Stable: true, Quiet: clock(0), Pauses: own,
	}}
	out := Outcome{Pauses: len(s.Stretches) - 1, Wait: time.Hour}
	events := l.events()
	end := clock(0).Add(s.Stretches[len(s.Stretches)-1].To)
	taken := 0 // the number of the stretch after which the turn was last taken
	for i, event := range events {
		event.happen()
		verdict := e.Decide(l.evidence)
		at := later(verdict.At, event.at)
		switch {
		case verdict.At.IsZero() || i+1 < len(events) && !at.Before(events[i+1].at):
		case verdict.Then == conversation.Grant:
			l.evidence.Granted = true
		case !at.Before(end):
			out.Wait = at.Sub(end)
			out.End = verdict.Why
			return out, l.evidence.Pauses
		case taken < l.stretches:
			taken = l.stretches
			if out.Taken++; out.Taken == 1 {
				out.After, out.Why = l.evidence.Text, verdict.Why
			}
		}
	}
	return out, l.evidence.Pauses
}

// listener knows what a conversation would.
type listener struct {
	speech    Speech
	evidence  conversation.Evidence
	stretches int // that have begun
}

type event struct {
	at     time.Time
	happen func()
}

// events are voice and words in the order in which they become known.
func (l *listener) events() []event {
	var all []event
	for i, x := range l.speech.Stretches {
		from, to := clock(0).Add(x.From), clock(0).Add(x.To)
		all = append(all, event{from.Add(voiceOn), func() { l.begins(i) }})
		all = append(all, event{to.Add(voiceOff), func() { l.hushes(to, x.Fall) }})
		for _, w := range x.Words {
			known := w.End.Add(l.speech.Lag)
			all = append(all, event{known, func() { l.hears(w, known) }}, event{known.Add(doubtful), func() { l.settles(known) }})
		}
	}
	slices.SortStableFunc(all, func(a, b event) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	return all
}

func (l *listener) begins(stretch int) {
	l.stretches = stretch + 1
	l.evidence.Voice, l.evidence.Since = true, clock(0).Add(l.speech.Stretches[stretch].From)
	if stretch > 0 {
		pause := l.speech.Stretches[stretch].From - l.speech.Stretches[stretch-1].To
		l.evidence.Pauses = append(slices.Clone(l.evidence.Pauses), pause)
	}
}

func (l *listener) hushes(at time.Time, fall float64) {
	e := &l.evidence
	e.Voice, e.Hushed, e.Fall, e.Quiet = false, at, fall, later(at, e.Spoken)
}

func (l *listener) hears(w transcript.Word, at time.Time) {
	e := &l.evidence
	if e.Text == "" {
		e.Began = w.Start
	}
	e.Text, e.Stable = strings.TrimSpace(e.Text+" "+w.Text), false
	e.Spoken, e.Changed = w.End, at
	e.Quiet = later(e.Quiet, w.End)
}

func (l *listener) settles(since time.Time) {
	if l.evidence.Changed.Equal(since) {
		l.evidence.Stable = true
	}
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
