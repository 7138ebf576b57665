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
// How loud the voice was at its end counts too: it falls when somebody has
// finished, more often than not.
//
// What a judge says counts as well, if one was asked (conversation.Judge): as much
// as such a word of such a judge is worth by its measured rates. Its errors are
// taken to be its own, not those of the cues, which makes of a good judge a little
// more than it is.
//
// How long the last word was does not: it is drawn out before a silence of either
// kind, and which of the two more is not agreed upon.
//
// # The answer
//
// Waiting costs time, speaking too soon an interruption, which is as bad as a wait
// of so many seconds: that is a setting of the interview's phase. The wait is the
// one that costs least if both stories are taken by their odds, but never shorter
// or longer than the profile says. There is no clock in here and no state: the
// same evidence always gives the same verdict, and the verdict says why.
//
// Whoever has said nothing but "um" or "that is a good question" has not begun:
// they are thinking, and no turn is over.
package turnend
