// Package storetest is the contract of package store: the real adapter and the
// twin in memory both pass it.
package storetest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

// Store is everything that a store does.
type Store interface {
	Connect(context.Context, store.Connection) error
	Connection(context.Context, interview.ConnectionID) (*store.Connection, error)
	Rebind(context.Context, interview.ConnectionID, interview.SessionID) error
	Disconnect(context.Context, interview.ConnectionID, time.Time) (interview.SessionID, bool, error)

	Open(context.Context, store.Opening) (*interview.Session, error)
	Resume(context.Context, store.Opening) (*interview.Session, error)
	Session(context.Context, interview.SessionID) (*interview.Session, error)
	PutOffer(context.Context, *interview.Session, interview.Offer) (*interview.Session, error)
	Dispatched(context.Context, interview.SessionID, time.Time, time.Time) error
	AddICECandidate(context.Context, interview.SessionID, interview.PeerName, wire.ICECandidate, time.Time) (string, error)

	Claim(context.Context, store.Claim) (*store.Claimed, error)
	Adopt(context.Context, interview.SessionID, int64, interview.Offer) ([]wire.ICECandidate, error)
	Answered(context.Context, interview.SessionID, int64, time.Time) error
	Connected(context.Context, interview.SessionID, int64, time.Time) error
	PutBack(context.Context, interview.SessionID, int64) error
	Moving(context.Context, interview.SessionID, int64) error
	Invite(context.Context, *interview.Session, interview.Offer) (*interview.Session, error)
	Reserve(context.Context, store.Claim) (*store.Claimed, error)
	SuccessorAnswered(context.Context, interview.SessionID, time.Time, interview.WorkerID, time.Time) error
	Succeed(context.Context, store.Succession) (*store.Claimed, error)
	Carry(context.Context, interview.SessionID, int64, string) error
	Pause(context.Context, interview.SessionID, int64, time.Time) (*interview.Session, error)
	End(context.Context, interview.SessionID, int64, string, time.Time) (*interview.Session, error)
	EndWaiting(context.Context, interview.SessionID, time.Time, string, time.Time) (*interview.Session, error)

	Ahead(context.Context, time.Time) (int, error)
	Unended(context.Context) ([]interview.Session, error)
	Beat(context.Context, interview.Worker) error
	Workers(context.Context) ([]interview.Worker, error)
	Worker(context.Context, interview.WorkerID) (*interview.Worker, error)
	Gone(context.Context, interview.WorkerID) error
	PutTurn(context.Context, interview.Turn) error
	Turns(context.Context, interview.SessionID) ([]interview.Turn, error)
	PutJob(context.Context, interview.SessionID, interview.Job, time.Time) error
	Job(context.Context, interview.SessionID) (*interview.Job, error)
	Add(context.Context, string, int64, time.Time) (int64, error)
}

// Run checks a store. The store may hold other things already: every check
// uses records of its own.
func Run(t *testing.T, s Store) {
	for name, check := range map[string]func(*testing.T, *desk){
		"connections":                           connections,
		"a session opens":                       opening,
		"a session is resumed by its secret":    resuming,
		"an offer waits and is claimed once":    claiming,
		"a claim grows stale":                   staleClaim,
		"a newer offer replaces one":            replacing,
		"elsewhere while the owner lives":       elsewhere,
		"each step has its states":              steps,
		"a pause is resumed":                    pausing,
		"a successor is invited":                inviting,
		"a successor grows stale":               staleSuccessor,
		"an invitation is left behind":          leftInviting,
		"a successor succeeds":                  succeeding,
		"the loop's state is carried":           carried,
		"only a waiting session ends as one":    endWaiting,
		"ICE candidates wait for their owner":   iceCandidates,
		"ICE candidates are limited":            iceLimits,
		"adopted peers are the owner's":         adopting,
		"turns that count":                      turns,
		"what was told of the job":              jobs,
		"the waiting are counted":               ahead,
		"the open sessions are listed":          unended,
		"heartbeats":                            heartbeats,
		"expired rows are absent":               expired,
		"counters count":                        counters,
		"of many claims at once one is granted": manyClaims,
	} {
		t.Run(name, func(t *testing.T) { check(t, &desk{Store: s, t: t, now: time.Now().UTC()}) })
	}
}

// desk is a store with a test around it.
type desk struct {
	Store
	t   *testing.T
	now time.Time
}

var unique atomic.Int64

// id returns a name that nothing else has.
func (d *desk) id(kind string) string {
	return fmt.Sprintf("%s-%d-%d", kind, d.now.UnixNano(), unique.Add(1))
}

func hash(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}

// open returns a new session, opened by a connection of its own.
func (d *desk) open() *interview.Session {
	d.t.Helper()
	s, err := d.Open(d.t.Context(), store.Opening{
		Session: interview.SessionID(d.id("s")), Connection: interview.ConnectionID(d.id("c")),
		ConnectedAt: d.now, SecretHash: hash("first"), At: d.now,
	})
	d.must(err)
	return s
}

// offer makes an offer wait.
func (d *desk) offer(s *interview.Session, peer interview.PeerName, sdp string, at time.Time) *interview.Session {
	d.t.Helper()
	after, err := d.PutOffer(d.t.Context(), s, interview.Offer{Peer: peer, SDP: sdp, Connection: s.Connection, At: at})
	d.must(err)
	return after
}

func (d *desk) claim(s *interview.Session, worker interview.WorkerID, at time.Time) (*store.Claimed, error) {
	return d.Claim(d.t.Context(), store.Claim{
		Session: s.ID, Peer: s.Offer.Peer, OfferAt: s.Offer.At,
		Worker: worker, Inbox: "inbox of " + string(worker), At: at,
	})
}

func (d *desk) mustClaim(s *interview.Session, worker interview.WorkerID, at time.Time) *store.Claimed {
	d.t.Helper()
	claimed, err := d.claim(s, worker, at)
	d.must(err)
	return claimed
}

// answered returns a session that a worker has answered.
func (d *desk) answered(worker interview.WorkerID) *interview.Session {
	d.t.Helper()
	s := d.mustClaim(d.offer(d.open(), "p1", "v=0", d.now), worker, d.now).Session
	d.must(d.Answered(d.t.Context(), s.ID, s.Epoch, d.now))
	return d.read(s.ID)
}

func (d *desk) read(id interview.SessionID) *interview.Session {
	d.t.Helper()
	s, err := d.Session(d.t.Context(), id)
	d.must(err)
	return s
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// candidate is a host ICE candidate, different for every n.
func candidate(n int) wire.ICECandidate {
	return wire.ICECandidate{Candidate: fmt.Sprintf("candidate:%d 1 udp 2122260223 192.0.2.1 %d typ host", n, 1024+n), SDPMid: new("0")}
}

func longCandidate(bytes int) wire.ICECandidate {
	return wire.ICECandidate{Candidate: "candidate:" + strings.Repeat("x", bytes)}
}
