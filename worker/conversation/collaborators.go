package conversation

import (
	"context"
	"iter"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/price"
)

// Interviewer decides what to say. It keeps no state between calls: what it
// must know comes with Ask, what changes goes out as Part.Progress. So a reply
// can be thrown away, and an interview can go on elsewhere.
type Interviewer interface {
	// Greeting is said first, and Progress is where the interview stands then.
	// A history says that it goes on after a break.
	Greeting(history []interview.Turn) ([]string, Progress)
	// Reply yields what to say next, sentence by sentence, as it is thought
	// of. Breaking off the iteration or ending ctx gives it up.
	Reply(ctx context.Context, a Ask) iter.Seq2[Part, error]
	// Closing is said last.
	Closing() []string
	// Feedback yields the closing feedback on what was heard as it is written: the
	// whole of it so far each time. A part that cannot be written is an error beside
	// the rest.
	Feedback(ctx context.Context, history []interview.Turn) iter.Seq2[channel.Report, error]
}

// Ask is a request for a reply.
type Ask struct {
	History  []interview.Turn // what was heard, no more; read only
	Progress Progress
	Left     time.Duration // until the interview has to be over; 0 = as long as it takes
	Silent   bool          // the candidate said nothing and wants the interviewer to go on
	Marked   bool          // they may not have finished: the reply says first whether they have (Part.Says)
	CutIn    bool          // the candidate's answer became too long and was cut short
}

// Part is a piece of a reply: a sentence, a step of the interview, or both.
type Part struct {
	Text     string    // one sentence to say; empty = none
	Progress *Progress // where the interview stands if this reply is spoken
	Says     Opinion   // whether the candidate has finished, where Ask.Marked wants to know; empty = that is not said

	Asked      time.Time // when the model was asked for this part
	FirstToken time.Time // when its answer began
	Completed  time.Time // when the piece came that completed Text
	Cost       Cost      // of the request as the service counted it; set on its last part
	Estimate   Cost      // of the request until it is counted; set on its first part
}

// Cost counts what a reply used.
type Cost struct {
	price.Tokens
	Characters int // of text given to the voice
}

// Plus returns the cost of both.
func (c Cost) Plus(d Cost) Cost {
	return Cost{c.Tokens.Plus(d.Tokens), c.Characters + d.Characters}
}

// Progress is an interview's state: its phase, and what is shown.
type Progress struct {
	Phase   channel.Phase
	Profile string           // how patient to be in this phase; see Evidence.Profile
	Longest time.Duration    // how long an answer may be in it; 0 = as long as they like
	Exhibit *channel.Exhibit // what is shown; nil = nothing yet
	Over    bool             // the last phase is done: the interview ends after this reply
}

// Speaker says things.
type Speaker interface {
	// Prepare begins to synthesise a sentence and returns at once. ctx governs
	// all of the utterance's life; an end releases what was prepared.
	Prepare(ctx context.Context, text string) Utterance
}

// Reciter is a Speaker that has to know more of a reply than its next sentence:
// what else there is to say, and where it ends.
type Reciter interface {
	Speaker
	// Recite begins a reply. All its sentences are prepared with the Speaker
	// that it returns, as soon as they are known, and played in order. whole is
	// called when no more will be prepared.
	Recite() (s Speaker, whole func())
}

// Holder is a Speaker that can stop in the middle and go on. Both return at once.
type Holder interface {
	// Pause has no packet follow, and nothing begin.
	Pause()
	// Resume goes on with the very frame before which Pause stopped. It does
	// nothing where Pause was not called.
	Resume()
}

// Utterance is one sentence on its way to the candidate's ears.
type Utterance interface {
	// Play sends it and returns when the last packet has been played, or soon
	// after ctx ended. It calls began with the first packet, once more if the
	// words become known later, and when it goes on after a pause: with the rest
	// as an utterance of its own.
	Play(ctx context.Context, began func(Onset)) error
	// Heard returns, after Play, what of the text has been heard.
	Heard() string
}

// Onset tells of an utterance that has just begun to be heard.
type Onset struct {
	Utterance   int       // its number in the session, from 1
	Text        string    // as it is said; empty = as it was given
	Requested   time.Time // when the voice was asked for
	FirstAudio  time.Time // when its first byte came
	FirstPacket time.Time // when the first packet went out
	Words       []channel.Mark
}

// Recognizer recognises what the candidate says, and posts it as Hearing.
type Recognizer interface {
	// Renew has what was said since the last final result recognised anew. It
	// must not block.
	Renew()
}

// Recorder stores turns: each when it begins and whenever it changes. It must
// not block. Session and Epoch of the turn are its to fill in.
type Recorder interface {
	Record(t interview.Turn)
}

// Screen shows what happens to the candidate. It must not block.
type Screen interface {
	Show(e channel.WorkerEvent)
	// Measure notes what a reply that was heard took.
	Measure(m Metrics)
}
