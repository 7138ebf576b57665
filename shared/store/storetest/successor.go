package storetest

import (
	"testing"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/store"
)

// invited returns a session that moves and has asked for a successor.
func (d *desk) invited() *interview.Session {
	d.t.Helper()
	s := d.answered("w1")
	d.must(d.Connected(d.t.Context(), s.ID, s.Epoch, d.now.Add(1)))
	d.must(d.PutTurn(d.t.Context(), interview.Turn{Session: s.ID, Epoch: 1, Number: 1, Text: "heard", Began: d.now}))
	d.must(d.Moving(d.t.Context(), s.ID, s.Epoch))
	return d.invite(d.read(s.ID), "p2", d.now.Add(time.Second))
}

func (d *desk) invite(s *interview.Session, peer interview.PeerName, at time.Time) *interview.Session {
	d.t.Helper()
	after, err := d.Invite(d.t.Context(), s, interview.Offer{Peer: peer, SDP: "v=0 " + string(peer), Want: interview.WantElsewhere, Connection: s.Connection, At: at})
	d.must(err)
	return after
}

func (d *desk) reserve(s *interview.Session, worker interview.WorkerID, at time.Time) (*store.Claimed, error) {
	return d.Reserve(d.t.Context(), store.Claim{
		Session: s.ID, Peer: s.Offer.Peer, OfferAt: s.Offer.At, Worker: worker, Inbox: "inbox of " + string(worker), At: at,
	})
}

func (d *desk) succeed(id interview.SessionID, successor interview.WorkerID, carry string) (*store.Claimed, error) {
	return d.Succeed(d.t.Context(), store.Succession{Session: id, Epoch: 1, Successor: successor, At: d.now.Add(time.Minute), Carry: carry})
}

func inviting(t *testing.T, d *desk) {
	s := d.invited()
	if !s.Inviting() || s.Owner != "w1" || s.Epoch != 1 || s.State != interview.Moving || s.Offer.SDP != "v=0 p2" {
		t.Errorf("invited: %+v", s)
	}
	d.must(d.Dispatched(t.Context(), s.ID, s.Offer.At, d.now))
	_, err := d.AddICECandidate(t.Context(), s.ID, "p2", candidate(1), d.now)
	d.must(err)
	_, err = d.reserve(s, "w1", d.now)
	refused(t, "the owner is its own successor", err)
	c, err := d.reserve(s, "w2", d.now)
	d.must(err)
	if c.Session.Epoch != 1 || c.Session.Owner != "w1" || c.Session.Successor.Worker != "w2" || len(c.ICECandidates) != 1 || c.Before.Inbox != "inbox of w1" {
		t.Errorf("reserved: %+v", c)
	}
	inbox, err := d.AddICECandidate(t.Context(), s.ID, "p2", candidate(2), d.now)
	if d.must(err); inbox != "inbox of w2" {
		t.Errorf("a later ICE candidate goes to %q, want the successor's", inbox)
	}
	_, err = d.reserve(s, "w3", d.now.Add(interview.ClaimStale-1))
	refused(t, "a second successor", err)
	d.must(d.SuccessorAnswered(t.Context(), s.ID, s.Offer.At, "w2", d.now.Add(1)))
	refused(t, "an answer of nobody's", d.SuccessorAnswered(t.Context(), s.ID, s.Offer.At, "w3", d.now))
	_, err = d.reserve(s, "w3", d.now.Add(interview.ClaimStale))
	refused(t, "a second successor after the answer", err)

	again := d.invite(d.read(s.ID), "p3", d.now.Add(2*time.Second))
	if again.Successor.Worker != "" {
		t.Errorf("invited again: %+v", again)
	}
	_, err = d.succeed(s.ID, "w2", "")
	refused(t, "the successor of an older invitation", err)
	_, err = d.Invite(t.Context(), s, interview.Offer{Peer: "p4", SDP: "v=0", At: d.now})
	refused(t, "an invitation on an old view", err)
	_, err = d.Invite(t.Context(), d.answered("w1"), interview.Offer{Peer: "p4", SDP: "v=0", At: d.now})
	refused(t, "an invitation to a session that stays", err)
}

