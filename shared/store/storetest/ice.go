package storetest

import (
	"errors"
	"testing"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/interview"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

func (d *desk) ice(id interview.SessionID, peer interview.PeerName, c wire.ICECandidate) (string, error) {
	return d.AddICECandidate(d.t.Context(), id, peer, c, d.now)
}

func iceCandidates(t *testing.T, d *desk) {
	id := interview.SessionID(d.id("s"))
	for _, n := range []int{1, 2, 1} { // before anything else is known, and one of them twice
		inbox, err := d.ice(id, "p1", candidate(n))
		if err != nil || inbox != "" {
			t.Fatalf("ICE candidate %d: %q, %v", n, inbox, err)
		}
	}
	_, err := d.ice(id, "p2", candidate(3))
	d.must(err)
	s, err := d.Open(t.Context(), store.Opening{Session: id, Connection: "c-" + interview.ConnectionID(id), ConnectedAt: d.now, SecretHash: hash("s"), At: d.now})
	d.must(err)
	s = d.offer(s, "p1", "v=0", d.now)
	c := d.mustClaim(s, "w1", d.now)
	if len(c.ICECandidates) != 2 || c.ICECandidates[0].Candidate != candidate(1).Candidate || *c.ICECandidates[1].SDPMid != "0" {
		t.Errorf("claimed with %v", c.ICECandidates)
	}
	inbox, err := d.ice(id, "p1", candidate(4))
	if err != nil || inbox != "inbox of w1" {
		t.Errorf("an owned peer's goes to %q, %v", inbox, err)
	}
	d.must(d.PutBack(t.Context(), id, c.Session.Epoch))
	if inbox, err = d.ice(id, "p1", candidate(5)); err != nil || inbox != "" {
		t.Errorf("a peer that waits again: %q, %v", inbox, err)
	}
	if c = d.mustClaim(s, "w2", d.now); len(c.ICECandidates) != 1 {
		t.Errorf("claimed again with %v", c.ICECandidates)
	}
}

func iceLimits(t *testing.T, d *desk) {
	s := d.open()
	for n := range wire.MaxCandidates {
		_, err := d.ice(s.ID, "p1", candidate(n))
		d.must(err)
	}
	_, err := d.ice(s.ID, "p1", candidate(wire.MaxCandidates))
	tooMany(t, "one ICE candidate more", err)
	if _, err = d.ice(s.ID, "p1", candidate(0)); err != nil {
		t.Errorf("one that is there already: %v", err)
	}

	_, err = d.ice(s.ID, "p2", longCandidate(wire.MaxCandidateData))
	tooMany(t, "one larger than all may be", err)
	_, err = d.ice(s.ID, "p2", longCandidate(wire.MaxCandidateData/2))
	d.must(err)
	_, err = d.ice(s.ID, "p2", longCandidate(wire.MaxCandidateData/2+1))
	tooMany(t, "two that together are too large", err)

	for _, peer := range []interview.PeerName{"p3", "p4"} {
		_, err = d.ice(s.ID, peer, candidate(1))
		d.must(err)
	}
	_, err = d.ice(s.ID, "p5", candidate(1))
	tooMany(t, "a fifth peer", err)
	d.mustClaim(d.offer(s, "p1", "v=0", d.now), "w1", d.now)
	if _, err = d.ice(s.ID, "p5", candidate(1)); err != nil {
		t.Errorf("a peer after another has found its owner: %v", err)
	}

	_, err = d.End(t.Context(), s.ID, -1, "over", d.now)
	d.must(err)
	_, err = d.ice(s.ID, "p1", candidate(1))
	if !errors.Is(err, store.ErrEnded) {
		t.Errorf("after the end: %v", err)
	}
}

func tooMany(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil || apperr.Of(err).Code != apperr.TooMany {
		t.Errorf("%s: %v, want too many", what, err)
	}
}

func adopting(t *testing.T, d *desk) {
	s := d.answered("w1")
	_, err := d.ice(s.ID, "p2", candidate(1))
	d.must(err)
	offer := interview.Offer{Peer: "p2", SDP: "v=0 fresh", Want: interview.WantFresh, Connection: s.Connection, At: d.now.Add(time.Second)}
	_, err = d.Adopt(t.Context(), s.ID, s.Epoch+1, offer)
	refused(t, "in another epoch", err)
	kept, err := d.Adopt(t.Context(), s.ID, s.Epoch, offer)
	d.must(err)
	if len(kept) != 1 {
		t.Errorf("adopted with %v", kept)
	}
	if got := d.read(s.ID); got.Offer != offer || got.State != interview.Answered {
		t.Errorf("holds %+v", got)
	}
	for _, peer := range []interview.PeerName{"p1", "p2"} {
		if inbox, err := d.ice(s.ID, peer, candidate(7)); err != nil || inbox != "inbox of w1" {
			t.Errorf("%s: %q, %v", peer, inbox, err)
		}
	}
}
