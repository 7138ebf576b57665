package conversationtest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/clock"
	"casey.internal/worker/conversation"
	"casey.internal/worker/transcript"
)

// How quickly the candidate is understood.
const (
	voiceOn  = 60 * time.Millisecond  // from the voice to being told of it
	voiceOff = 200 * time.Millisecond // from its end
	apart    = 120 * time.Millisecond // from the voice to being told that it is no echo
	again    = 500 * time.Millisecond // from the end of a drop to the results that it held back
)

// inputs is all that the candidate does, in order of time; began is time zero.
func (s *Script) inputs(began time.Time) []Event {
	events := slices.Clone(s.Events)
	for _, x := range s.Mutes {
		events = append(events, Event{At: x.From, Input: conversation.Page{Event: &channel.Muted{On: true}}}, Event{At: x.To, Input: conversation.Page{Event: &channel.Muted{}}})
	}
	for _, x := range s.Noises {
		events = append(events, voice(x, 0, began)...)
	}
	events = append(events, s.speech(began)...)
	slices.SortStableFunc(events, func(a, b Event) int { return cmp.Compare(a.At, b.At) })
	return events
}

func voice(x Stretch, fall float64, began time.Time) []Event {
	return []Event{
		{At: x.From + voiceOn, Input: conversation.Voice{On: true, At: began.Add(x.From)}},
		{At: x.To + voiceOff, Input: conversation.Voice{At: began.Add(x.To), Fall: fall}},
	}
}

// speech is the candidate's voice and what recognition makes of it.
func (s *Script) speech(began time.Time) []Event {
	var events []Event
	var words, finals []transcript.Word // of the stretch of recognition
	var last time.Duration              // results of a stretch come in order
	id := 0
	for i, x := range s.Speeches {
		if !x.Quiet {
			events = append(events, voice(x.Stretch, x.Fall, began)...)
		}
		if x.Apart {
			events = append(events, Event{At: x.From + apart, Input: conversation.Apart{}})
		}
		if !x.GoesOn {
			words, finals, id, last = nil, nil, i, 0
		}
		for _, w := range spread(x, x.Words, began) {
			words = append(slices.Clone(words), w)
			last = max(last, s.undropped(w.End.Sub(began)+s.Lag))
			events = append(events, Event{At: last, Input: hearing(id, words, false)})
		}
		final := x.Final
		if final == nil {
			final = x.Words
		}
		finals = append(finals, spread(x, final, began)...)
		if i+1 == len(s.Speeches) || !s.Speeches[i+1].GoesOn {
			last = max(last, s.undropped(x.To+s.Late))
			events = append(events, Event{At: last, Input: hearing(id, finals, true)})
		}
	}
	return events
}

// undropped returns the time at which a result comes that was due at a time.
func (s *Script) undropped(at time.Duration) time.Duration {
	for _, d := range s.Drops {
		if at >= d.From && at < d.To {
			return d.To + again
		}
	}
	return at
}

// spread lays words evenly over a speech; punctuation after one is a word of its
// own, as recognition has it.
func spread(x Speech, words []string, began time.Time) []transcript.Word {
	each := (x.To - x.From) / time.Duration(max(len(words), 1))
	var spoken []transcript.Word
	for i, text := range words {
		start := began.Add(x.From + time.Duration(i)*each)
		word := strings.TrimRight(text, ".,?!")
		spoken = append(spoken, transcript.Word{Text: word, Start: start, End: start.Add(each), Stable: true})
		if mark := text[len(word):]; mark != "" {
			spoken = append(spoken, transcript.Word{Text: mark, Start: start.Add(each), End: start.Add(each), Stable: true, Punctuation: true})
		}
	}
	return spoken
}

// hearing is a result; of a partial one the last word is not sure yet.
func hearing(id int, words []transcript.Word, final bool) conversation.Hearing {
	words = slices.Clone(words)
	if !final && len(words) > 0 {
		words[len(words)-1].Stable = false
	}
	return conversation.Hearing{ID: fmt.Sprint(id), Final: final, Words: words}
}

// play does what the candidate does, when they do it.
func (s *Script) play(ctx context.Context, to *conversation.Inbox) {
	began := time.Now()
	for _, e := range s.inputs(began) {
		if clock.Sleep(ctx, time.Until(began.Add(e.At))) != nil {
			return
		}
		if away, ok := e.Input.(conversation.Away); ok {
			away.Since = began.Add(cmp.Or(e.Silent, e.At))
			e.Input = away
		}
		to.Post(e.Input)
	}
}
