package host_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/worker/host"
	"casey.internal/worker/session/sessiontest"
)

var errTimeout = errors.New("i/o timeout")

// flaky is a store that loses the replies to Answered, and on request what was
// asked of it too, and that can be away altogether.
type flaky struct {
	host.Store
	lose    atomic.Int64 // replies to lose
	ignored atomic.Bool  // a lost reply's request has no effect
	away    atomic.Bool
}

func (f *flaky) Answered(ctx context.Context, id interview.SessionID, epoch int64, at time.Time) error {
	if f.lose.Add(-1) < 0 {
		return f.Store.Answered(ctx, id, epoch, at)
	}
	if !f.ignored.Load() {
		if err := f.Store.Answered(ctx, id, epoch, at); err != nil {
			return err
		}
		f.away.Store(f.lose.Load() > 0)
	}
	return errTimeout
}

func (f *flaky) Session(ctx context.Context, id interview.SessionID) (*interview.Session, error) {
	if f.away.Load() {
		return nil, errTimeout
	}
	return f.Store.Session(ctx, id)
}

// with gives a worker a flaky store.
func with(f *flaky) func(*host.Config, *host.Services) {
	return func(_ *host.Config, s *host.Services) { f.Store, s.Store = s.Store, f }
}

func TestAMarkWhoseReplyIsLostIsFoundOut(t *testing.T) {
	play(t, func(w *world) {
		f := &flaky{}
		f.lose.Store(1)
		w.start("w1", 1, with(f))
		b := w.browse("a").dispatch(sessiontest.Offer("f", 1))
		w.wait(time.Second)
		b.expect("answer")
		b.connect()
	})
}

func TestAMarkThatIsNeverMadeGivesTheSessionBack(t *testing.T) {
	play(t, func(w *world) {
		f := &flaky{}
		f.lose.Store(1000)
		f.ignored.Store(true)
		sick := w.start("w1", 1, with(f))
		b := w.browse("a").dispatch(sessiontest.Offer("f", 1))
		w.wait(3 * time.Second)
		b.expect("")
		w.start("w2", 1)
		w.wait(8 * time.Second)
		b.expect("answer")
		b.connect()
		if !sick.peers.Peers()[0].Closed() {
			t.Error("the first worker's peer is open")
		}
	})
}

func TestAMarkInDoubtEndsWithAWordWhenTheStoreIsBack(t *testing.T) {
	play(t, func(w *world) {
		f := &flaky{}
		f.lose.Store(2)
		w.start("w1", 1, with(f))
		b := w.browse("a").dispatch(sessiontest.Offer("f", 1))
		w.wait(7 * time.Second)
		b.expect("")
		f.away.Store(false)
		w.wait(5 * time.Second)
		b.expect("error lost")
		if s := b.record(); s.State != interview.Ended {
			t.Errorf("state is %q", s.State)
		}
	})
}
