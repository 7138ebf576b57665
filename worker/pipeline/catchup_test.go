package pipeline_test

import (
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/session"
)

// TestATurnIsNotOverWhileRecognitionCatchesUp: a stream breaks in a long sentence, and the
// candidate stops while the next one hears it again, or before there is one.
func TestATurnIsNotOverWhileRecognitionCatchesUp(t *testing.T) {
	const begins = "when I came to the company we had one large customer and they wanted to leave us because nobody had told them for weeks " +
		"why the machines that they had bought from us stood still on every second day of the week"
	const goesOn, ends = "so I flew there", "and stayed for a week"
	const whole = begins + " " + goesOn + " " + ends
	full := servicefailure.New("twin", servicefailure.Throttled, "too many streams")
	for name, c := range map[string]struct {
		refused int           // streams after the one that breaks
		pause   time.Duration // in what is said then
		taken   string        // for the answer
		within  time.Duration // it is answered
	}{
		"at once":                    {0, 0, whole, 5 * time.Second},
		"at once, and a pause":       {0, 700 * time.Millisecond, whole, 6 * time.Second},
		"after seconds":              {4, 0, whole, 10 * time.Second},
		"after seconds, and a pause": {4, 700 * time.Millisecond, whole, 10 * time.Second},
		"never again":                {100, 0, begins, 12 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, _ := hold(t, model{said: "I see. What did you build?"}, "", func(p *page) {
					p.events <- session.Opened{Label: channel.Label, Protocol: channel.Protocol}
					p.quiet(11 * time.Second)
					p.speak(begins)
					for range c.refused {
						p.ears.Refuse(full)
					}
					p.ears.Streams()[0].Fail(servicefailure.New("twin", servicefailure.Broken, "connection reset"))
					p.speak(goesOn)
					p.quiet(c.pause)
					p.speak(ends)
					p.quiet(20 * time.Second)
					p.events <- session.Page{Event: &channel.End{}}
					p.quiet(10 * time.Second)
				})
				if got := p.taken(2); got != c.taken {
					t.Errorf("the turn was taken to be over at %q", got)
				}
				if wait := p.turns[3].Began.Sub(p.turns[2].Ended); wait < 0 || wait > c.within {
					t.Errorf("it was answered after %v", wait)
				}
			})
		})
	}
}

// taken is what a turn of the candidate was when it was taken to be over.
func (p *page) taken(turn int) string {
	for _, e := range p.shown {
		if e, ok := e.(channel.Caption); ok && e.Turn == turn && e.Role == interview.Candidate && e.Final {
			return e.Text
		}
	}
	return ""
}
