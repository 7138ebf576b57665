package interview

import "time"

// Heir is a worker that has reserved a session whose owner goes away
// (protocol.md 3). The session is its own only once it has succeeded.
type Heir struct {
	Worker   WorkerID // empty = nobody
	Inbox    string   // its inbox queue URL
	At       time.Time
	Answered time.Time // the browser's invitation was answered; zero = not yet
}

// Inviting reports whether the session's offer asks for an heir. An owner that
// takes another peer meanwhile makes the invitation void.
func (s *Session) Inviting() bool {
	return s.State == Moving && !s.Invited.IsZero() && s.Invited.Equal(s.Offer.At)
}

// LeftInviting reports whether the owner gave the session up while it asked for
// an heir: the offer is anybody's to answer now.
func (s *Session) LeftInviting() bool {
	return s.State == Paused && !s.Invited.IsZero() && s.Invited.Equal(s.Offer.At)
}

// CanReserve reports whether a worker may become heir to this invitation now;
// it is the condition that the store enforces in one conditional update.
func CanReserve(s *Session, peer PeerName, offeredAt time.Time, worker WorkerID, now time.Time) bool {
	if s == nil || !s.Inviting() || s.Offer.Peer != peer || !s.Offer.At.Equal(offeredAt) || s.Owner == worker {
		return false
	}
	return s.Heir.Worker == "" || s.Heir.Answered.IsZero() && now.Sub(s.Heir.At) >= ClaimStale
}

// CanSucceed reports whether the heir may own the session now, in place of the
// owner of this epoch.
func CanSucceed(s *Session, epoch int64, heir WorkerID) bool {
	return s.Inviting() && s.Epoch == epoch && s.Heir.Worker != "" && s.Heir.Worker == heir
}

// judgeInvited says what the receiver of an invitation's dispatch message does.
// One that dies after its answer leaves nobody without a word: the owner goes
// on, and the browser invites again.
func judgeInvited(s *Session, now time.Time) Decision {
	switch {
	case s.Heir.Worker == "":
		return Decision{Action: Take}
	case !s.Heir.Answered.IsZero():
		return Decision{Action: Delete}
	}
	if left := s.Heir.At.Add(ClaimStale).Sub(now); left > 0 {
		return Decision{Action: Leave, For: left}
	}
	return Decision{Action: Take}
}

// Succeeded reports whether the heir owns the session in the epoch after this
// one.
func (s *Session) Succeeded(epoch int64, heir WorkerID) bool {
	return s.Epoch == epoch+1 && s.Owner == heir && (s.State == Answered || s.State == Moving)
}
