// Package pipeline makes a conversation of a session: it is the Talk that
// joins a candidate's line to recognition, an interviewer and a voice.
//
// One goroutine attends to the line: packets go into the microphone, whose
// pages the ears hear, and past the level detector, which tells of voice;
// events of the page become inputs. What page it is decides how things are said:
// over RTP to casey's own, as files to the legacy client. A second runs the ears, a third passes on
// what they understood, and Run itself holds the conversation. All of them end
// with it.
package pipeline

import (
	"cmp"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/mic"
	"casey.internal/worker/ogg"
	"casey.internal/worker/pacing"
	"casey.internal/worker/recognition"
	"casey.internal/worker/session"
	"casey.internal/worker/speech"
	"casey.internal/worker/turnend"
	"casey.internal/worker/vad"
)

// Config is what interviews are made of. The functions return what is one
// session's own: what it costs is counted there.
type Config struct {
	Recognizer  func(id interview.SessionID, turn func() int) recognition.Recognizer // turn is the last that has begun
	Model       func(interview.SessionID) interviewer.Model
	Synthesizer func(interview.SessionID) speech.Synthesizer
	Fallback    func(interview.SessionID) speech.Synthesizer // says what the other one cannot; nil = nobody does
	Open        func(audio io.Reader) speech.Packets         // of the synthesizer's audio; nil = Ogg Opus
	Files       func(interview.SessionID) speech.Synthesizer // of MP3, for the legacy client
	OtherFiles  func(interview.SessionID) speech.Synthesizer // says what Files cannot; nil = nobody does

	Wheel    *pacing.Wheel                       // must run
	Cache    *speech.Cache                       // of the worker; nil = none
	Frame    time.Duration                       // of a packet; 0 = 20 ms
	Framing  func() (recognition.Framing, error) // of the audio for recognition; nil = Ogg Opus
	Settings conversation.Settings
	Timed    func(channel.Metrics) // is told how soon each reply came; nil = nobody is
	Listen   turnend.Profiles      // how patient to be; nil = turnend.Defaults
	Rates    Rates                 // what the services cost
}

// Talk holds interviews; it is one for all sessions of a worker, but those that
// were prepared have one of their own.
type Talk struct {
	config Config
	turn   *turn // of the session that was prepared; nil = none was
}

// New returns a Talk.
func New(c Config) *Talk {
	if c.Listen == nil {
		c.Listen = turnend.Defaults()
	}
	return &Talk{config: c}
}

// errOver is the cause with which everything ends when the conversation has.
var errOver = errors.New("the conversation is over")

// Run implements session.Talk. Its reason is nil after an interview that came
// to its end, a *fault.Error after one that did not, for instance because there
// is none of its name, and otherwise the cause of ctx.
func (t *Talk) Run(ctx context.Context, line session.Media) (reason error) {
	data, err := interviewer.Load(line.Session.Interview)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	var tasks sync.WaitGroup
	tasks.Go(func() { t.warm(ctx, line, data) }) // while the line comes up
	opened, early := meet(ctx, line)
	var c *conversation.Conversation
	latest := cmp.Or(t.turn, new(turn))
	latest.after(line.Turns)
	way := t.medium(line, opened, latest, func(in conversation.Input) { c.Post(in) })
	hears := recognition.New(t.config.Recognizer(line.Session.ID, latest.number), recognition.Config{Framing: t.config.Framing, Log: line.Log})
	c = conversation.New(conversation.Config{
		Settings:    t.config.Settings,
		EndOfTurn:   turnend.New(t.config.Listen),
		Interviewer: interviewer.New(data, t.config.Model(line.Session.ID)),
		Speaker:     way.speaker,
		Holder:      way.holder,
		Ears:        hears,
		Recorder:    way.book,
		Screen:      way.screen,
		History:     line.Turns,
		Carry:       carried(line),
		Keep:        func(c conversation.Carry) { keep(line, c) },
		Log:         line.Log,
	})
	began := time.Now()
	a := &attendant{
		line: line, medium: way,
		mic:   mic.New(began, ogg.NewMuxer(rand.Uint32(), hears.Hear)),
		voice: vad.NewDetector(vad.Config{End: t.config.Settings.Hang}),
	}
	tasks.Go(func() { a.run(ctx, early) })
	tasks.Go(func() { listen(ctx, hears, way.post) })
	tasks.Go(func() { understand(hears, began, way.post) })
	reason = c.Run(ctx)
	cancel(errOver)
	tasks.Wait()
	way.close()
	return leaving(reason)
}

// listen runs the ears; without them there is no conversation.
func listen(ctx context.Context, e *recognition.Recognition, post func(conversation.Input)) {
	if err := e.Run(ctx); err != nil && ctx.Err() == nil {
		post(conversation.Deaf{Err: err})
	}
}

// understand passes on what the ears make of it, until they stop.
func understand(e *recognition.Recognition, began time.Time, post func(conversation.Input)) {
	for r := range e.Results() {
		post(hearing(r, began))
	}
}

// hearing puts a result on the clock.
func hearing(r recognition.Result, began time.Time) conversation.Hearing {
	h := conversation.Hearing{ID: r.ID, Final: !r.Partial}
	for _, w := range r.Words {
		h.Words = append(h.Words, conversation.Word{
			Text: w.Text, Start: began.Add(w.Start), End: began.Add(w.End), Stable: w.Stable, Punctuation: w.Punctuation,
		})
	}
	return h
}
