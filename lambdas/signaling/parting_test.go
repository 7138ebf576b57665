package signaling_test

import (
	"testing"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/wire"
)

func TestPartingFromAnOwnerThatIsGone(t *testing.T) {
	for message, want := range map[string]struct {
		state     interview.State
		resumable bool
	}{
		"leave": {interview.Paused, true},
		"end":   {interview.Ended, false},
	} {
		bubble(t, func(t *testing.T, w *world) {
			b, _ := w.owned()
			time.Sleep(interview.LeaseLost)
			b.send(`{"type":"` + message + `"}`)
			if bye := expect[wire.Bye](b); bye.Resumable != want.resumable || bye.Reason == "" {
				t.Errorf("%s: %+v", message, bye)
			}
			if got := b.state(); got != want.state {
				t.Errorf("%s: %q", message, got)
			}
			b.send(`{"type":"` + message + `"}`)
			expect[wire.Bye](b)
		})
	}
}

func TestPartingWhileWaiting(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		b := w.connect()
		b.send(`{"type":"leave"}`)
		expect[wire.Bye](b)
		b.send(encode(offerOf("p", sdp)))
		expect[wire.Session](b)
		expect[wire.WaitingTurn](b)
		b.send(`{"type":"end"}`)
		if bye := expect[wire.Bye](b); bye.Resumable {
			t.Errorf("%+v", bye)
		}
		w.boot(1, never)
		b.silent()
		if w.queue.Len() != 0 {
			t.Error("the dispatch message is still there")
		}
		b.send(encode(offerOf("p2", sdp+"a=2\r\n")))
		if e := expect[wire.Error](b); e.Code != "ended" {
			t.Errorf("%+v", e)
		}
	})
}

func TestResumeByASecondConnection(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		first, inbox := w.owned()
		first.send(`{"type":"hello"}`)
		session := expect[wire.Session](first)
		time.Sleep(time.Second)
		second := w.connect()
		offer := offerOf("p9", sdp+"a=9\r\n")
		offer.Session, offer.Resume, offer.Want = session.Session, session.Resume, interview.WantFresh
		second.send(encode(offer))
		if got := expect[wire.Session](second); got.Session != session.Session || got.Resume != session.Resume {
			t.Errorf("resumed: %+v", got)
		}
		if m := w.arrived(inbox); m.Kind != queue.KindOffer || m.Connection != second.id {
			t.Errorf("the owner was told %+v", m)
		}
		first.send(`{"type":"end"}`)
		if r := expect[wire.Rejected](first); r.Code != "forbidden" {
			t.Errorf("the first connection ends it: %+v", r)
		}
		first.leaves()
		if s := second.session(); s.State != interview.Answered || s.Connection != second.id {
			t.Errorf("session: %+v", s)
		}
	})
}

func TestResumeOfASessionThatNeverStarted(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		first := w.connect()
		first.send(`{"type":"hello"}`)
		session := expect[wire.Session](first)
		first.leaves()
		w.boot(1, never)
		second := w.connect()
		offer := offerOf("p", sdp)
		offer.Session, offer.Resume = session.Session, session.Resume
		second.send(encode(offer))
		if _, a := begun(second); a.Session != session.Session {
			t.Errorf("answer: %+v", a)
		}
	})
}

func TestDisconnect(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		waiting := w.connect()
		waiting.send(encode(offerOf("p", sdp)))
		waiting.leaves()
		waiting.leaves()
		if got := waiting.state(); got != interview.Ended {
			t.Errorf("a session that waited is %q", got)
		}
		idle := w.connect()
		idle.leaves()
		running, _ := w.owned()
		running.leaves()
		if got := running.state(); got != interview.Answered {
			t.Errorf("a session that runs is %q", got)
		}
		again, _ := w.owned()
		elsewhere := offerOf("p2", sdp+"a=2\r\n")
		elsewhere.Want = interview.WantElsewhere
		again.send(encode(elsewhere))
		again.leaves()
		if got := again.state(); got != interview.Paused {
			t.Errorf("an interview that waited for another worker is %q", got)
		}
		again.send(encode(offerOf("p3", sdp)))
		if got := again.state(); got != interview.Paused {
			t.Errorf("a message after the end made it %q", got)
		}
	})
}

func TestAConnectionThatTheTableLost(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		w.boot(1, never)
		b := &browser{world: w, id: "lost=", socket: w.posts.Open("lost=")}
		b.send(encode(offerOf("p", sdp)))
		begun(b)
	})
}
