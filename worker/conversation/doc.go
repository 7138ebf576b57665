// Package conversation is the heart of casey: the turn-taking of one interview.
//
// # The loop
//
// One goroutine owns everything; Run is its loop. It waits for one of five
// things: an input from outside (words recognised, voice begun or ended, a
// button in the page), news of the reply that is being spoken or of the draft, the
// judge's word, the alarm (the earliest moment at which something happens by
// itself), or the end of its context. Each is handled to its end before the next is looked at, so nothing
// here is locked and there is no order of callbacks to think about.
//
// # The states
//
// Listening: the candidate has the floor. Words are gathered into their turn.
// After every input EndOfTurn is asked when the turn will be over if nothing
// else happens; that moment is the alarm. Nothing said yet is thinking, and no
// turn, however long it takes.
//
// Thinking: a turn was decided to be over and a reply has been started, but
// none of it has been heard. If the candidate goes on, the reply is dropped
// without a trace and the same turn is open again.
//
// Speaking: the reply is being heard. A voice has it pause at once; words are
// an interruption, and of the reply exactly what was heard goes into the record
// and into what the model is told. A cough or a "mm-hm" is none, and the reply
// goes on from the very sample at which it paused. In the first seconds the voice
// may be the interviewer's own, for the browser still learns to cancel its echo:
// then it takes a longer one. Package interruption decides which it is.
//
// Ended: the closing line has been said; the report is shown and Run returns.
//
// # Before the turn is over
//
// EndOfTurn also says from when on the end is likely. Then a draft is started: a
// reply that is thought of, and its first sentence synthesised, while the
// candidate still has the floor. When the turn is over and the words are the
// same it becomes the reply; when they go on it is thrown away, and what it cost
// is counted. Steps of the interview count when they are heard, so a draft takes
// none.
//
// A judge, where there is one, reads the question and the words meanwhile and says one
// word: finished, unfinished, thinking, or asks. It is asked once for the same words, in
// a goroutine that nothing waits for; its word is evidence for EndOfTurn, which is asked
// again then. One that is late or fails changes nothing but the log.
//
// # Time decides whose words they are
//
// Recognition is late and changes its mind: the final text of a turn comes
// after the reply to it has begun. So every decision draws a line in time, in
// the middle of the pause that it was made in. Words that began before the line
// belong to the turn before, and only correct it; words after it are new, unless
// all of them were said before the decision: then they were recognised late. Package
// transcript keeps the words and the lines.
//
// # When something fails
//
// The services' adapters have tried twice already. Here a failed reply becomes
// an apology in a voice that was prepared before, or a line of text when the
// voice is what failed; three failures in a row end the interview in words.
// A reply without progress is a failed reply: no state lasts without an alarm,
// except listening.
package conversation
