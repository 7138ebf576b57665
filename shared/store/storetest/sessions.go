package storetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/store"
)

func refused(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, store.ErrRefused) {
		t.Errorf("%s: %v, want it refused", what, err)
	}
}

func missing(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("%s: %v, want it not found", what, err)
	}
}

func opening(t *testing.T, d *desk) {
	s := d.open()
	if s.State != interview.Allotted || s.Epoch != 0 || s.Connection == "" {
		t.Errorf("opened: %+v", s)
	}
	o := store.Opening{Session: s.ID, Connection: s.Connection, ConnectedAt: d.now, User: "u", Interview: "go", SecretHash: hash("1"), At: d.now}
	again, err := d.Open(t.Context(), o)
	d.must(err)
	if again.User != "u" || again.Interview != "go" || !again.Created.Equal(s.Created) {
		t.Errorf("opened again: %+v", again)
	}
	o.Connection, o.SecretHash = "another", hash("x")
	_, err = d.Open(t.Context(), o)
	refused(t, "another connection opens it", err)

	o.Connection = s.Connection
	for i := range store.MaxSecrets - 2 {
		o.SecretHash = hash(string(rune('a' + i)))
		_, err := d.Open(t.Context(), o)
		d.must(err)
	}
	o.SecretHash = hash("one too many")
	_, err = d.Open(t.Context(), o)
	refused(t, "one secret too many", err)
}

func resuming(t *testing.T, d *desk) {
	s := d.open()
	o := store.Opening{Session: s.ID, Connection: "newer", ConnectedAt: d.now.Add(time.Second), SecretHash: hash("wrong"), At: d.now}
	_, err := d.Resume(t.Context(), o)
	refused(t, "a wrong secret", err)
	o.SecretHash = hash("first")
	after, err := d.Resume(t.Context(), o)
	d.must(err)
	if after.Connection != "newer" {
		t.Errorf("connection %q", after.Connection)
	}
	o.Connection, o.ConnectedAt = s.Connection, d.now
	_, err = d.Resume(t.Context(), o)
	refused(t, "an older connection", err)
	_, err = d.Open(t.Context(), o)
	refused(t, "the first connection opens it", err)
	o.Session = "nobody's"
	_, err = d.Resume(t.Context(), o)
	missing(t, "a session that is none", err)
}

func claiming(t *testing.T, d *desk) {
	s := d.offer(d.open(), "p1", "v=0", d.now)
	if s.State != interview.Waiting || !s.WaitingFrom.Equal(d.now) || s.Offer.SDP != "v=0" || !s.Dispatched.IsZero() {
		t.Errorf("offered: %+v", s)
	}
	d.must(d.Dispatched(t.Context(), s.ID, s.Offer.At, d.now.Add(1)))
	if got := d.read(s.ID); !got.Dispatched.Equal(d.now.Add(1)) {
		t.Errorf("dispatched %v", got.Dispatched)
	}
	other := *s
	other.Offer.At = d.now.Add(-time.Second)
	_, err := d.claim(&other, "w1", d.now)
	refused(t, "a claim of another offer", err)

	c := d.mustClaim(s, "w1", d.now.Add(2))
	if got := c.Session; got.State != interview.Claimed || got.Epoch != 1 || got.Owner != "w1" || got.Inbox != "inbox of w1" || got.Offer.SDP != "v=0" || !got.ClaimedAt.Equal(d.now.Add(2)) {
		t.Errorf("claimed: %+v", got)
	}
	if stored := d.read(s.ID); stored.Owner != "w1" || stored.Epoch != 1 || stored.State != interview.Claimed {
		t.Errorf("stored: %+v", stored)
	}
	_, err = d.claim(s, "w2", d.now.Add(time.Second))
	refused(t, "a second claim", err)
	refused(t, "a late dispatch mark", d.Dispatched(t.Context(), s.ID, s.Offer.At, d.now))
	_, err = d.claim(&interview.Session{ID: "none"}, "w1", d.now)
	missing(t, "a claim of nothing", err)
}

