package conversation

import (
	"time"

	"casey.internal/worker/interruption"
	"casey.internal/worker/language"
)

// Settings is everything about turn-taking that can be tuned.
type Settings struct {
	Pause       Pause // the end of the candidate's turn, where Config.EndOfTurn is nil
	BargeIn     interruption.Settings
	Judge       time.Duration // the longest wait for a judge's word
	Drafts      int           // replies to one turn that may be thought of before it is over
	Insist      time.Duration // how long the interviewer who cuts in goes on, whatever the candidate says
	Hang        time.Duration // how late the end of a voice may be told; see Voice
	Resume      time.Duration // quiet after a break, after which the interviewer goes on
	NudgeWait   time.Duration // how long a nudge waits for words that are still being recognised
	Wordless    time.Duration // voice for this long without a word is told to the candidate
	Model       time.Duration // the longest wait for a sentence of the model
	Voice       time.Duration // the longest wait for the first packet of a sentence
	Utterance   time.Duration // the longest that one sentence may take to say
	Report      time.Duration // the longest wait for the feedback at the end
	Limit       time.Duration // of the whole interview
	HandOver    time.Duration // the longest wait for the candidate before another conversation takes over
	MaxFailures int           // replies that fail in a row before the interview ends

	Lines
}

// Defaults are the settings of an ordinary interview.
func Defaults() Settings {
	return Settings{
		Pause:       Pause{Quiet: 800 * time.Millisecond, Settle: 400 * time.Millisecond, Stall: 4 * time.Second},
		BargeIn:     interruption.Defaults(),
		Judge:       2 * time.Second,
		Drafts:      3,
		Insist:      2 * time.Second,
		Hang:        200 * time.Millisecond,
		Resume:      2 * time.Second,
		NudgeWait:   time.Second,
		Wordless:    8 * time.Second,
		Model:       8 * time.Second,
		Voice:       5 * time.Second,
		Utterance:   30 * time.Second,
		Report:      30 * time.Second,
		Limit:       time.Hour,
		HandOver:    10 * time.Second,
		MaxFailures: 3,
		Lines:       linesOf[language.English],
	}
}
