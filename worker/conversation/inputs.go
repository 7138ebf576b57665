package conversation

import (
	"time"

	"casey.internal/worker/transcript"
)

// Input is something that happens to a conversation from outside.
type Input interface{ input() }

// The inputs.
type (
	// Hearing is what recognition makes of a stretch of the candidate's speech.
	Hearing transcript.Hearing
	// Voice says that the candidate's voice began or ended, and when. It is
	// to be told within Settings.Hang: how long to wait is decided here.
	Voice struct {
		On   bool
		At   time.Time
		Fall float64 // by how many dB it was quieter than usual when it ended; 0 = not known
	}
	// Nudge is the candidate's "it is your turn now".
	Nudge struct{}
	// Muted says that the candidate's microphone was muted or opened.
	Muted struct{ On bool }
	// Audible is the page's report that a reply is heard, After the end of the
	// candidate's speech.
	Audible struct {
		Turn  int
		After time.Duration
	}
	// Away says that the candidate cannot be reached for now.
	Away struct{}
	// Opened says that a page is there, perhaps a new one that knows nothing of
	// what was shown. It ends Away.
	Opened struct{}
	// End is the candidate's wish to end the interview.
	End struct{}
	// HandOver asks to stop after this sentence, and to Keep what another
	// conversation needs to go on; Run returns ErrHandedOver.
	HandOver struct{}
	// Farewell asks to tell the candidate that it stops here; Run returns
	// ErrParted.
	Farewell struct{}
	// Deaf says that recognition failed for good.
	Deaf struct{ Err error }
)

func (Hearing) input()  {}
func (Voice) input()    {}
func (Nudge) input()    {}
func (Muted) input()    {}
func (Audible) input()  {}
func (Away) input()     {}
func (Opened) input()   {}
func (End) input()      {}
func (HandOver) input() {}
func (Farewell) input() {}
func (Deaf) input()     {}
