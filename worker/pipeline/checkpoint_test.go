package pipeline_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/worker/session"
)

// TestOneGoesOnWhereAnotherStopped hands an interview over in the middle of the
// greeting: the successor says the rest of it, and nothing twice.
func TestOneGoesOnWhereAnotherStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, reason := hold(t, model{said: "I see."}, "", func(p *page) {
			p.events <- session.Opened{}
			p.quiet(time.Second)
			p.events <- session.HandOver{}
			p.quiet(10 * time.Second)
		})
		if !errors.Is(reason, session.ErrHandedOver) || len(first.turns) != 1 || first.turns[1].Cut || first.turns[1].Ended.IsZero() {
			t.Fatalf("stopped because of %v, with %v", reason, first.turns)
		}
		began := time.Now()
		second, _ := goOn(t, model{said: "I see."}, interview.Session{ID: "s", Carry: first.kept}, []interview.Turn{first.turns[1]}, func(p *page) {
			p.events <- session.Opened{}
			p.quiet(15 * time.Second)
		})
		if len(second.rtp) == 0 || second.rtp[0].Sub(began) > 500*time.Millisecond {
			t.Error("nobody spoke for over 500 ms")
		}
		got := first.record()[0] + " " + second.turns[2].Text
		if got != hello {
			t.Errorf("on record is %q\nwant %q", got, hello)
		}
	})
}

func TestTheLastWordsForNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, reason := hold(t, model{said: "I see."}, "", func(p *page) {
			p.events <- session.Opened{}
			p.quiet(20 * time.Second)
			p.events <- session.Farewell{}
			p.quiet(10 * time.Second)
		})
		record := p.record()
		if !errors.Is(reason, session.ErrDrained) || !slices.Contains(record, "interviewer: I am sorry, I have to stop here, because the service is being updated. What we talked about is kept.") {
			t.Errorf("over because of %v, on record is %q", reason, record)
		}
	})
}

// TestWhatCannotBeReadIsNoReasonToFail: an interview from before a change of
// what is carried begins anew, with its history.
func TestWhatCannotBeReadIsNoReasonToFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := goOn(t, model{said: "I see."}, interview.Session{ID: "s", Carry: "{"}, []interview.Turn{{Number: 1, Role: interview.Candidate, Text: "hello"}}, func(p *page) {
			p.events <- session.Opened{}
			p.quiet(10 * time.Second)
		})
		if got := p.record(); got[0] != "interviewer: Welcome back. Let us go on where we stopped." {
			t.Errorf("on record is %q", got)
		}
	})
}
