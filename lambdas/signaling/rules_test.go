package signaling_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

// bubble runs a test in a world where everything works.
func bubble(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		so, qo := kind()
		test(t, newWorld(t, 1, so, qo))
	})
}

func never(string) bool { return false }

func TestHelloThenOffer(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		w.boot(1, never)
		b := w.connect()
		b.send(`{"type":"hello","interview":"go"}`)
		hello := expect[wire.Session](b)
		if hello.Session == "" || len(hello.Resume) < 26 || len(hello.ICEServers) != 1 {
			t.Errorf("session: %+v", hello)
		}
		b.send(encode(offerOf("p1", sdp)))
		session, answer := begun(b)
		if session.Session != hello.Session {
			t.Errorf("offer opened %q, hello %q", session.Session, hello.Session)
		}
		if answer.Session != hello.Session || answer.Peer != "p1" {
			t.Errorf("answer: %+v", answer)
		}
		if s := b.session(); s.Interview != "go" || s.State != interview.Answered {
			t.Errorf("session: %+v", s)
		}
		b.silent()
	})
}

func TestTheLegacyClient(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		w.boot(1, never)
		b := w.connect()
		b.send(`{"type":"ice","candidate":{"candidate":"candidate:1 1 udp 1 192.0.2.1 9 typ host","sdpMid":"0","sdpMLineIndex":0}}`)
		b.send(encode(offerOf("", sdp)))
		if _, answer := begun(b); string(answer.Peer) != string(b.id) {
			t.Errorf("the peer of %q is called %q", b.id, answer.Peer)
		}
		b.send(`{"type":"ice","candidate":null}`)
		b.silent()
	})
}

func TestAPeerWithoutANameIsCalledAsItsConnection(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		b := w.connect()
		long := &browser{world: w, id: interview.ConnectionID(strings.Repeat("x", 100))}
		w.must(w.store.Connect(t.Context(), store.Connection{ID: long.id, Session: "long", At: time.Now()}))
		long.socket = w.posts.Open(long.id)
		for _, b := range []*browser{b, long} {
			b.send(encode(offerOf("", sdp)))
			name := b.session().Offer.Peer
			if name == "" || len(name) > wire.MaxPeerName {
				t.Errorf("%q is called %q", b.id, name)
			}
			b.send(`{"type":"ice","candidate":null}`)
			claimed, err := w.store.Claim(t.Context(), store.Claim{Session: b.session().ID, Peer: name, OfferAt: b.session().Offer.At, Worker: "w", At: time.Now()})
			if err != nil || len(claimed.ICECandidates) != 1 {
				t.Errorf("%q: its ICE candidates went elsewhere: %+v, %v", b.id, claimed, err)
			}
		}
	})
}

func TestWaitingAndItsPlace(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		w.boot(1, never)
		first, second, third := w.connect(), w.connect(), w.connect()
		first.send(encode(offerOf("p", sdp)))
		begun(first)
		time.Sleep(interview.LeaseBeat + time.Second) // its heartbeat says that it is full
		second.send(encode(offerOf("p", sdp)))
		expect[wire.Session](second)
		if ahead := expect[wire.WaitingTurn](second).Ahead; ahead != 0 {
			t.Errorf("%d ahead of the second", ahead)
		}
		time.Sleep(time.Second)
		third.send(encode(offerOf("p", sdp)))
		expect[wire.Session](third)
		if ahead := expect[wire.WaitingTurn](third).Ahead; ahead != 1 {
			t.Errorf("%d ahead of the third", ahead)
		}
		third.send(`{"type":"ping"}`)
		expect[wire.WaitingTurn](third)
		first.send(`{"type":"ping"}`)
		expect[wire.Pong](first)

		w.boot(2, never)
		expect[wire.Answer](second)
		expect[wire.Answer](third)
		third.send(`{"type":"ping"}`)
		expect[wire.Pong](third)
	})
}

