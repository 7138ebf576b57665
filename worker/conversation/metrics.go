package conversation

import "time"

// Metrics are the times and the costs of a reply that was heard.
type Metrics struct {
	Turn        int // of the reply
	Answers     int // the candidate's turn; 0 = none
	Times       Times
	Why         string // the candidate's turn was taken to be over
	Drafted     bool   // it was thought of before that
	Cost        Cost
	Discarded   Discarded // since the last reply that was heard
	Judged      Judged    // since the last reply that was heard
	Interrupted bool
	Pauses      int           // in it, because somebody seemed to speak
	Yielded     time.Duration // from that voice to the first of them
	Listened    time.Duration // that recognition was at work, since the last reply
}

// Times are the steps on the way to a reply. A zero time has not
// happened: a greeting has no end of speech, a fixed line no model.
type Times struct {
	EndOfSpeech time.Time // the candidate's voice ended
	Allowed     time.Time // the event came, or the timer was due, that allowed the decision
	Decided     time.Time // the turn was decided to be over
	Asked       time.Time // the model was asked
	FirstToken  time.Time // its answer began
	Completed   time.Time // the first sentence was complete
	Requested   time.Time // the voice was asked for it
	FirstAudio  time.Time // its first byte of audio came
	FirstPacket time.Time // its first packet went out
	Audible     time.Time // the page heard it, as the page says
}

// Own is casey's own share of the time to a reply, in which nothing but casey
// was at work.
type Own struct {
	Decide time.Duration // from what allowed the decision to the decision
	Ask    time.Duration // from there to the question to the model
	Voice  time.Duration // from a complete sentence to the request for its voice
	Send   time.Duration // from the first byte of audio to the first packet
}

// Own returns casey's own share. false = the reply was not of the kind that has
// all four parts.
func (t Times) Own() (own Own, ok bool) {
	for _, part := range []struct {
		share    *time.Duration
		from, to time.Time
	}{
		{&own.Decide, t.Allowed, t.Decided},
		{&own.Ask, t.Decided, later(t.Asked, t.Decided)},
		{&own.Voice, t.Completed, t.Requested},
		{&own.Send, later(t.FirstAudio, t.Decided), t.FirstPacket},
	} {
		if part.from.IsZero() || part.to.IsZero() || t.Asked.IsZero() {
			return Own{}, false
		}
		*part.share = part.to.Sub(part.from)
	}
	return own, true
}
