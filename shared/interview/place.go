package interview

// Placement is the destination of a browser's offer.
type Placement int

// Where an offer may go.
const (
	PlaceWait       Placement = iota // it becomes the session's, for any worker to claim
	PlaceDispatch                    // it is the session's, and the workers are yet to be told
	PlaceNowhere                     // it is the session's, and on its way
	PlaceInvite                      // to the workers that may succeed the owner
	PlaceSuccessor                   // to the successor, which says its answer again
	PlaceOwner                       // to the owner, which answers it
	PlaceOwnerAgain                  // to the owner, which says its answer again
	PlaceRefused                     // the interview has ended
	PlaceLost                        // the worker that may have answered it is gone
)

// Place says where an offer goes, given the session as read consistently. The
// same offer may come twice, and must never get a second, different answer.
func Place(s *Session, offer Offer) Placement {
	repeated := s.Holds(offer)
	switch s.State {
	case Ended:
		return PlaceRefused
	case Waiting:
		if repeated {
			return placeAgain(s)
		}
	case Claimed:
		if repeated {
			return PlaceNowhere
		}
	case Moving:
		switch {
		case repeated && s.Inviting():
			return placeAgain(s)
		case repeated:
			return PlaceOwnerAgain
		case offer.Want == WantElsewhere:
			return PlaceInvite
		}
		return PlaceOwner
	case Answered:
		switch {
		case repeated:
			return PlaceOwnerAgain
		case offer.Want != WantElsewhere:
			return PlaceOwner
		}
	}
	return PlaceWait
}

// placeAgain is Place for an offer that came twice while a worker is sought.
func placeAgain(s *Session) Placement {
	switch {
	case s.Dispatched.IsZero():
		return PlaceDispatch
	case s.Inviting() && !s.Successor.Answered.IsZero():
		return PlaceSuccessor
	}
	return PlaceNowhere
}

// WithoutOwner returns where an offer for the owner goes when that is gone: a
// new peer may be any worker's; an ICE restart, or an offer that may have been
// answered, may not.
func (p Placement) WithoutOwner(offer Offer) Placement {
	if p == PlaceOwner && offer.Want != WantRestart {
		return PlaceWait
	}
	return PlaceLost
}
