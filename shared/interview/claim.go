package interview

import "time"

// The times that signaling agrees on.
const (
	ClaimStale   = 5 * time.Second  // a claim without an answer may be taken over after this
	LeaseBeat    = 5 * time.Second  // a worker's heartbeat
	AnswerStale  = 6 * time.Second  // an answer without media, and without a heartbeat since, is given up after this: a living worker's next heartbeat is there by then
	LeaseLost    = 45 * time.Second // a worker without a heartbeat for this long is gone
	Visibility   = 5 * time.Second  // of a dispatch message
	Late         = time.Second      // an offer that waits this long was not taken by whoever should have
	RedispatchIn = 3 * time.Second  // a waiting session without a dispatch message is sent again after this
)

// Action is what a worker does with a dispatch message.
type Action int

// What a worker may do with a dispatch message it received.
const (
	Take   Action = iota // claim the session
	Leave                // look again later: set the message's visibility to Decision.For
	Delete               // nothing to do any more
	GiveUp               // the worker that answered died in the act: end the session with an error, then delete
)

func (a Action) String() string {
	return [...]string{"take", "leave", "delete", "give up"}[a]
}

// Decision is what to do, and for Leave how long to wait.
type Decision struct {
	Action Action
	For    time.Duration
}

// Judge says what the receiver of a dispatch message for an offer does, given
// the session as read consistently and its owner's heartbeat (nil = none).
//
// The dispatch message is deleted after the answer has been posted, and the
// answer is posted after the session was marked answered. So a message that is
// still there a stale time after that mark belongs to a worker that died in
// between, or posted and died before the deletion. Nobody can know which: the
// client is told `error`, never answered twice. A heartbeat younger than the
// mark says that the worker lives and will see to it itself.
func Judge(s *Session, peer PeerName, offeredAt time.Time, owner *Worker, now time.Time) Decision {
	if s == nil || s.Offer.Peer != peer || !s.Offer.At.Equal(offeredAt) {
		return Decision{Action: Delete} // gone, or replaced by a newer offer with a message of its own
	}
	switch s.State {
	case Waiting:
		return Decision{Action: Take}
	case Paused:
		if s.LeftInviting() {
			return Decision{Action: Take}
		}
	case Claimed:
		if left := s.ClaimedAt.Add(ClaimStale).Sub(now); left > 0 {
			return Decision{Action: Leave, For: left}
		}
		return Decision{Action: Take}
	case Moving:
		if s.Inviting() {
			return judgeInvited(s, now)
		}
		return judgeAnswered(s, owner, now)
	case Answered:
		return judgeAnswered(s, owner, now)
	}
	return Decision{Action: Delete}
}

func judgeAnswered(s *Session, owner *Worker, now time.Time) Decision {
	if s.HasMedia() {
		return Decision{Action: Delete}
	}
	if owner != nil && owner.Beat.After(s.AnsweredAt) {
		return Decision{Action: Delete}
	}
	if left := s.AnsweredAt.Add(AnswerStale).Sub(now); left > 0 {
		return Decision{Action: Leave, For: left}
	}
	return Decision{Action: GiveUp}
}

// CanClaim reports whether a claim of this offer is legal now; it is the
// condition that the store enforces in one conditional update.
func CanClaim(s *Session, peer PeerName, offeredAt, now time.Time) bool {
	if s == nil || s.Offer.Peer != peer || !s.Offer.At.Equal(offeredAt) {
		return false
	}
	return s.State == Waiting || s.LeftInviting() || s.State == Claimed && now.Sub(s.ClaimedAt) >= ClaimStale
}

// Mark returns the watermark that a claim writes for the epoch that it ends:
// the last of that epoch's turns. It reports false when there is none.
func Mark(epoch int64, turns []Turn) (Watermark, bool) {
	w := Watermark{Epoch: epoch}
	for _, t := range turns {
		if t.Epoch == epoch {
			w.Last = max(w.Last, t.Number)
		}
	}
	return w, w.Last > 0
}

// Count returns the turns that are part of the interview, in order: those that
// a watermark of the session covers, and all of the current epoch. What a
// worker that lost the session wrote later is not among them.
func Count(s *Session, turns []Turn) []Turn {
	last := map[int64]int{}
	for _, w := range s.History {
		last[w.Epoch] = w.Last
	}
	var counted []Turn
	for _, t := range turns {
		if upTo, past := last[t.Epoch]; t.Epoch == s.Epoch || past && t.Number <= upTo {
			counted = append(counted, t)
		}
	}
	return counted
}
