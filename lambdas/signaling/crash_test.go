package signaling_test

import (
	"flag"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	queuememory "casey.internal/shared/queue/memory"
	storememory "casey.internal/shared/store/memory"
	"casey.internal/shared/wire"
)

var seeds = flag.Int("seeds", 200, "how many seeds the crash tests run")

// answerLimit is within what a client is answered, whoever crashes once.
const answerLimit = 10 * time.Second

// The steps after which a worker and a Lambda may die.
var (
	workerSteps = []string{"receive", "claimed", "answered", "posted", "deleted"}
	lambdaSteps = []string{"connected", "kept an ICE candidate", "opened", "offered", "dispatched", "marked", "posted"}
)

// tally counts who died where, over all seeds.
type tally struct {
	mu    sync.Mutex
	steps map[string]int
}

func (y *tally) count(step string) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.steps == nil {
		y.steps = map[string]int{}
	}
	y.steps[step]++
}

// covers checks that somebody died after every step.
func (y *tally) covers(t *testing.T, steps []string) {
	t.Logf("died after %v", y.steps)
	for _, step := range steps {
		if y.steps[step] == 0 && *seeds >= 200 {
			t.Errorf("nobody died after %q", step)
		}
	}
}

// TestCrashes lets Lambdas die after any write and a worker after any step,
// over stores and queues that are as faulty as AWS.
func TestCrashes(t *testing.T) {
	var died tally
	t.Cleanup(func() { died.covers(t, append(lambdaSteps, workerSteps...)) })
	for seed := range uint64(*seeds) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { crashes(t, seed, &died) })
		})
	}
}

func crashes(t *testing.T, seed uint64, died *tally) {
	const clients = 4
	w := newWorld(t, seed, storememory.AsAWS(seed), queuememory.AsAWS(seed))
	left := 2 * clients // Lambdas that still die
	w.dies = func(step string) bool {
		if left == 0 || w.random.IntN(6) > 0 {
			return false
		}
		left--
		died.count(step)
		return true
	}
	w.work.Go(func() {
		for w.t.Context().Err() == nil {
			time.Sleep(3 * time.Second)
			w.sweep()
		}
	})
	w.work.Go(func() { w.supervise(workerSteps[seed%uint64(len(workerSteps))], died) })
	w.boot(clients, func(string) bool { return false })

	results := make(chan error, clients)
	for range clients {
		w.work.Go(func() { results <- w.caseysClient().converse() })
	}
	for range clients {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

// supervise keeps a worker running; the first dies after the step.
func (w *world) supervise(step string, tally *tally) {
	died := false
	for w.t.Context().Err() == nil {
		k := w.boot(4, func(at string) bool {
			w.mu.Lock()
			defer w.mu.Unlock()
			if at != step || died {
				return false
			}
			died = true
			tally.count(step)
			return true
		})
		<-k.dead
		select {
		case <-time.After(200 * time.Millisecond):
		case <-w.t.Context().Done():
		}
	}
}

// client is one that repeats what the gateway says was lost, as casey's own
// does.
type client struct {
	*browser
	offer   string
	answers map[string]bool
	errors  int
}

func (w *world) caseysClient() *client {
	name := w.name("peer-")
	time.Sleep(w.some(500 * time.Millisecond))
	return &client{browser: w.connect(), offer: encode(offerOf(name, sdp+name)), answers: map[string]bool{}}
}

// converse offers, and listens until well after the answer is due.
func (c *client) converse() error {
	began := time.Now()
	c.sendLater(c.offer)
	for n := range 3 {
		c.sendLater(encode(wire.ICE{Candidate: &wire.ICECandidate{Candidate: fmt.Sprintf("candidate:%d", n)}}))
	}
	var settled time.Duration
	for time.Since(began) < 2*answerLimit {
		before := len(c.answers) + c.errors
		c.hear(c.next(time.Second))
		if before == 0 && len(c.answers)+c.errors > 0 {
			settled = time.Since(began)
		}
	}
	switch {
	case settled == 0 || settled > answerLimit:
		return fmt.Errorf("%s: settled after %v; session %+v", c.id, settled, c.session())
	case len(c.answers) > 1:
		return fmt.Errorf("%s: %d different answers", c.id, len(c.answers))
	}
	return nil
}

// sendLater sends without waiting for what comes of it.
func (c *client) sendLater(message string) {
	c.work.Go(func() { c.send(message) })
}

func (c *client) hear(message wire.Message) {
	switch m := message.(type) {
	case *wire.GatewayError:
		if len(c.answers)+c.errors == 0 {
			c.sendLater(c.offer)
		}
	case *wire.Answer:
		c.answers[m.SDP.SDP] = true
	case *wire.Error:
		c.errors++
	}
}
