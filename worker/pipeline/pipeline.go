// Package pipeline makes a conversation of a session: it is the Talk that joins a
// candidate's media to recognition, an interviewer and a voice.
//
// One goroutine handles packets and events: packets go into the microphone, whose
// audio recognition hears, and past the voice detector; what the page says becomes
// inputs. The page decides how things are said: over RTP to casey's own, as files
// to the legacy client. A second goroutine runs recognition, a third passes on what
// it understood, and Run itself holds the conversation. All of them end with it.
package pipeline

import (
	"cmp"
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/language"
	"casey.internal/worker/mic"
	"casey.internal/worker/pacing"
	"casey.internal/worker/recognition"
	"casey.internal/worker/session"
	"casey.internal/worker/speech"
	"casey.internal/worker/transcript"
	"casey.internal/worker/turnend"
	"casey.internal/worker/vad"
)

// Config lists the parts of interviews. The functions return what is one
// session's own: what it costs is counted there.
type Config struct {
	Interview  *interviewer.Interview
	Recognizer func(id interview.SessionID, turn func() int) recognition.Recognizer // turn is the last that has begun
	Model      func(interview.SessionID) interviewer.Model
	Judge      func(interview.SessionID) conversation.Judge // of whether a candidate has finished; nil = nobody is asked
	// Marks has the interviewer's model itself say whether a candidate has finished, and returns
	// how much that counts; see conversation.Config. nil = it does not.
	Marks func(conversation.Opinion) float64
	Voice Voices
	Files Voices                               // of MP3, for the legacy client
	Open  func(audio io.Reader) speech.Packets // of Voice's audio; nil = Ogg Opus

	Wheel    *pacing.Wheel                       // must run
	Cache    *speech.Cache                       // of the voice; nil = none
	Frame    time.Duration                       // of a packet; 0 = 20 ms
	Framing  func() (recognition.Framing, error) // of the audio for recognition; nil = Ogg Opus
	Silence  *recognition.Silence                // how much of it recognition is sent; nil = all
	Settings conversation.Settings
	Timed    func(channel.Metrics) // is told how soon each reply came; nil = nobody is
	Listen   turnend.Profiles      // how patient to be; nil = turnend.Defaults
	Rates    Rates                 // what the services cost
	Sound    *Sound                // adds up what became of the sound; nil = nobody does
}

// Voices are the interviewer's voice in a session, and the one that says what that
// one cannot.
type Voices struct {
	Main     func(interview.SessionID) speech.Synthesizer
	Fallback func(interview.SessionID) speech.Synthesizer // nil = there is none
}

// of returns the voices of one session; fallback is nil where there is none.
func (v Voices) of(media session.Media) (main, fallback speech.Synthesizer) {
	if v.Fallback != nil {
		fallback = v.Fallback(media.Session.ID)
	}
	return v.Main(media.Session.ID), fallback
}

// Talk holds interviews of one kind; sessions that were prepared have one of their own.
type Talk struct {
	config Config
	turns  *turnCounter // of the session that was prepared; nil = none was
}

// New returns a Talk.
func New(c Config) *Talk {
	if c.Listen == nil {
		c.Listen = turnend.Defaults()
	}
	c.Settings = c.Settings.In(language.Of(c.Interview.Language))
	return &Talk{config: c}
}

// errOver is the cause with which everything ends when the conversation has.
var errOver = errors.New("the conversation is over")

// Run implements session.Talk. Its reason is nil after an interview that came
// to its end, an *apperr.Error after one that did not, and otherwise the cause of ctx.
func (t *Talk) Run(ctx context.Context, media session.Media) (reason error) {
	if l := t.language(); !l.Known() {
		media.Log.Info("no word of this language is known: turns end by silence alone, and lines that the interview has not are English", "language", l.Name())
	}
	ctx, cancel := context.WithCancelCause(ctx)
	var tasks sync.WaitGroup
	c, page, sound := t.begin(ctx, &media, &tasks)
	reason = c.Run(ctx)
	cancel(errOver)
	tasks.Wait()
	page.Close()
	sound.add()
	media.Log.Info("sound of the session", sound.attributes()...)
	return sessionReason(reason)
}

