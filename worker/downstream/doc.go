// Package downstream is the interviewer's voice for the legacy client, whose
// page plays files: MP3s that come as binary messages on a data channel of that
// name, with visemes and an `end` as texts (shared/PROTOCOL.md).
//
// # What that page can stand
//
// It decodes all that it has received and not yet played as one file, and
// forgets whatever arrives while a decode is running. A gap in the audio ends
// its reply; an `end` without audio, or a reply that comes before the last has
// been played out, breaks the next one. While it plays, its microphone is off.
// So a reply is at most two messages, each a complete MP3, far enough apart and
// with time to spare, and what was sent cannot be taken back.
//
// # What follows
//
// What the page takes for one reply is a playback here: from the first message to
// `end`. A reply of the interviewer is nearly always one playback: its first
// sentences as soon as there are enough of them, and the rest in one piece when
// it is complete. What cannot be sent in time, or does not fit, is a playback of
// its own after the page has played out the one before: the candidate then hears
// a pause of half a second, and nothing is lost. A sentence that is larger than
// the page takes is cut where a word begins.
//
// Nobody tells when the page has played what. It is estimated: all that was sent
// from the first byte on, and half a second. Voice goes by that, what was heard
// is known by it, and so is Gate, which keeps from the conversation whatever
// comes while the candidate cannot be heard.
package downstream