func staleSuccessor(t *testing.T, d *desk) {
	s := d.invited()
	_, err := d.reserve(s, "w2", d.now)
	d.must(err)
	_, err = d.reserve(s, "w3", d.now.Add(interview.ClaimStale))
	d.must(err)
	refused(t, "the first one's answer", d.SuccessorAnswered(t.Context(), s.ID, s.Offer.At, "w2", d.now))
	_, err = d.succeed(s.ID, "w2", "")
	refused(t, "the first one's succession", err)
	_, err = d.Adopt(t.Context(), s.ID, 1, interview.Offer{Peer: "p1", SDP: "v=0 restart", At: d.now.Add(3 * time.Second)})
	d.must(err)
	_, err = d.succeed(s.ID, "w3", "")
	refused(t, "succession after the owner took another peer", err)
}

func succeeding(t *testing.T, d *desk) {
	s := d.invited()
	_, err := d.succeed(s.ID, "", "")
	refused(t, "succession without a successor", err)
	_, err = d.reserve(s, "w2", d.now)
	d.must(err)
	_, err = d.succeed(s.ID, "w3", "")
	refused(t, "succession of another", err)
	d.must(d.PutJob(t.Context(), s.ID, interview.Job{CV: "Ten years of buses."}, d.now))
	handed, err := d.succeed(s.ID, "", "state")
	d.must(err)
	learnt, err := d.succeed(s.ID, "w2", "")
	d.must(err)
	for what, c := range map[string]*store.Claimed{"handed over": handed, "learnt": learnt} {
		got := c.Session
		if got.State != interview.Answered || got.Owner != "w2" || got.Inbox != "inbox of w2" || got.Epoch != 2 || got.Carry != "state" || !got.HasMedia() || got.Inviting() || len(c.Turns) != 1 || c.Job == nil {
			t.Errorf("%s: %+v, turns %v, job %v", what, got, c.Turns, c.Job)
		}
	}
	d.must(d.PutTurn(t.Context(), interview.Turn{Session: s.ID, Epoch: 1, Number: 2, Text: "too late", Began: d.now}))
	learnt, err = d.succeed(s.ID, "w2", "")
	if d.must(err); len(learnt.Turns) != 1 {
		t.Errorf("what the loser wrote counts: %v", learnt.Turns)
	}
	refused(t, "the old owner keeps its state", d.Carry(t.Context(), s.ID, 1, "old"))
	_, err = d.Pause(t.Context(), s.ID, 1, d.now)
	refused(t, "the old owner pauses", err)
	d.must(d.Carry(t.Context(), s.ID, 2, "newer"))
	if got := d.read(s.ID).Carry; got != "newer" {
		t.Errorf("carries %q", got)
	}
}

// leftInviting: an owner that pauses leaves its invitation to anybody, once.
func leftInviting(t *testing.T, d *desk) {
	s := d.invited()
	paused, err := d.Pause(t.Context(), s.ID, s.Epoch, d.now.Add(time.Minute))
	d.must(err)
	c := d.mustClaim(paused, "w2", d.now.Add(time.Minute))
	if c.Session.Epoch != 2 || c.Session.State != interview.Claimed || !c.Session.Invited.IsZero() {
		t.Errorf("claimed: %+v", c.Session)
	}
	d.must(d.Answered(t.Context(), s.ID, 2, d.now))
	_, err = d.Pause(t.Context(), s.ID, 2, d.now)
	d.must(err)
	_, err = d.claim(s, "w3", d.now.Add(time.Hour))
	refused(t, "the same invitation once more", err)
}

// carried: what an owner kept is there for whoever claims the session later.
func carried(t *testing.T, d *desk) {
	s := d.answered("w1")
	d.must(d.Carry(t.Context(), s.ID, s.Epoch, "phase 2"))
	c := d.mustClaim(d.offer(d.read(s.ID), "p2", "v=0 elsewhere", d.now.Add(time.Second)), "w2", d.now.Add(time.Second))
	if c.Session.Carry != "phase 2" {
		t.Errorf("claimed with %q", c.Session.Carry)
	}
	refused(t, "the old owner keeps its state", d.Carry(t.Context(), s.ID, s.Epoch, "old"))
}
