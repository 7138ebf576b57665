package conversation_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
	"casey.internal/worker/conversation/conversationtest"
)

// TestRandom plays thousands of random conversations and holds each against
// what must be true of any.
func TestRandom(t *testing.T) {
	const scripts = 5000
	for seed := range uint64(scripts) {
		script := conversationtest.Random(rand.New(rand.NewPCG(seed, 0)))
		var broken []string
		var got *conversationtest.Played
		synctest.Test(t, func(t *testing.T) {
			got = conversationtest.Play(t.Context(), script, slog.New(slog.DiscardHandler))
			broken = violations(script, got)
		})
		if len(broken) > 0 {
			t.Fatalf("seed %d: %s\n%+v\n%s", seed, strings.Join(broken, "\n"), script, strings.Join(got.Trace, "\n"))
		}
	}
}

// within reports whether all words are among those that were said, in their order.
func within(words, said []string) bool {
	for _, w := range words {
		i := slices.Index(said, w)
		if i < 0 {
			return false
		}
		said = said[i+1:]
	}
	return true
}

func violations(s *conversationtest.Script, got *conversationtest.Played) (broken []string) {
	check := func(ok bool, format string, args ...any) {
		if !ok {
			broken = append(broken, fmt.Sprintf(format, args...))
		}
	}
	check(!got.Doubled, "the interviewer spoke with two voices")
	check(got.State == conversation.Listening || got.State == conversation.Ended, "left %v", got.State)

	var said []string
	for _, w := range got.Said {
		said = append(said, w.Word)
	}
	heard := textOf(got, interview.Interviewer)
	if slices.ContainsFunc(s.Events, func(e conversationtest.Event) bool { return e.Silent != 0 }) {
		check(within(heard, said), "on record is what the interviewer never said: %q", said) // some of it did not arrive
	} else {
		check(slices.Equal(heard, said), "on record is not what the interviewer said: %q", said)
	}

	var spoken []string
	for _, x := range s.Speeches {
		spoken = append(spoken, x.Words...)
	}
	recorded := textOf(got, interview.Candidate)
	if got.State == conversation.Ended {
		spoken = spoken[:min(len(recorded), len(spoken))] // what came after the end is not on record
	}
	check(slices.Equal(recorded, spoken), "on record is not what the candidate said: %q", spoken)

	for _, turn := range got.Turns {
		check(!turn.Ended.IsZero(), "turn %d never ended", turn.Number)
		check(!turn.Ended.Before(turn.Began), "turn %d ended before it began", turn.Number)
	}
	for _, m := range got.Metrics {
		check(ordered(m), "times out of order: %+v", m.Times)
	}
	if overlap := talkedOver(s, got); overlap != "" {
		check(false, "the interviewer went on while the candidate spoke: %s", overlap)
	}
	return broken
}

// textOf is every word on record of one party.
func textOf(got *conversationtest.Played, role interview.Role) (words []string) {
	for _, turn := range got.Turns {
		if turn.Role == role {
			words = append(words, strings.Fields(turn.Text)...)
		}
	}
	return words
}

func ordered(m conversation.Metrics) bool {
	t := m.Times
	decision := []time.Time{t.EndOfSpeech, t.Allowed, t.Decided}
	work := []time.Time{t.Asked, t.FirstToken, t.Completed, t.Requested, t.FirstAudio, t.FirstPacket}
	if m.Drafted {
		return slices.IsSortedFunc(happened(append(decision, t.FirstPacket)), time.Time.Compare) && slices.IsSortedFunc(happened(work), time.Time.Compare)
	}
	return slices.IsSortedFunc(happened(append(decision, work...)), time.Time.Compare)
}

func happened(times []time.Time) []time.Time {
	return slices.DeleteFunc(times, time.Time.IsZero)
}

// talkedOver returns a word that the interviewer said well after the candidate
// had begun to speak, where nothing excuses it.
func talkedOver(s *conversationtest.Script, got *conversationtest.Played) string {
	if len(s.Drops) > 0 || len(s.Events) > 0 || len(s.Mutes) > 0 || s.Longest > 0 || got.State == conversation.Ended {
		return "" // it may not have been heard, or has been asked for
	}
	bargeIn := conversation.Defaults().BargeIn
	for _, x := range s.Speeches {
		if x.Quiet {
			continue // only its words can interrupt
		}
		patience := 1200 * time.Millisecond // of voice that must be verified, and a word that is ended
		if s.Echo && len(got.Said) > 0 && got.Began.Add(x.From).Before(got.Said[0].At.Add(bargeIn.Warm)) {
			patience += bargeIn.Cold - bargeIn.Pause
		}
		for _, w := range got.Said {
			at := w.At.Sub(got.Began)
			if at > x.From+patience && at < x.To {
				return fmt.Sprintf("%q at %v", w.Word, at)
			}
		}
	}
	return ""
}