func TestAWaitEndsAtItsLimit(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		pinging, silent := w.connect(), w.connect()
		for _, b := range []*browser{pinging, silent} {
			b.send(encode(offerOf("p", sdp)))
			expect[wire.Session](b)
			expect[wire.WaitingTurn](b)
		}
		time.Sleep(4*time.Minute + time.Second)
		pinging.send(`{"type":"ping"}`)
		if e := expect[wire.Error](pinging); e.Code != "full" {
			t.Errorf("%+v", e)
		}
		w.sweep()
		if e := expect[wire.Error](silent); e.Code != "full" {
			t.Errorf("%+v", e)
		}
		w.hasFailed(2)
		if pinging.state() != interview.Ended || silent.state() != interview.Ended {
			t.Error("they have not ended")
		}
		pinging.silent()
	})
}

func TestTheSameOfferAgainIsAnsweredTheSame(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		b := w.connect()
		offer := encode(offerOf("p", sdp))
		b.send(offer)
		b.send(offer)
		if n := w.queue.Len(); n != 1 {
			t.Errorf("%d dispatch messages", n)
		}
		w.boot(1, never)
		hear := func() (answers []string) {
			for m := b.next(time.Second); m != nil; m = b.next(time.Second) {
				if a, ok := m.(*wire.Answer); ok {
					answers = append(answers, a.SDP.SDP)
				}
			}
			return answers
		}
		first := hear()
		b.send(offer)
		again := hear()
		if len(first) == 0 || len(again) == 0 || len(slices.Compact(append(first, again...))) != 1 {
			t.Errorf("answered %q, then %q", first, again)
		}
	})
}

func TestAnotherOfferReplacesOneThatWaits(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		b := w.connect()
		b.send(encode(offerOf("p", sdp+"a=first\r\n")))
		time.Sleep(time.Second)
		b.send(encode(offerOf("p", sdp+"a=second\r\n")))
		if s := b.session(); !strings.Contains(s.Offer.SDP, "second") || time.Since(s.WaitingFrom) < time.Second {
			t.Errorf("session: %+v", s)
		}
		w.boot(1, never)
		n := 0
		for m := b.next(8 * time.Second); m != nil; m = b.next(8 * time.Second) {
			if _, ok := m.(*wire.Answer); ok {
				n++
			}
		}
		if n != 1 || w.queue.Len() != 0 {
			t.Errorf("%d answers, %d dispatch messages left", n, w.queue.Len())
		}
	})
}

// owned returns a browser whose session runs on a worker that is only a
// record and an inbox.
func (w *world) owned() (b *browser, inbox string) { return w.ownedAs("p1") }

// ownedAs is owned by a client that names its peer so; the legacy one does
// not.
func (w *world) ownedAs(name string) (b *browser, inbox string) {
	w.t.Helper()
	b = w.connect()
	b.send(encode(offerOf(name, sdp)))
	s := b.session()
	inbox, err := w.queue.CreateInbox(w.t.Context(), "of the owner")
	w.must(err)
	w.must(w.store.Beat(w.t.Context(), interview.Worker{ID: "owner", Inbox: inbox, Slots: 1, Active: 1, Beat: time.Now()}))
	claimed, err := w.store.Claim(w.t.Context(), store.Claim{Session: s.ID, Peer: s.Offer.Peer, OfferAt: s.Offer.At, Worker: "owner", Inbox: inbox, At: time.Now()})
	w.must(err)
	w.must(w.store.Answered(w.t.Context(), s.ID, claimed.Session.Epoch, time.Now()))
	w.must(w.store.Connected(w.t.Context(), s.ID, claimed.Session.Epoch, time.Now()))
	for m := b.next(time.Millisecond); m != nil; m = b.next(time.Millisecond) {
	}
	w.must(w.drain())
	return b, inbox
}

// drain deletes the dispatch messages.
func (w *world) drain() error {
	for {
		deliveries, err := w.queue.ReceiveDispatch(w.t.Context(), 10, 0)
		if err != nil || len(deliveries) == 0 {
			return err
		}
		for _, d := range deliveries {
			if err := w.queue.Delete(w.t.Context(), d.Receipt); err != nil {
				return err
			}
		}
	}
}