func staleClaim(t *testing.T, d *desk) {
	s := d.offer(d.open(), "p1", "v=0", d.now)
	first := d.mustClaim(s, "w1", d.now)
	_, err := d.claim(s, "w2", d.now.Add(interview.ClaimStale-1))
	refused(t, "a claim just before it is stale", err)
	second := d.mustClaim(s, "w2", d.now.Add(interview.ClaimStale))
	if second.Session.Epoch != 2 || second.Before != (store.Owner{Worker: "w1", Inbox: "inbox of w1", Epoch: 1}) {
		t.Errorf("taken over: %+v", second)
	}
	refused(t, "the first one's answer", d.Answered(t.Context(), s.ID, first.Session.Epoch, d.now))
	refused(t, "the first one's putting back", d.PutBack(t.Context(), s.ID, first.Session.Epoch))
	d.must(d.Answered(t.Context(), s.ID, second.Session.Epoch, d.now))
}

func replacing(t *testing.T, d *desk) {
	s := d.offer(d.open(), "p1", "v=0 a", d.now)
	second := d.offer(s, "p1", "v=0 b", d.now.Add(time.Second))
	if !second.WaitingFrom.Equal(d.now) || second.Offer.SDP != "v=0 b" {
		t.Errorf("replaced: %+v", second)
	}
	_, err := d.PutOffer(t.Context(), s, interview.Offer{Peer: "p1", SDP: "v=0 c", At: d.now.Add(2 * time.Second)})
	refused(t, "an offer put on an old view", err)
	_, err = d.claim(s, "w1", d.now)
	refused(t, "a claim of the replaced offer", err)

	claimed := d.mustClaim(second, "w1", d.now.Add(time.Second)).Session
	third := d.offer(claimed, "p1", "v=0 d", d.now.Add(2*time.Second))
	if third.State != interview.Waiting || third.Epoch != 1 {
		t.Errorf("replaced while claimed: %+v", third)
	}
	refused(t, "the answer to the replaced offer", d.Answered(t.Context(), s.ID, 1, d.now))
}

func elsewhere(t *testing.T, d *desk) {
	s := d.answered("w1")
	d.must(d.Connected(t.Context(), s.ID, s.Epoch, d.now.Add(1)))
	waiting := d.offer(d.read(s.ID), "p2", "v=0 elsewhere", d.now.Add(time.Second))
	_, err := d.End(t.Context(), s.ID, s.Epoch, "the old owner's peer closed", d.now)
	refused(t, "the old owner ends it", err)
	_, err = d.Pause(t.Context(), s.ID, s.Epoch, d.now)
	refused(t, "the old owner pauses it", err)
	c := d.mustClaim(waiting, "w2", d.now.Add(time.Second))
	if c.Session.Epoch != 2 || c.Before.Worker != "w1" {
		t.Errorf("claimed: %+v", c)
	}
	refused(t, "the old owner writes", d.Connected(t.Context(), s.ID, s.Epoch, d.now))
	d.must(d.Answered(t.Context(), s.ID, 2, d.now.Add(2*time.Second)))
	if d.read(s.ID).HasMedia() {
		t.Error("media flows with the new owner before it said so")
	}
}

