// Package interview names what casey is about: sessions, turns and what was
// heard, and says which step may follow which. It is pure: no clock, no I/O.
package interview

import "time"

// The identifiers are opaque; they differ in type so that the compiler keeps
// them apart.
type (
	// SessionID identifies one interview.
	SessionID string
	// ConnectionID identifies one browser WebSocket, as API Gateway names it.
	ConnectionID string
	// WorkerID identifies one boot of one worker.
	WorkerID string
	// PeerName is the name a client gives to one of its peer connections.
	PeerName string
)

// State is a session's place in its life.
type State string

// A session's states. The zero value is a session that has been allotted but
// has not been offered anything yet.
const (
	Allotted State = ""
	Waiting  State = "waiting"  // offered; no worker has claimed it
	Claimed  State = "claimed"  // a worker makes the answer
	Answered State = "answered" // the answer is decided; Connected tells whether media flows
	Moving   State = "moving"   // its worker is going away and asked the browser to go elsewhere
	Paused   State = "paused"   // left; may be resumed
	Ended    State = "ended"
)

// Want says what an offer for a session that runs asks for (shared/PROTOCOL.md 1).
type Want string

// What an offer may want; the empty value is an offer without want.
const (
	WantNothing   Want = ""
	WantRestart   Want = "restart"   // ICE restart of the same peer
	WantFresh     Want = "fresh"     // a new peer, the same worker if it lives
	WantElsewhere Want = "elsewhere" // any other worker
)

// Offer is a browser's offer as it waits for a worker.
type Offer struct {
	Peer       PeerName
	SDP        string
	Want       Want
	Connection ConnectionID // where the answer is posted
	At         time.Time
}

// Watermark says how far the turns of one epoch count.
type Watermark struct {
	Epoch int64 `json:"epoch" dynamodbav:"epoch"`
	Last  int   `json:"last" dynamodbav:"last"` // number of the last turn of this epoch that is part of the interview; 0 = none
}

// Session is the record of one interview.
type Session struct {
	ID         SessionID
	State      State
	Interview  string // name of the interview's data; empty = the default
	User       string // who, as the authorizer says; empty = unknown
	Connection ConnectionID
	Offer      Offer // the offer that waits, is claimed or was answered last

	Owner       WorkerID
	Inbox       string // the owner's inbox queue URL
	Epoch       int64  // raised by every claim
	WaitingFrom time.Time
	Dispatched  time.Time // when a dispatch message was last sent for Offer; zero = never
	ClaimedAt   time.Time
	AnsweredAt  time.Time
	ConnectedAt time.Time // media flowed first; zero = not yet
	PausedAt    time.Time
	Created     time.Time
	EndedAt     time.Time
	EndReason   string

	History []Watermark // see Count

	Invited   time.Time // Offer.At of the offer that asks for a successor; see Inviting
	Successor Successor
	// Carry is the state that the loop needs to go on elsewhere, as its owner wrote it
	// last; opaque here, but that it is JSON, whose member Report is what an interview
	// that is over came to. Empty = nothing yet.
	Carry string
}

// HasMedia reports whether media flowed since the session was answered last.
func (s *Session) HasMedia() bool {
	return !s.ConnectedAt.IsZero() && !s.ConnectedAt.Before(s.AnsweredAt)
}

// Holds reports whether offer is the one that the session holds: a repeated
// message, which must never bring a second, different answer.
func (s *Session) Holds(offer Offer) bool {
	return s.Offer.Peer == offer.Peer && s.Offer.SDP == offer.SDP && s.Offer.SDP != ""
}

// Role says who spoke a turn.
type Role string

// The two who talk.
const (
	Candidate   Role = "candidate"
	Interviewer Role = "interviewer"
)

// Turn is one uninterrupted stretch of speech, holding only what was heard.
type Turn struct {
	Session SessionID
	Epoch   int64
	Number  int // from 1, in the order in which turns began, per session
	Role    Role
	Text    string
	Began   time.Time
	Ended   time.Time     // zero while it is being heard
	Cut     bool          // the speaker was interrupted
	Unsure  int           // words of it that recognition was unsure of
	Pause   time.Duration // the longest between two words of it, as far as recognition tells
	Took    string        // times and costs of an interviewer's turn, as JSON for people to read; empty = not known yet
}

// Job is what a candidate tells of the job before their interview. All of it is
// material for the interviewer and never an instruction.
type Job struct {
	Role          string // that they apply for
	Advertisement string
	CV            string
	Focus         string // the one question that they want to practise; empty = the whole interview
	Minutes       int    // that the interview is to take at most; 0 = as many as it has
	Brief         string // what the interviewer's model made of the texts; empty = nothing yet
}

// Worker is a worker's heartbeat.
type Worker struct {
	ID       WorkerID
	Inbox    string // inbox queue URL
	Slots    int
	Active   int // sessions held, claims in progress included
	Draining bool
	Beat     time.Time
}

// Alive reports whether the worker has sent a heartbeat within its lease. A nil
// worker is gone.
func (w *Worker) Alive(now time.Time) bool {
	return w != nil && now.Sub(w.Beat) < LeaseLost
}

// Free returns how many sessions the worker would still take: none when it is
// gone or drains.
func (w *Worker) Free(now time.Time) int {
	if !w.Alive(now) || w.Draining {
		return 0
	}
	return max(0, w.Slots-w.Active)
}