// begin returns the conversation of a session, its page and the meter of its sound. All that
// goes on beside the conversation are tasks. What this needs on the stack is not there any
// more for as long as the interview lasts.
func (t *Talk) begin(ctx context.Context, m *session.Media, tasks *sync.WaitGroup) (*conversation.Conversation, page, *soundMeter) {
	media := *m
	tasks.Go(func() { t.warm(ctx, media) }) // while the page connects
	opened, early := awaitOpened(ctx, media)
	told, early := awaitJob(ctx, media, opened, early)
	briefing, model := interviewer.NewBriefing(told), t.config.Model(media.Session.ID)
	held := t.config.Interview.Focused(told)
	settings := t.config.Settings
	settings.Limit = min(settings.Limit, held.Length())
	tasks.Go(func() { condense(ctx, media, briefing, model) })
	latest := cmp.Or(t.turns, new(turnCounter))
	latest.note(media.Turns)
	inbox := conversation.NewInbox()
	page := t.page(media, opened, inbox)
	record := &recorder{book: media.Book, latest: latest}
	recognizer := recognition.New(t.config.Recognizer(media.Session.ID, latest.number), recognition.Config{
		Framing: t.config.Framing, Silence: t.config.Silence, Log: media.Log,
		Behind: func(on bool) { page.Post(conversation.Behind{On: on}) },
	})
	c := conversation.New(conversation.Config{
		Settings:    settings,
		Inbox:       inbox,
		EndOfTurn:   turnend.New(t.config.Listen).In(t.language()),
		Judge:       t.judge(media.Session.ID),
		Marks:       t.config.Marks,
		Interviewer: interviewer.New(held, model).Named(t.config.Rates.Model).Told(briefing),
		Speaker:     page,
		Recognizer:  recognizer,
		Recorder:    record,
		Screen:      screen{page, record, t.config.Rates, withheld(recognizer), media.Log, t.config.Timed},
		History:     media.Turns,
		Checkpoint:  readCheckpoint(media),
		Save:        func(c conversation.Checkpoint) { saveCheckpoint(media, c) },
		Later:       media.Book.Finish,
		Log:         media.Log,
	})
	began := time.Now()
	a := &attendant{
		media: media, page: page, told: told != nil,
		mic:   mic.New(began, recognizer.Hear),
		voice: vad.NewDetector(vad.Config{End: t.config.Settings.Hang}),
		ears:  newListener(recognizer, began),
	}
	a.sound = &soundMeter{sound: t.config.Sound, mic: a.mic, recognition: recognizer}
	tasks.Go(func() { a.run(ctx, early) })
	tasks.Go(func() { runRecognition(ctx, recognizer, page.Post) })
	tasks.Go(func() { postHearings(recognizer, began, page.Post) })
	return c, page, a.sound
}

// language is that of the interview.
func (t *Talk) language() language.Language { return language.Of(t.config.Interview.Language) }

// judge returns who is asked whether the candidate has finished; nil = nobody is.
func (t *Talk) judge(id interview.SessionID) conversation.Judge {
	if t.config.Judge == nil {
		return nil
	}
	return t.config.Judge(id)
}

// runRecognition runs recognition; without it there is no conversation.
func runRecognition(ctx context.Context, r *recognition.Recognition, post func(conversation.Input)) {
	if err := r.Run(ctx); err != nil && ctx.Err() == nil {
		post(conversation.RecognitionLost{Err: err})
	}
}

// postHearings passes on what recognition understood, until it stops.
func postHearings(r *recognition.Recognition, began time.Time, post func(conversation.Input)) {
	for result := range r.Results() {
		post(toHearing(result, began))
	}
}

// trusted is the confidence from which recognition trusts a word.
const trusted = 0.5

// toHearing converts a result: its times become times of day.
func toHearing(r recognition.Result, began time.Time) conversation.Hearing {
	h := conversation.Hearing{ID: r.ID, Final: !r.Partial, Words: make([]transcript.Word, 0, len(r.Words))}
	for _, w := range r.Words {
		h.Words = append(h.Words, transcript.Word{
			Text: w.Text, Start: began.Add(w.Start), End: began.Add(w.End), Stable: w.Stable, Punctuation: w.Punctuation,
			Unsure: w.Confidence > 0 && w.Confidence < trusted,
		})
	}
	return h
}