func steps(t *testing.T, d *desk) {
	s := d.offer(d.open(), "p1", "v=0", d.now)
	refused(t, "answered before it is claimed", d.Answered(t.Context(), s.ID, 0, d.now))
	c := d.mustClaim(s, "w1", d.now).Session
	refused(t, "connected before it is answered", d.Connected(t.Context(), s.ID, c.Epoch, d.now))
	refused(t, "moving before it is answered", d.Moving(t.Context(), s.ID, c.Epoch))
	d.must(d.PutBack(t.Context(), s.ID, c.Epoch))
	if back := d.read(s.ID); back.State != interview.Waiting || !back.Dispatched.IsZero() || !back.WaitingFrom.Equal(d.now) {
		t.Errorf("put back: %+v", back)
	}
	c = d.mustClaim(s, "w1", d.now).Session
	d.must(d.Answered(t.Context(), s.ID, c.Epoch, d.now))
	refused(t, "put back after it was answered", d.PutBack(t.Context(), s.ID, c.Epoch))
	d.must(d.Connected(t.Context(), s.ID, c.Epoch, d.now.Add(1)))
	if !d.read(s.ID).HasMedia() {
		t.Error("no media after it connected")
	}
	d.must(d.Moving(t.Context(), s.ID, c.Epoch))
	ended, err := d.End(t.Context(), s.ID, c.Epoch, "done", d.now.Add(time.Minute))
	d.must(err)
	if ended.State != interview.Ended || ended.EndReason != "done" || !ended.EndedAt.Equal(d.now.Add(time.Minute)) {
		t.Errorf("ended: %+v", ended)
	}
	_, err = d.End(t.Context(), s.ID, -1, "again", d.now)
	refused(t, "a second end", err)
	_, err = d.PutOffer(t.Context(), ended, interview.Offer{Peer: "p2", SDP: "v=0", At: d.now})
	refused(t, "an offer after the end", err)
	missing(t, "an answer to nothing", d.Answered(t.Context(), "none", 1, d.now))
}

func pausing(t *testing.T, d *desk) {
	s := d.answered("w1")
	_, err := d.Pause(t.Context(), s.ID, s.Epoch+1, d.now)
	refused(t, "a pause in another epoch", err)
	paused, err := d.Pause(t.Context(), s.ID, s.Epoch, d.now.Add(time.Second))
	d.must(err)
	if paused.State != interview.Paused || !paused.PausedAt.Equal(d.now.Add(time.Second)) {
		t.Errorf("paused: %+v", paused)
	}
	back := d.offer(paused, "p9", "v=0", d.now.Add(time.Minute))
	if !back.WaitingFrom.Equal(d.now.Add(time.Minute)) {
		t.Errorf("waits from %v", back.WaitingFrom)
	}
	again, err := d.Pause(t.Context(), s.ID, -1, d.now.Add(2*time.Minute))
	d.must(err)
	if again.State != interview.Paused {
		t.Errorf("left while waiting: %+v", again)
	}
}

func endWaiting(t *testing.T, d *desk) {
	s := d.offer(d.open(), "p1", "v=0", d.now)
	_, err := d.EndWaiting(t.Context(), s.ID, d.now.Add(1), "full", d.now)
	refused(t, "with another offer", err)
	ended, err := d.EndWaiting(t.Context(), s.ID, s.Offer.At, "full", d.now)
	d.must(err)
	if ended.EndReason != "full" {
		t.Errorf("ended: %+v", ended)
	}
	running := d.answered("w1")
	_, err = d.EndWaiting(t.Context(), running.ID, running.Offer.At, "full", d.now)
	refused(t, "while it runs", err)
}

func manyClaims(t *testing.T, d *desk) {
	s := d.offer(d.open(), "p1", "v=0", d.now)
	var granted sync.Map
	var wg sync.WaitGroup
	for _, worker := range []interview.WorkerID{"w1", "w2", "w3", "w4", "w5", "w6"} {
		wg.Go(func() {
			if _, err := d.claim(s, worker, d.now); err == nil {
				granted.Store(worker, true)
			} else if !errors.Is(err, store.ErrRefused) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	n := 0
	granted.Range(func(worker, _ any) bool {
		n++
		if owner := d.read(s.ID).Owner; owner != worker {
			t.Errorf("granted to %v, owned by %v", worker, owner)
		}
		return true
	})
	if n != 1 {
		t.Errorf("%d claims granted", n)
	}
}
