// Package interviewer decides what an interviewer says.
//
// An interview is data: who the interviewer is, what the interview is about,
// its phases with their questions, what there is to look at, and the rubric of
// the feedback (the JSON files in interviews). One engine holds any of them: it
// turns the data and what was heard into a prompt, a language model's answer
// into sentences as they complete, and its tools into steps of the interview.
//
// An Interviewer has no state of its own. Where the interview stands comes with
// each question and goes out with each answer, so a reply that is thrown away
// has changed nothing.
package interviewer
