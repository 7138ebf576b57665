package wire

import (
	"strings"

	"casey.internal/shared/apperr"
	"casey.internal/shared/fields"
	"casey.internal/shared/interview"
)

// Further limits on what a browser may send, in bytes.
const (
	MaxSession       = 64  // a session id
	MaxResume        = 128 // the secret to resume a session
	MaxInterview     = 64  // the name of an interview's data
	MaxCandidateLine = 512 // an ICE candidate
	MaxMediaSections = 32  // m-lines in an SDP; browsers send two
	maxSDPMid        = 32
	maxUfrag         = 256 // RFC 8839 5.4
)

// Parse reads one message of a browser: *Hello, *Offer, *ICE, *Leave, *End or
// *Ping. Members that the protocol does not know are ignored. The error is a
// *fault.Error that says what to send instead.
func Parse(data []byte) (any, error) {
	o, err := fields.Parse(data, MaxMessage)
	if err != nil {
		return nil, err
	}
	message := read(o)
	if err := o.Err(); err != nil {
		return nil, err
	}
	return message, nil
}

// TypeOf returns the type that data claims to have, for `rejected.of`; empty
// when it has none that can be repeated safely.
func TypeOf(data []byte) string {
	o, err := fields.Parse(data, MaxMessage)
	if err != nil {
		return ""
	}
	return o.Name("type", MaxPeerName)
}

func read(o *fields.Object) any {
	switch kind := o.Text("type", MaxMessage); kind {
	case "hello":
		return &Hello{Session: session(o), Resume: o.Name("resume", MaxResume), Interview: o.Name("interview", MaxInterview)}
	case "offer":
		return readOffer(o)
	case "ice":
		return readICE(o)
	case "leave":
		return &Leave{}
	case "end":
		return &End{}
	case "ping":
		return &Ping{}
	case "":
		o.Fail(apperr.Malformed, "send a type: hello, offer, ice, leave, end or ping")
	default:
		o.Fail(apperr.Unknown, "send one of the types hello, offer, ice, leave, end and ping")
	}
	return nil
}

func session(o *fields.Object) interview.SessionID {
	return interview.SessionID(o.Name("session", MaxSession))
}

func peer(o *fields.Object) interview.PeerName {
	return interview.PeerName(o.Name("peer", MaxPeerName))
}

func readOffer(o *fields.Object) *Offer {
	offer := &Offer{
		Peer: peer(o), Session: session(o), Resume: o.Name("resume", MaxResume),
		Want: want(o), Interview: o.Name("interview", MaxInterview),
	}
	description := o.Object("sdp", apperr.BadOffer)
	if description == nil {
		o.Fail(apperr.BadOffer, "send sdp: {\"type\":\"offer\",\"sdp\":\"v=0…\"}")
		return offer
	}
	offer.SDP = Description{Type: description.Name("type", MaxPeerName), SDP: description.Text("sdp", MaxSDP)}
	checkOffer(o, offer.SDP)
	return offer
}

// checkOffer refuses what is no offer at a glance, before it costs a worker.
func checkOffer(o *fields.Object, d Description) {
	switch {
	case d.Type != "offer":
		o.Fail(apperr.BadOffer, "sdp.type must be offer")
	case !strings.HasPrefix(d.SDP, "v=0"):
		o.Fail(apperr.BadOffer, "sdp.sdp must be a session description, which begins with v=0")
	case strings.Count(d.SDP, "\nm=") > MaxMediaSections:
		o.Fail(apperr.BadOffer, "sdp.sdp must have at most %d media sections", MaxMediaSections)
	}
}

func want(o *fields.Object) interview.Want {
	switch w := interview.Want(o.Text("want", MaxPeerName)); w {
	case interview.WantNothing, interview.WantRestart, interview.WantFresh, interview.WantElsewhere:
		return w
	}
	o.Fail(apperr.Malformed, "want must be restart, fresh, elsewhere or absent")
	return interview.WantNothing
}

func readICE(o *fields.Object) *ICE {
	ice := &ICE{Peer: peer(o)}
	if !o.Has("candidate") {
		o.Fail(apperr.BadCandidate, "send candidate: an RTCIceCandidate, or null for the end of candidates")
		return ice
	}
	if c := o.Object("candidate", apperr.BadCandidate); c != nil {
		ice.Candidate = readCandidate(c)
	}
	return ice
}

func readCandidate(c *fields.Object) *ICECandidate {
	candidate := &ICECandidate{Candidate: c.Line("candidate", MaxCandidateLine)}
	if line := candidate.Candidate; line != "" && !strings.HasPrefix(strings.TrimPrefix(line, "a="), "candidate:") {
		c.Fail(apperr.BadCandidate, "candidate.candidate must begin with candidate: or be empty")
	}
	if mid := c.Line("sdpMid", maxSDPMid); mid != "" {
		candidate.SDPMid = &mid
	}
	if index, there := c.Integer("sdpMLineIndex", 0, 1<<16-1); there {
		line := uint16(index)
		candidate.SDPMLineIndex = &line
	}
	if ufrag := c.Line("usernameFragment", maxUfrag); ufrag != "" {
		candidate.UsernameFragment = &ufrag
	}
	return candidate
}
