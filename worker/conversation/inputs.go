package conversation

import (
	"time"

	"casey.internal/shared/channel"
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
	// Apart says that the voice that is heard now is not the interviewer's own, as it
	// comes back while a browser still learns to cancel the echo.
	Apart struct{}
	// Behind says that recognition is behind what the candidate says, or has caught up.
	Behind struct{ On bool }
	// Page is something that the candidate does in the page.
	Page struct{ Event channel.PageEvent }
	// Away says that the candidate cannot be reached for now.
	Away struct {
		Since  time.Time // what was sent later may never have been heard
		Closed bool      // they ended the interview, and will not be back
	}
	// Opened says that a page is there, perhaps a new one that knows nothing of
	// what was shown. It ends Away.
	Opened struct{}
	// HandOver asks to stop after this sentence, and to Save what another
	// conversation needs to go on; Run returns ErrHandedOver.
	HandOver struct{}
	// Farewell asks to tell the candidate that it stops here; Run returns
	// ErrParted.
	Farewell struct{}
	// RecognitionLost says that recognition failed for good.
	RecognitionLost struct{ Err error }
)

func (Hearing) input()         {}
func (Voice) input()           {}
func (Apart) input()           {}
func (Behind) input()          {}
func (Page) input()            {}
func (Away) input()            {}
func (Opened) input()          {}
func (HandOver) input()        {}
func (Farewell) input()        {}
func (RecognitionLost) input() {}

// backlog limits the inputs that wait while one is handled.
const backlog = 64

// Inbox brings inputs to a conversation.
type Inbox struct {
	posted chan posted
	over   chan struct{} // closed when inputs are of no use any more
}

// posted is an input and when it was posted.
type posted struct {
	Input
	at time.Time
}

// NewInbox returns the inbox of a conversation that is yet to be made.
func NewInbox() *Inbox {
	return &Inbox{posted: make(chan posted, backlog), over: make(chan struct{})}
}

// Post tells the conversation of something. It may be called from anywhere,
// before, while and after the conversation runs; inputs of one caller are taken in
// order.
func (b *Inbox) Post(in Input) {
	select {
	case b.posted <- posted{in, time.Now()}:
	case <-b.over:
	}
}
