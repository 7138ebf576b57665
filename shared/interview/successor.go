package interview

import "time"

// Successor is a worker that has reserved a session whose owner goes away
// (shared/PROTOCOL.md 3). The session is its own only once it has succeeded.
type Successor struct {
	Worker   WorkerID // empty = nobody
	Inbox    string   // its inbox queue URL
	At       time.Time
	Answered time.Time // the browser's invitation was answered; zero = not yet
}

// Inviting reports whether the session's offer asks for a successor. An owner that
// takes another peer meanwhile makes the invitation void.
func (s *Session) Inviting() bool {
	return s.State == Moving && !s.Invited.IsZero() && s.Invited.Equal(s.Offer.At)
}

// LeftInviting reports whether the owner gave the session up while it asked for
// a successor: the offer is anybody's to answer now.
func (s *Session) LeftInviting() bool {
	return s.State == Paused && !s.Invited.IsZero() && s.Invited.Equal(s.Offer.At)
}

// CanReserve reports whether a worker may become successor to this invitation now;
// it is the condition that the store enforces in one conditional update.
func CanReserve(s *Session, peer PeerName, offeredAt time.Time, worker WorkerID, now time.Time) bool {
	if s == nil || !s.Inviting() || s.Offer.Peer != peer || !s.Offer.At.Equal(offeredAt) || s.Owner == worker {
		return false
	}
	return s.Successor.Worker == "" || s.Successor.Answered.IsZero() && now.Sub(s.Successor.At) >= ClaimStale
}

// CanSucceed reports whether the successor may own the session now, in place of the
// owner of this epoch.
func CanSucceed(s *Session, epoch int64, successor WorkerID) bool {
	return s.Inviting() && s.Epoch == epoch && s.Successor.Worker != "" && s.Successor.Worker == successor
}

// judgeInvited says what the receiver of an invitation's dispatch message does.
// One that dies after its answer leaves nobody without a word: the owner goes
// on, and the browser invites again.
func judgeInvited(s *Session, now time.Time) Decision {
	switch {
	case s.Successor.Worker == "":
		return Decision{Action: Take}
	case !s.Successor.Answered.IsZero():
		return Decision{Action: Delete}
	}
	if left := s.Successor.At.Add(ClaimStale).Sub(now); left > 0 {
		return Decision{Action: Leave, For: left}
	}
	return Decision{Action: Take}
}

// Succeeded reports whether the successor owns the session in the epoch after this
// one.
func (s *Session) Succeeded(epoch int64, successor WorkerID) bool {
	return s.Epoch == epoch+1 && s.Owner == successor && (s.State == Answered || s.State == Moving)
}
