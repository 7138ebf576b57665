package conversation

import "time"

// EndOfTurn decides when the candidate has finished. It is asked after every
// input while listening, and its answer is replaced by the next one.
type EndOfTurn interface {
	Decide(e Evidence) Verdict
}

// CatchUp is how long words are waited for that recognition, being behind, has yet to hear:
// in so long it hears 20 s again.
const CatchUp = 10 * time.Second

// Evidence holds all that is known about an open turn.
type Evidence struct {
	Question string          // what the interviewer said last
	Profile  string          // of the interview's phase: how patient to be
	Longest  time.Duration   // how long an answer may be in it; 0 = as long as they like
	Pauses   []time.Duration // the candidate's own, within turns, so far
	Asked    time.Time       // when that had been said
	Granted  bool            // they asked for time since, and have it
	Hurried  bool            // they were told since that there is no hurry

	Text    string    // what was said so far; empty = nothing
	Stable  bool      // recognition will not change Text any more
	Changed time.Time // when Text changed last
	Began   time.Time // when the first word did
	Spoken  time.Time // when the last word ended
	Voice   bool      // the candidate's voice is heard now
	Since   time.Time // when it began, if it is heard
	Hushed  time.Time // when the voice ended last, as its loudness says
	Fall    float64   // by how many dB it was quieter than usual then, negative if louder; 0 = not known
	Quiet   time.Time // the later of Hushed and of the end of the last word
	Behind  time.Time // since when recognition is behind, so that words may be missing; zero = it is not
	Caught  time.Time // when it had caught up last, and heard all that was said before
	Nudged  time.Time // when the candidate asked for the reply; zero = did not
	Judging bool      // a judge is reading Text, and its word will come
	Judged  Judgement // of Text; zero = nobody has
}

// Verdict says when the turn is over if nothing else happens, and why.
type Verdict struct {
	At   time.Time // zero = not until something happens
	Ask  time.Time // from when on a judge's word would help; zero = it would not
	Mark time.Time // from when on a draft's own word would, since all of the answer is likely to be there and most pauses would be over; zero = it would not
	Soon time.Time // from when on a reply may be thought of already; zero = not before At
	Then Then
	Why  string
}

// Then is the action at the end of a turn.
type Then int

// The ways to go on.
const (
	Answer   Then = iota
	Grant         // they want time to think: say so, and wait for what they say then
	CutIn         // the answer became too long: answer, and say politely that there is more to talk about
	Reassure      // they have been silent for long: say that there is no hurry
)

// Pause is the plain end of turn: a stretch of quiet, and words that no longer
// change.
type Pause struct {
	Quiet  time.Duration // how long the candidate must be quiet
	Settle time.Duration // how long unstable words must stay as they are
	Stall  time.Duration // voice without new words for this long is noise, not speech
}

// Decide implements EndOfTurn.
func (p Pause) Decide(e Evidence) Verdict {
	switch {
	case e.Text == "":
		return Verdict{Why: "nothing said yet"}
	case !e.Nudged.IsZero():
		return Verdict{At: e.Nudged, Why: "nudged"}
	case e.Voice:
		return Verdict{At: later(e.Since, e.Changed).Add(p.Stall), Why: "voice without new words"}
	}
	settled := e.Changed
	if !e.Stable {
		settled = settled.Add(p.Settle)
	}
	return Verdict{At: later(e.Quiet.Add(p.Quiet), settled), Why: "quiet and stable"}
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
