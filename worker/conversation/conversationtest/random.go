package conversationtest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
)

// Random returns a script of some minutes in which anything may happen. Every
// word of both parties is said once only, so that none can be lost unseen.
func Random(r *rand.Rand) *Script {
	s := New()
	s.Lag = anything(r, 100, 1000)
	s.Late = s.Lag + anything(r, 500, 1500)
	s.Model.Delay = anything(r, 200, 3000)
	s.Voice.Delay = anything(r, 50, 800)
	s.Greeting = sentences(r, "g")
	for i := range 12 {
		s.Replies = append(s.Replies, Reply{
			Sentences: sentences(r, fmt.Sprintf("r%d.", i)),
			Breaks:    chance(r, 10),
			Over:      chance(r, 50),
			Phase:     r.IntN(3),
		})
	}
	switch r.IntN(3) {
	case 0:
		s.Profile = "conversational"
	case 1:
		s.Profile = "reflective"
		s.Longest = anything(r, 0, 6000)
	}
	if chance(r, 10) {
		s.Model.Fails = r.IntN(4)
	}
	if chance(r, 10) {
		s.Voice.Fails = r.IntN(4)
	}
	at := anything(r, 0, 4000)
	for i := range 1 + r.IntN(6) {
		at = s.something(r, at, i)
	}
	if chance(r, 3) {
		s.Events = append(s.Events, Event{At: anything(r, 0, int(at.Milliseconds())), Input: conversation.Page{Event: &channel.End{}}})
	}
	s.Echo = chance(r, 2)
	s.HangUp = at + 3*time.Minute
	if chance(r, 3) {
		says := []string{"finished", "unfinished", "thinking", "asks", "fails"}
		s.Judge = &judge{says: says[r.IntN(len(says))], delay: anything(r, 50, 4000)}
	}
	return s
}

// something happens from a time on; it returns when the next thing may.
func (s *Script) something(r *rand.Rand, at time.Duration, i int) time.Duration {
	to := at + anything(r, 200, 4000)
	switch r.IntN(10) {
	case 0:
		s.Noises = append(s.Noises, Stretch{at, to})
	case 1:
		s.Mutes = append(s.Mutes, Stretch{at, to})
	case 2:
		s.Events = append(s.Events, Event{At: at, Input: conversation.Page{Event: &channel.Nudge{}}})
	case 3:
		away := Event{At: at, Input: conversation.Away{}}
		if chance(r, 2) {
			away.Silent = max(1, at-anything(r, 0, 4000))
		}
		s.Events = append(s.Events, away, Event{At: to, Input: conversation.Opened{}})
	case 4:
		drop := Stretch{at, at + anything(r, 500, 3000)}
		s.Drops = append(s.Drops, drop)
		s.Events = append(s.Events, Event{At: drop.From, Input: conversation.Behind{On: true}}, Event{At: drop.To, Input: conversation.Behind{}})
		fallthrough
	default:
		s.Speeches = append(s.Speeches, Speech{
			Stretch: Stretch{at, to},
			Words:   words(r, fmt.Sprintf("c%d.", i), 8),
			GoesOn:  len(s.Speeches) > 0 && chance(r, 3),
			Quiet:   chance(r, 5),
		})
	}
	return to + anything(r, 300, 8000)
}

func sentences(r *rand.Rand, name string) []string {
	var all []string
	for i := range 1 + r.IntN(3) {
		all = append(all, strings.Join(words(r, fmt.Sprintf("%s%d.", name, i), 6), " "))
	}
	return all
}

func words(r *rand.Rand, name string, most int) []string {
	var all []string
	for i := range 1 + r.IntN(most) {
		all = append(all, fmt.Sprint(name, i))
	}
	return all
}

func anything(r *rand.Rand, least, most int) time.Duration {
	return time.Duration(least+r.IntN(max(most-least, 1))) * time.Millisecond
}

// chance is true once in n times.
func chance(r *rand.Rand, n int) bool { return r.IntN(n) == 0 }