// arrived returns the one message in the inbox.
func (w *world) arrived(inbox string) queue.Inbox {
	w.t.Helper()
	got, err := w.queue.ReceiveInbox(w.t.Context(), inbox, 0)
	w.must(err)
	if len(got) != 1 {
		w.t.Fatalf("%d messages in the inbox: %+v", len(got), got)
	}
	w.must(w.queue.DeleteInboxMessages(w.t.Context(), inbox, got[0].Receipt))
	return got[0].Inbox
}

func TestWhatARunningSessionSendsGoesToItsOwner(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		b, inbox := w.owned()
		fresh := offerOf("p2", sdp+"a=2\r\n")
		for want, kept := range map[interview.Want]interview.Want{"": "fresh", "fresh": "fresh", "restart": "restart"} {
			fresh.Want = want
			b.send(encode(fresh))
			if m := w.arrived(inbox); m.Kind != queue.KindOffer || m.Peer != "p2" || m.Offer.Want != kept || m.Connection != b.id {
				t.Errorf("want %q: %+v", want, m)
			}
		}
		b.send(encode(wire.ICE{Peer: "p1", Candidate: &wire.ICECandidate{Candidate: "candidate:1"}}))
		if m := w.arrived(inbox); m.Kind != queue.KindICE || m.Peer != "p1" || m.ICECandidate.Candidate != "candidate:1" {
			t.Errorf("ice: %+v", m)
		}
		b.send(`{"type":"leave"}`)
		if m := w.arrived(inbox); m.Kind != queue.KindLeave {
			t.Errorf("leave: %+v", m)
		}
		b.send(`{"type":"end"}`)
		if m := w.arrived(inbox); m.Kind != queue.KindEnd {
			t.Errorf("end: %+v", m)
		}
		if w.queue.Len() != 0 {
			t.Error("something was dispatched")
		}
	})
}

func TestElsewhereIsDispatchedWhileTheOwnerLives(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		b, inbox := w.owned()
		elsewhere := offerOf("p2", sdp+"a=2\r\n")
		elsewhere.Want = interview.WantElsewhere
		b.send(encode(elsewhere))
		if s := b.session(); s.State != interview.Waiting || s.Offer.Peer != "p2" || s.Owner != "owner" {
			t.Errorf("session: %+v", s)
		}
		w.boot(1, never)
		if a := expectAfterWaiting(b); a.Peer != "p2" {
			t.Errorf("answer: %+v", a)
		}
		if s := b.session(); s.Epoch != 2 || s.Owner == "owner" {
			t.Errorf("session: %+v", s)
		}
		b.send(encode(elsewhere))
		if a := expectAfterWaiting(b); a.Peer != "p2" {
			t.Errorf("the same again: %+v", a)
		}
		got, err := w.queue.ReceiveInbox(t.Context(), inbox, 0)
		if err != nil || len(got) != 0 {
			t.Errorf("the old owner was told %+v, %v", got, err)
		}
	})
}

func expectAfterWaiting(b *browser) wire.Answer {
	b.t.Helper()
	for {
		switch m := b.next(time.Second).(type) {
		case *wire.WaitingTurn:
		case *wire.Answer:
			return *m
		default:
			b.t.Fatalf("got %T %+v, want an answer", m, m)
		}
	}
}

func TestWhenTheOwnerIsGone(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		b, inbox := w.owned()
		w.must(w.queue.DeleteInbox(t.Context(), inbox))
		restart := offerOf("p1", sdp+"a=restart\r\n")
		restart.Want = interview.WantRestart
		b.send(encode(restart))
		if r := expect[wire.Rejected](b); r.Code != "lost" || r.Of != "offer" {
			t.Errorf("restart: %+v", r)
		}
		b.send(encode(wire.ICE{Peer: "p1"}))
		b.silent()
		fresh := offerOf("p2", sdp+"a=2\r\n")
		fresh.Want = interview.WantFresh
		b.send(encode(fresh))
		expect[wire.WaitingTurn](b)
		if s := b.session(); s.State != interview.Waiting || s.Offer.Peer != "p2" {
			t.Errorf("session: %+v", s)
		}
	})
}
