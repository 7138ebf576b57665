package host_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	postmemory "casey.internal/shared/post/memory"
	queuememory "casey.internal/shared/queue/memory"
	storememory "casey.internal/shared/store/memory"
	"casey.internal/worker/host"
	"casey.internal/worker/host/hosttest"
	"casey.internal/worker/session/sessiontest"
)

// steps are where a worker can die.
var steps = []string{"receive", "claim", "answer", "answered", "post", "delete"}

// TestAWorkerDiesAfterAnyStep kills one of two workers at a step, with stores
// as faulty as AWS, while clients come in: each is answered or told an error
// within 10 s, and no offer is answered twice.
func TestAWorkerDiesAfterAnyStep(t *testing.T) {
	for seed := range uint64(200) {
		step := steps[seed%uint64(len(steps))]
		t.Run(fmt.Sprintf("%s/%d", step, seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { crash(t, seed, step) })
		})
	}
}

func crash(t *testing.T, seed uint64, step string) {
	random := rand.New(rand.NewPCG(seed, 0))
	w := &world{
		T: t, store: storememory.New(storememory.AsAWS(seed)), queue: queuememory.New(queuememory.AsAWS(seed)),
		gateway: postmemory.New(), workers: map[string]*worker{},
	}
	slots := 1 + random.IntN(4)
	life := &hosttest.Life{}
	doomed := w.start("w1", slots, func(c *host.Config, s *host.Services) {
		*s = life.Bind(*s)
		victim := int64(1 + random.IntN(3))
		seen := make(chan struct{}, 100)
		c.Step = func(name string) {
			if name != step {
				return
			}
			if seen <- struct{}{}; int64(len(seen)) == victim {
				life.End()
			}
		}
	})
	w.start("w2", 4)
	var clients []*browser
	for i := range 3 {
		clients = append(clients, w.browse(fmt.Sprintf("s%d", i)).dispatch(sessiontest.Offer("f", 1)))
		w.wait(time.Duration(random.Int64N(int64(300 * time.Millisecond))))
	}
	for range 100 {
		w.wait(100 * time.Millisecond)
		for _, b := range clients {
			connectLive(w, life, b)
		}
	}
	for _, b := range clients {
		switch got := b.got(); got {
		case "answer", "error lost":
		case "answer, error lost":
			if doomed.peers.Find(b.answers()[0]) == nil {
				t.Errorf("%s: %s was given up though its worker lives", step, b.session)
			}
		default:
			t.Errorf("%s: after 10 s %s got %q", step, b.session, got)
		}
	}
	doomed.stop()
	for name := range w.workers {
		w.end(name)
	}
}

func TestAnOfferThatWorkersDieOfIsGivenUp(t *testing.T) {
	play(t, func(w *world) {
		b := w.browse("a").dispatch(sessiontest.Offer("f", 1))
		deaths := 0
		for b.got() == "" && deaths < 20 {
			life, name := &hosttest.Life{}, fmt.Sprintf("w%d", deaths)
			w.start(name, 1, func(c *host.Config, s *host.Services) {
				*s = life.Bind(*s)
				c.Step = func(step string) {
					if step == "claim" {
						life.End()
						deaths++
					}
				}
			})
			w.wait(7 * time.Second)
			w.end(name)
		}
		b.expect("error internal")
		if deaths < 3 || deaths > 6 {
			t.Errorf("%d workers died", deaths)
		}
	})
}

// connectLive connects a browser to the worker that answered, if that lives.
func connectLive(w *world, life *hosttest.Life, b *browser) {
	answers := b.answers()
	if len(answers) == 0 {
		return
	}
	for name, wk := range w.workers {
		if p := wk.peers.Find(answers[0]); p != nil && (name != "w1" || !life.Over()) {
			p.Connect("casey", "casey.v1")
		}
	}
}
