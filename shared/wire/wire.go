// Package wire is the language between a browser and casey's signaling: JSON
// text frames on a WebSocket, one object with a `type` each (shared/PROTOCOL.md 1).
package wire

import (
	"encoding/json"

	"casey.internal/shared/interview"
)

// Limits on what a browser may send.
const (
	// MaxMessage is in bytes, of either side. API Gateway takes longer ones, but
	// in frames of no more, and a page cannot choose its frames: one that is
	// longer closes the connection with 1009.
	//
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
	MaxMessage       = 32 << 10
	MaxSDP           = 24 << 10 // bytes; line breaks are two more each in JSON
	MaxPeerName      = 32       // characters
	MaxCandidates    = 32       // ICE candidates kept for one peer
	MaxCandidateData = 8 << 10  // bytes of ICE candidates kept for one peer
)

// Description is an RTCSessionDescription as a browser serialises it.
type Description struct {
	Type string `json:"type"` // "offer" or "answer"
	SDP  string `json:"sdp"`
}

// ICECandidate is an RTCIceCandidate as a browser serialises it. An empty
// Candidate is the end of candidates.
type ICECandidate struct {
	Candidate        string  `json:"candidate"`
	SDPMid           *string `json:"sdpMid,omitempty"`
	SDPMLineIndex    *uint16 `json:"sdpMLineIndex,omitempty"`
	UsernameFragment *string `json:"usernameFragment,omitempty"`
}

// Hello asks for a session before the first offer.
type Hello struct {
	Session   interview.SessionID `json:"session,omitempty"`
	Resume    string              `json:"resume,omitempty"`
	Interview string              `json:"interview,omitempty"`
}

// Offer carries a browser's SDP offer.
type Offer struct {
	SDP       Description         `json:"sdp"`
	Peer      interview.PeerName  `json:"peer,omitempty"`
	Session   interview.SessionID `json:"session,omitempty"`
	Resume    string              `json:"resume,omitempty"`
	Want      interview.Want      `json:"want,omitempty"`
	Interview string              `json:"interview,omitempty"`
}

// ICE carries one ICE candidate; it may overtake its offer. A nil Candidate
// is the end of candidates.
type ICE struct {
	Candidate *ICECandidate      `json:"candidate"`
	Peer      interview.PeerName `json:"peer,omitempty"`
}

// The messages without fields that a browser sends.
type (
	// Leave pauses; the session can be resumed.
	Leave struct{}
	// End says that the interview is over; the report follows.
	End struct{}
	// Ping keeps the socket open; it is answered by Pong or WaitingTurn.
	Ping struct{}
)

// Session tells a client its session and the secret to resume it.
type Session struct {
	Session    interview.SessionID `json:"session"`
	Resume     string              `json:"resume"`
	ICEServers []ICEServer         `json:"iceServers"`
}

// ICEServer is an RTCIceServer.
type ICEServer struct {
	URLs       []string `json:"urls"`
	Username   string   `json:"username,omitempty"`
	Credential string   `json:"credential,omitempty"`
}

// WaitingTurn tells that no slot is free; Ahead older sessions wait, at most
// 100 counted.
type WaitingTurn struct {
	Ahead int `json:"ahead"`
}

// Answer carries the worker's SDP answer, candidates complete.
type Answer struct {
	SDP     Description         `json:"sdp"`
	Session interview.SessionID `json:"session"`
	Peer    interview.PeerName  `json:"peer"`
}

// ServerICE carries an ICE candidate of the worker.
type ServerICE struct {
	Candidate ICECandidate       `json:"candidate"`
	Peer      interview.PeerName `json:"peer"`
}

// Bye says that the session is over, or paused.
type Bye struct {
	Reason    string `json:"reason"`
	Resumable bool   `json:"resumable"`
}

// Report is what an interview that is over came to: channel.Report as JSON.
type Report struct {
	Session interview.SessionID `json:"session"`
	Report  json.RawMessage     `json:"report"`
}

// Rejected says that one message was not accepted; nothing else changed.
type Rejected struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Of      string `json:"of"` // type of the message that was refused; empty when it had none
}

// Error says that the interview is over or did not begin.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// The messages without fields that a server sends.
type (
	// Pong answers a Ping.
	Pong struct{}
	// Move says that this worker is going away (shared/PROTOCOL.md 3).
	Move struct{}
)
