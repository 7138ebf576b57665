// Package turnend decides when somebody who answers has finished: a small model
// that can say why, over what is known without decoding any audio.
//
// # The question
//
// Whenever the candidate falls silent there are two stories: they have finished,
// or this is a pause and they go on. What they have said so far gives the odds of
// the second story (cues.go: an "and" at the end, a question back, the kind of
// question that was asked). While the silence lasts, the story of the pause loses
// credit: few pauses are that long, and how long they are is known, from the
// literature at first and more and more from this candidate's own (pauses.go).
//
// # The answer
//
// The turn is over when the chance that they would still go on has fallen to what
// the phase of the interview lets one risk, but never earlier or later than its
// profile says. There is no clock in here and no state: the same evidence always
// gives the same verdict.
package turnend
