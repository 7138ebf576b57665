package chaos

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/retry"
	"casey.internal/shared/store/memory"
)

// TestWhoIsStoppedIsNotLost: of the fault that is under way when somebody presses Ctrl-C, or
// the time is over, nothing is said but that it was stopped; what came of those before it is.
func TestWhoIsStoppedIsNotLost(t *testing.T) {
	for name, c := range map[string]struct {
		silent bool // the candidate is not heard again after the second fault
		after  time.Duration
		rows   string
	}{
		"while it strikes":       {false, 15 * time.Second, "first 1 0, second stopped"},
		"while people come back": {true, 40 * time.Second, "first 1 0, second stopped"},
		"while all say goodbye":  {false, 25 * time.Second, "first 1 0, second stopped"},
		"never":                  {true, time.Hour, "first 1 0, second 1 1"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), c.after)
				defer cancel()
				p := newPerson("", 1, false, retry.Plan{})
				takes := func(name string, silent bool) fault {
					return fault{name: name, strike: func(ctx context.Context, _ *crowd) error {
						rest(ctx, 10*time.Second)
						if p.heard = time.Now().Add(time.Second); silent {
							p.heard = time.Time{}
						}
						return nil
					}}
				}
				report := Report{}
				var err error
				crowd := &crowd{store: memory.New(memory.Options{}), persons: []*person{p}, stop: func() {}}
				report.outcomes, err = Config{}.complete().strikeAll(ctx, crowd, []fault{takes("first", false), takes("second", c.silent)})
				if !errors.Is(err, ctx.Err()) {
					t.Errorf("it ends with %v, and the context with %v", err, ctx.Err())
				}
				if got := table(t, report); got != c.rows {
					t.Errorf("%s, want %s", got, c.rows)
				}
				if losses := report.Losses(); len(losses) > 0 != (ctx.Err() == nil) {
					t.Errorf("losses: %q", losses)
				}
			})
		})
	}
}

// table is what a report prints, of each fault the name, the sessions and how many are lost.
func table(t *testing.T, r Report) string {
	var text strings.Builder
	if err := r.Print(&text); err != nil {
		t.Fatal(err)
	}
	var rows []string
	for line := range strings.Lines(text.String()) {
		columns := strings.Fields(line)
		rows = append(rows, strings.Join(columns[:min(3, len(columns))], " "))
	}
	return strings.Join(rows[1:], ", ")
}
