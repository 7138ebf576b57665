// Package store keeps what outlives a process: sessions, connections, workers
// and turns, in one DynamoDB table.
//
// Every change is one conditional update of one item; there are no
// transactions. A condition that does not hold is [ErrRefused]: the caller
// reads again and decides again. Times keep nanoseconds. Rows past their
// attribute `expires` are treated as absent whether or not DynamoDB has
// removed them yet (it may take two days).
//
// The package memory is the same store in memory, storetest the contract that
// both keep.
package store

import (
	"errors"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/wire"
)

// What every method may return, wrapped.
var (
	ErrNotFound = errors.New("no such record")
	ErrRefused  = errors.New("refused: the record has moved on")
)

// How long rows are kept. Retention never ends a wait or an interview.
const (
	KeepConnection = 3 * time.Hour // API Gateway ends one after two
	KeepAllotted   = 24 * time.Hour
	KeepSession    = 30 * 24 * time.Hour // since its last offer; turns since they began, a job since it was told, until the session ends
	KeepWorker     = time.Hour           // since its last heartbeat
)

// Limits on a session's record.
const (
	MaxSecrets      = 8   // resume secrets of one session
	MaxUnownedPeers = 4   // peers whose ICE candidates wait for a worker
	MaxOwnedPeers   = 4   // peers of the owner that are remembered, newest first
	MaxAhead        = 100 // sessions counted by Ahead
)

// Connection is a browser's WebSocket.
type Connection struct {
	ID      interview.ConnectionID
	Session interview.SessionID // the one it speaks for
	User    string              // who, as the authorizer says; empty = unknown
	Source  string              // IP address it came from
	At      time.Time           // when it connected
	Gone    time.Time           // when it was seen to have closed; zero = not
}

// Opening is a connection's claim to speak for a session.
type Opening struct {
	Session     interview.SessionID
	Connection  interview.ConnectionID
	ConnectedAt time.Time // of the connection: a newer one wins
	User        string
	Interview   string // name of the interview's data; the first one given stays
	SecretHash  []byte // of the resume secret
	At          time.Time
}

// Claim is a worker's wish to answer an offer.
type Claim struct {
	Session interview.SessionID
	Peer    interview.PeerName
	OfferAt time.Time // which offer, as the dispatch message says
	Worker  interview.WorkerID
	Inbox   string // the worker's inbox queue URL
	At      time.Time
}

// Claimed is what a successful claim found.
type Claimed struct {
	Session       *interview.Session // as the claim left it
	ICECandidates []wire.ICECandidate
	Turns         []interview.Turn // that count, in order
	Job           *interview.Job   // what the candidate told of the job; nil = nothing
	Before        Owner            // who held the session until now
}

// Succession is the passing of a session to its successor.
type Succession struct {
	Session   interview.SessionID
	Epoch     int64              // that ends
	Successor interview.WorkerID // empty = whoever is successor
	At        time.Time
	Carry     string // what the owner leaves behind; empty = what it kept last
}

// MaxCarry is the most that a session may carry, in bytes: a checkpoint, and at last
// the report.
const MaxCarry = 48 << 10

// Owner is a worker that held a session.
type Owner struct {
	Worker interview.WorkerID // empty = nobody
	Inbox  string
	Epoch  int64
}
