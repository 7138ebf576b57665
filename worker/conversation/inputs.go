package conversation

import (
	"slices"
	"time"
)

// Input is something that happens to a conversation from outside.
type Input interface{ input() }

// The inputs.
type (
	// Hearing is what recognition makes of a stretch of the candidate's
	// speech so far. It replaces those with the same ID, and those that were
	// not Final and overlap it in time.
	Hearing struct {
		ID    string
		Final bool
		Words []Word
	}
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

// Word is a word, or a punctuation mark, and when it was spoken.
type Word struct {
	Text        string
	Start, End  time.Time
	Stable      bool // recognition will not change it any more
	Punctuation bool
}

// settled reports whether recognition has made up its mind about all words.
func (h Hearing) settled() bool {
	return h.Final || !slices.ContainsFunc(h.Words, func(w Word) bool { return !w.Stable })
}

// overlaps reports whether x and y are, in part, of the same stretch of time.
func (h Hearing) overlaps(x Hearing) bool {
	if len(h.Words) == 0 || len(x.Words) == 0 {
		return false
	}
	began, ended := h.Words[0].Start, h.Words[len(h.Words)-1].End
	return began.Before(x.Words[len(x.Words)-1].End) && x.Words[0].Start.Before(ended)
}

// before reports whether h was spoken before y.
func (h Hearing) before(y Hearing) bool {
	return len(h.Words) > 0 && len(y.Words) > 0 && h.Words[0].Start.Before(y.Words[0].Start)
}
