// Package queue carries work to the workers, on SQS: one dispatch queue that
// every worker with a free slot polls, and one inbox queue for each boot of
// each worker.
//
// Standard queues: a message may come twice, late and out of order, so nothing
// that receives may depend on either. A received message is invisible for
// interview.Visibility and comes again unless it is deleted.
//
// The package memory is the same queue in memory, queuetest the contract that
// both keep.
package queue

import (
	"errors"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/wire"
)

// What every method may return, wrapped.
var (
	ErrNoQueue = errors.New("no such queue")                 // the inbox is gone, and its worker with it
	ErrReceipt = errors.New("receipt is not valid any more") // deleted, or received again since
)

// Limits of SQS.
const (
	MaxReceive = 10               // messages a receive
	MaxWait    = 20 * time.Second // a long poll
)

// Dispatch says that an offer waits for a worker. The offer itself is in the
// session's record.
type Dispatch struct {
	Session interview.SessionID `json:"session"`
	Peer    interview.PeerName  `json:"peer"`
	OfferAt time.Time           `json:"offerAt"`
}

// Delivery is a dispatch message as received.
type Delivery struct {
	Dispatch
	Receipt  string
	Received int // how often it has been received, this time included; approximate
}

// The kinds of inbox message.
const (
	KindOffer    = "offer"    // Offer: another peer for a session that the worker holds
	KindICE      = "ice"      // ICECandidate for Peer; nil = end of candidates
	KindLeave    = "leave"    // pause the session
	KindEnd      = "end"      // the interview is over
	KindNotice   = "notice"   // another worker holds the session since Epoch
	KindHandover = "handover" // a successor asks for the session
)

// Inbox is what reaches the worker that holds a session.
type Inbox struct {
	Kind         string                 `json:"kind"`
	Session      interview.SessionID    `json:"session"`
	Connection   interview.ConnectionID `json:"connection,omitempty"` // where it came from, where an answer goes
	Peer         interview.PeerName     `json:"peer,omitempty"`
	Offer        *interview.Offer       `json:"offer,omitempty"`
	ICECandidate *wire.ICECandidate     `json:"iceCandidate,omitempty"`
	Epoch        int64                  `json:"epoch,omitempty"`
	Reply        string                 `json:"reply,omitempty"` // inbox queue URL of who asks
}

// InboxDelivery is an inbox message as received.
type InboxDelivery struct {
	Inbox
	Receipt string
}
