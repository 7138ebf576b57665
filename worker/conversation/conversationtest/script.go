// Package conversationtest plays conversations from scripts that a person can
// read and write, on the fake clock of testing/synctest.
//
// A script is a text file: what happens, a line `---`, and what must come of
// it, to the hundredth of a second. Times are seconds since the beginning.
//
//	# comment
//	greeting "Hello." "What did you build?"  sentences; default "Hello."
//	reply "I see." "And then?"     the next reply; when there are none left: "Good." "Go on."
//	reply phase 2 "Let us go on."  ... that goes to a phase; also `exhibit 1`, `over`,
//	                               `breaks` (fails at its end)
//	history interviewer: "Hello."  a turn from before
//	carry phase 2 handed "And?"    goes on where another stopped, with what it had yet to say
//	                               after the interviewer's last turn of the history;
//	                               also `due`, `open`, `over`
//	bedrock slow 2                 seconds to the first sentence; default 0.5
//	bedrock fails 2                the first two replies; without a number: all. Also `stalls`
//	polly slow 1                   seconds to the first packet; default 0.1
//	polly fails 2                  sentences; without a number: all. Also `stalls`
//	transcribe lag 1               seconds from the end of a word to the result; default 0.3
//	transcribe late 1.9            seconds from the end of speech to the final result; default 1.1
//	transcribe drops 3-4           nothing comes in this time; it comes half a second after
//	behind 3-4                     recognition says that it is
//	transcribe dies 5
//	limit 20                       seconds the interview may last
//	echo                           their browser still learns to cancel the interviewer's echo
//	thoughts                       tell also what the model was asked, and what was thrown away
//	longest 60                     seconds that an answer may last
//	language de                    of the interview, by its code; default: en
//	listens reflective             with turnend's model in this profile; default: plain
//	                               silence of 0.8 s
//	judge finished 0.25            a judge says so of anything, after so many seconds, and is
//	                               right nineteen times of twenty; also `unfinished`,
//	                               `thinking`, `asks`, `fails`
//	judge finished 0.25 of "I led" of these words alone; `unfinished` of others
//	marks finished of "I led"      what a draft begins with, where it is of these words alone;
//	                               `unfinished` of others. Also without words; `unfinished`, `none`
//	2-4 candidate: "I led a team"  spoken evenly; each word is recognised 0.3 s after it was said
//	2-4 candidate: "I led a tea" final "I led a team"
//	2.5 candidate: "I led | a team || of five"   0.3 s a word, | a pause of 0.5 s, each
//	                               further | one of a second more
//	5-6 candidate goes on: "of 5"  in the same stretch of recognition as the line before
//	6-7 candidate quietly: "well"  so that no voice is noticed; also `goes on quietly`
//	6-7 candidate apart: "well"    so that the voice is known to be no echo
//	2-4 candidate: "I led" falling 6        by so many dB at its end; default: that is not known
//	cough 3.1-3.3                  voice without words
//	nudge 4                        also: end 9, hand over 3, farewell 3, open 5, mute 5-6,
//	                               away 5-6, hang up 30 (default: 20 s after all else)
//	broken 8 silent since 4.5 back 9       nothing of what was sent from 4.5 on arrived
//	gone 9                         ended before, and will not be back
//
// What comes of it: `@1.30 thinking`, `listening`, `speaking "Go on."` for
// each sentence, `notice`, `phase`, `exhibit`, `written`, `report`, `over`, `kept` (a report, after the conversation); and
// then each turn as it is on record: `heard interviewer: "Go" [cut]`; and each
// thought, `asked @4.20 about "I led"`, with when it was thrown away.
package conversationtest

import (
	"time"

	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
	"casey.internal/worker/language"
)

// Script is a conversation to be played.
type Script struct {
	Greeting []string
	Replies  []Reply
	History  []interview.Turn
	Model    Service
	Voice    Service
	Lag      time.Duration          // of partial results, after each word
	Late     time.Duration          // of final results, after the speech
	Drops    []Stretch              // of recognition
	Limit    time.Duration          // 0 = the default
	Echo     bool                   // may be heard in the first seconds
	Thoughts bool                   // the trace ends with what the model was asked
	Longest  time.Duration          // an answer; 0 = as long as they like
	Language language.Language      // of the interview; empty = English
	Profile  string                 // with which turnend's model listens; empty = silence of Settings.Pause alone
	Ends     conversation.EndOfTurn // decides instead of those; nil = does not
	Marks    Marker                 // says what drafts begin with; nil = they are not asked to begin with a mark
	Judge    conversation.Judge     // is asked before the end of a turn; nil = nobody is

	Speeches []Speech
	Noises   []Stretch
	Mutes    []Stretch
	Events   []Event
	Carry    conversation.Checkpoint
	HangUp   time.Duration // 0 = 20 s after the last thing
}

// Marker is the interviewer's own word on whether the candidate has finished.
type Marker interface {
	// Mark is what a draft of these words begins with; empty = with no mark.
	Mark(text string) conversation.Opinion
	// Weight is how much that counts; see conversation.Judgement.
	Weight(conversation.Opinion) float64
}

// Reply is one reply of the interviewer.
type Reply struct {
	Sentences []string
	Phase     int // to go to; 0 = stay
	Exhibit   int // to show; 0 = none
	Over      bool
	Breaks    bool // fails after the last sentence
}

// Service describes how well a service does.
type Service struct {
	Delay  time.Duration
	Fails  int // calls that fail, from the first on; -1 = all
	Stalls bool
}

// Stretch is a stretch of time.
type Stretch struct{ From, To time.Duration }

// Speech is something that the candidate says.
type Speech struct {
	Stretch
	Words  []string
	Final  []string // what recognition makes of it in the end; nil = Words
	GoesOn bool     // in the same stretch of recognition as the speech before
	Quiet  bool     // too quietly for the level to tell of a voice
	Apart  bool     // so that it is known for no echo
	Fall   float64  // of the voice at its end, dB; 0 = not known
}

// Event is an input at a time.
type Event struct {
	At     time.Duration
	Input  conversation.Input
	Silent time.Duration // since when nothing arrives, of an Away; 0 = At
}

// New returns a script in which nobody says anything but a greeting.
func New() *Script {
	return &Script{
		Greeting: []string{"Hello."},
		Model:    Service{Delay: 500 * time.Millisecond},
		Voice:    Service{Delay: 100 * time.Millisecond},
		Lag:      300 * time.Millisecond,
		Late:     1100 * time.Millisecond,
	}
}

// end returns when the candidate hangs up.
func (s *Script) end() time.Duration {
	if s.HangUp != 0 {
		return s.HangUp
	}
	var last time.Duration
	for _, stretches := range [][]Stretch{s.Noises, s.Mutes, s.Drops} {
		for _, x := range stretches {
			last = max(last, x.To)
		}
	}
	for _, x := range s.Speeches {
		last = max(last, x.To)
	}
	for _, x := range s.Events {
		last = max(last, x.At)
	}
	return last + 20*time.Second
}
