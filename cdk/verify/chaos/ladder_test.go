package chaos

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/retry"
)

// TestAPersonClimbsThePagesLadder holds the tries of a person, and how long each
// waits, to the plan that the page itself reads.
func TestAPersonClimbsThePagesLadder(t *testing.T) {
	plan, err := retry.Load()
	if err != nil {
		t.Fatal(err)
	}
	for aim, want := range plan.Offers {
		t.Run(string(aim), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLadder(plan)
				if _, trying := l.step(); trying {
					t.Error("it tries before it begins")
				}
				l.begin(aim)
				for i, step := range want {
					began := time.Now()
					if got, left := l.next(); !left || got != step {
						t.Fatalf("try %d is %+v, %t, want %+v", i, got, left, step)
					}
					if got, trying := l.step(); !trying || got != step {
						t.Errorf("try %d is under way as %+v, %t", i, got, trying)
					}
					if <-l.alarm.C; time.Since(began) != step.Wait.Duration() {
						t.Errorf("try %d waits %v, want %v", i, time.Since(began), step.Wait.Duration())
					}
				}
				if got, left := l.next(); left {
					t.Errorf("it never gives up: %+v", got)
				}
			})
		})
	}
}

func TestTheClockOfATry(t *testing.T) {
	plan, err := retry.Load()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		l := newLadder(plan)
		l.begin(retry.Restart)
		step, _ := l.next()
		l.wait()
		select {
		case <-l.alarm.C:
			t.Error("the clock runs in the queue")
		case <-time.After(time.Hour):
		}
		began := time.Now()
		l.resume(step)
		if <-l.alarm.C; time.Since(began) != step.Wait.Duration() {
			t.Errorf("refused while it waited: it goes on after %v", time.Since(began))
		}
		began = time.Now()
		l.answer()
		if <-l.alarm.C; time.Since(began) != plan.Media.Duration() {
			t.Errorf("answered: it goes on after %v", time.Since(began))
		}
	})
}

func TestASocketIsOpenedAgainAsThePageDoes(t *testing.T) {
	plan, err := retry.Load()
	if err != nil {
		t.Fatal(err)
	}
	l := newLadder(plan)
	var waits []time.Duration
	for failures := 1; failures <= 30; failures++ {
		waits = append(waits, l.reopenAfter(failures))
	}
	if waits[0] != plan.Reopen.First.Duration() || waits[1] != 2*waits[0] || waits[29] != plan.Reopen.Longest.Duration() || !slices.IsSorted(waits) {
		t.Errorf("%v", waits)
	}
}

func TestAFaultThatThereIsNotIsRefused(t *testing.T) {
	for _, only := range []string{"bogus", "", "kill -9 of a worker, really"} {
		err := Config{Only: []string{"SQS", only}}.Check()
		if unknown, ok := errors.AsType[UnknownError](err); !ok || unknown.Name != only || !strings.Contains(err.Error(), "DynamoDB away") {
			t.Errorf("%q: %v", only, err)
		}
	}
	for _, only := range append(Names(), "SQS", "late queue") {
		if err := (Config{Only: []string{only}}).Check(); err != nil {
			t.Error(err)
		}
	}
}
