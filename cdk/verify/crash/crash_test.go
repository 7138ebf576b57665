package crash

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/worker/host/hosttest"
)

// seeds is the number of stories of each kind of death.
const seeds = 200

// steps are the points at which a worker can die.
var steps = []string{"receive", "claim", "answer", "answered", "post", "delete"}

// TestAWorkerDies ends one of two workers after a step, while browsers come in:
// each is answered or told an error within 10 s, and none twice.
func TestAWorkerDies(t *testing.T) {
	ends(t, seeds, steps, 3, (*world).play)
}

// ends tells n stories, in each of which the worker dies that is among the
// first to take a step.
func ends(t *testing.T, n int, steps []string, first int, tell func(*world, func(*hosttest.Life, string))) {
	for seed := range uint64(n) {
		step := steps[seed%uint64(len(steps))]
		t.Run(fmt.Sprintf("%s/%d", step, seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, seed)
				victim, seen := 1+w.random.IntN(first), make(chan struct{}, 1000)
				tell(w, func(life *hosttest.Life, name string) {
					if name == step {
						if seen <- struct{}{}; len(seen) == victim {
							life.End()
						}
					}
				})
			})
		})
	}
}

// TestALambdaDies ends the invocation of a Lambda after one of its writes.
func TestALambdaDies(t *testing.T) {
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, seed)
				victim, seen := 1+w.random.IntN(18), make(chan struct{}, 1000)
				w.lambda = func(step string) {
					if seen <- struct{}{}; len(seen) == victim {
						panic("a Lambda dies after it " + step)
					}
				}
				w.play(func(*hosttest.Life, string) {})
			})
		})
	}
}

// play plays one story: two workers, the first of which may die, and three
// browsers, and what each of them is told.
func (w *world) play(step func(*hosttest.Life, string)) {
	ctx, stop := context.WithCancel(w.Context())
	w.start(ctx, "w1", 1+w.random.IntN(4), step)
	w.start(ctx, "w2", 4, func(*hosttest.Life, string) {})
	w.run(func() { w.sweep(ctx) })
	time.Sleep(time.Duration(w.random.Int64N(int64(6 * time.Second)))) // the bubble's clock
	var browsers []*browser
	for i := range 3 {
		browsers = append(browsers, w.join(ctx, fmt.Sprintf("b%d", i)))
		time.Sleep(time.Duration(w.random.Int64N(int64(400 * time.Millisecond))))
	}
	time.Sleep(20 * time.Second)
	stop()
	w.tasks.Wait()
	for _, b := range browsers {
		if wrong := b.verdict(); wrong != "" {
			w.Errorf("%s %s", b.id, wrong)
		}
	}
}
