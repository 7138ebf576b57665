package signaling

import (
	"time"

	"casey.internal/shared/interview"
)

// Repair is a thing that the sweep does to a session.
type Repair string

// The repairs.
const (
	Nothing      Repair = ""
	Redispatch   Repair = "redispatch"    // its dispatch message was never sent, or got lost
	TakeBack     Repair = "take back"     // claimed by a worker that is gone: others may
	EndFull      Repair = "end: full"     // waited too long; an interview that has begun is paused
	EndNoMedia   Repair = "end: no media" // answered, and no media came
	PauseLost    Repair = "pause: lost"   // an interview whose worker left it behind; can be resumed
	EndForgotten Repair = "end: forgotten"
)

// Diagnose says what a session needs, given its owner's heartbeat (nil = none).
func Diagnose(s *interview.Session, owner *interview.Worker, maxWait time.Duration, now time.Time) Repair {
	switch s.State {
	case interview.Waiting:
		return diagnoseWaiting(s, maxWait, now)
	case interview.Claimed:
		age := now.Sub(s.ClaimedAt)
		if age >= claimLimit || age >= interview.ClaimStale && !owner.Alive(now) {
			return TakeBack
		}
	case interview.Answered, interview.Moving:
		return diagnoseAnswered(s, owner, now)
	case interview.Paused:
		if now.Sub(s.PausedAt) > pauseLimit {
			return EndForgotten
		}
	}
	return Nothing
}

// Overdue reports whether a session waits in vain. Each one waits for the moment
// that a worker with a free slot takes to claim it: more workers would not help
// those, and a fleet that grew by each of them would never stop.
func Overdue(s *interview.Session, now time.Time) bool {
	return s.State == interview.Waiting && now.Sub(s.WaitingFrom) >= interview.Late
}

func diagnoseWaiting(s *interview.Session, maxWait time.Duration, now time.Time) Repair {
	switch {
	case now.Sub(s.WaitingFrom) > maxWait:
		return EndFull
	case s.Dispatched.IsZero() && now.Sub(s.Offer.At) > interview.RedispatchIn,
		!s.Dispatched.IsZero() && now.Sub(s.Dispatched) > redispatchLost:
		return Redispatch
	}
	return Nothing
}

func diagnoseAnswered(s *interview.Session, owner *interview.Worker, now time.Time) Repair {
	lives := owner.Alive(now)
	age := now.Sub(s.AnsweredAt)
	if !s.HasMedia() {
		return diagnoseSilent(s, age > connectLimit || !lives && age > interview.AnswerStale)
	}
	switch {
	case lives:
		return Nothing
	case owner == nil && age > interview.LeaseLost:
		return PauseLost
	case owner != nil && now.Sub(owner.Beat) > lostLimit:
		return PauseLost
	}
	return Nothing
}

// allSilent reports whether no worker at all has told of itself lately, though
// some did a while ago: then it is rather the table that was away, and the
// workers, which talk on, come before a sweep that would take their sessions.
func allSilent(workers []interview.Worker, now time.Time) bool {
	newest := time.Time{}
	for _, w := range workers {
		if w.Beat.After(newest) {
			newest = w.Beat
		}
	}
	age := now.Sub(newest)
	return age > 2*interview.LeaseBeat && age < outageLimit
}

// diagnoseSilent is for a session that was answered and has no media: it never
// began, or it was to go on with another worker.
func diagnoseSilent(s *interview.Session, late bool) Repair {
	switch {
	case !late:
		return Nothing
	case s.ConnectedAt.IsZero():
		return EndNoMedia
	}
	return PauseLost
}
