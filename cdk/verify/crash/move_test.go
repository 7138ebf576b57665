package crash

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/worker/host"
	"casey.internal/worker/host/hosttest"
)

// moveSteps are the points at which a worker can die while a session goes from
// one to another: the owner that goes away, or the successor.
var moveSteps = []string{"moving", "reserve", "answered as successor", "asked", "told", "carry", "succeed", "delete"}

// TestAWorkerDiesInAMove ends one of three workers after a step of a move: its
// candidate is heard again or told within 10 s, no offer is answered twice, no
// two are heard and no turn is lost.
func TestAWorkerDiesInAMove(t *testing.T) {
	stories := seeds
	if testing.Short() {
		stories = 80 // each lasts a minute of the bubble's clock
	}
	ends(t, stories, moveSteps, 2, (*world).tellMove)
}

// tellMove tells one story: a worker with a session goes away, two others may
// go on with it, and any of them may die.
func (w *world) tellMove(step func(*hosttest.Life, string)) {
	w.speak, w.drain = true, 25*time.Second
	moves := new(atomic.Bool)
	inMove := func(life *hosttest.Life, name string) {
		if moves.Load() {
			step(life, name)
		}
	}
	ctx, stop := context.WithCancel(w.Context())
	leaving, leave := context.WithCancel(ctx)
	w.start(leaving, "w1", 4, inMove)
	w.run(func() { w.sweep(ctx) })
	time.Sleep(time.Duration(w.random.Int64N(int64(6 * time.Second)))) // the bubble's clock
	listening, hangUp := context.WithCancel(ctx)
	l, done := w.talk(listening, "b")
	time.Sleep(4 * time.Second)
	w.start(ctx, "w2", 4, inMove)
	w.start(ctx, "w3", 4, inMove)
	time.Sleep(time.Second + time.Duration(w.random.Int64N(int64(6*time.Second))))
	moves.Store(true)
	leave()
	time.Sleep(time.Minute)
	hangUp()
	<-done
	wrong := l.verdict(w.Context())
	stop()
	w.tasks.Wait()
	for _, what := range wrong {
		w.Error(what)
	}
}

// stepping are the services of a worker that tells its steps of a move.
type stepping struct {
	host.Store
	step func(string)
}

func (s stepping) Moving(ctx context.Context, id sessionID, epoch int64) error {
	return after(s.Store.Moving(ctx, id, epoch), s.step, "moving")
}

func (s stepping) Carry(ctx context.Context, id sessionID, epoch int64, carry string) error {
	return after(s.Store.Carry(ctx, id, epoch, carry), s.step, "carry")
}

func (s stepping) Succeed(ctx context.Context, p store.Succession) (*store.Claimed, error) {
	claimed, err := s.Store.Succeed(ctx, p)
	return claimed, after(err, s.step, "succeed")
}

type steppingQueue struct {
	host.Queue
	step func(string)
}

func (s steppingQueue) SendInbox(ctx context.Context, url string, m queue.Inbox) error {
	name := ""
	switch {
	case m.Kind == queue.KindHandover && m.Reply != "":
		name = "asked"
	case m.Kind == queue.KindHandover:
		name = "told"
	}
	return after(s.Queue.SendInbox(ctx, url, m), s.step, name)
}

// after tells a step that was done.
func after(err error, step func(string), name string) error {
	if err == nil {
		step(name)
	}
	return err
}
