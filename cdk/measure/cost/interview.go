// Package cost computes what an interview costs, from the lines that a worker writes of
// its calls to paid services: half an hour of a simulated candidate with the worker's
// own pipeline, on a virtual clock.
package cost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/price"
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/ledger"
	"casey.internal/worker/pacing"
	"casey.internal/worker/pipeline"
	"casey.internal/worker/recognition"
	"casey.internal/worker/session"
	"casey.internal/worker/speech"
)

// Kind is one kind of interview.
type Kind struct {
	Name    string               // of the interview that is held
	Answers int                  // how long the candidate's answers are: how many of turnend/answers make one
	Person  uint64               // who the candidate is
	Silence *recognition.Silence // nil = all of it is sent
	Drafts  int                  // replies to a turn that may be thought of before it is over
	Cache   bool                 // what was said before is not paid for again
	Said    *speech.Cache        // what the worker has said before; nil = nothing
	Points  bool                 // the model's cache points are used, if it takes any
	Model   string
	Engine  string
}

// Standard is the half hour whose cost is told: as casey is set.
func Standard() Kind {
	return Kind{
		Name: "entry", Answers: 2, Silence: new(recognition.Silence), Drafts: conversation.Defaults().Drafts, Cache: true, Points: true,
		Model: "us.anthropic.claude-haiku-5-5", Engine: "neural",
	}
}

// Held is an interview that was held.
type Held struct {
	Lines       []Line
	Raw         []byte        // the lines as they were written
	Length      time.Duration // of the interview
	Interviewer time.Duration // spoke
	Candidate   time.Duration // spoke, without their pauses
	Turns       []interview.Turn
	Said        []string        // by the candidate, a word each
	Waits       []time.Duration // from the end of speech to the reply
	Drafted     int             // replies that were begun early
	Thrown      int             // replies that nobody heard
}

// And returns two interviews as one.
func (h Held) And(o Held) Held {
	return Held{
		Lines: slices.Concat(h.Lines, o.Lines), Raw: slices.Concat(h.Raw, o.Raw), Length: h.Length + o.Length,
		Interviewer: h.Interviewer + o.Interviewer, Candidate: h.Candidate + o.Candidate,
		Turns: slices.Concat(h.Turns, o.Turns), Said: slices.Concat(h.Said, o.Said), Waits: slices.Concat(h.Waits, o.Waits),
		Drafted: h.Drafted + o.Drafted, Thrown: h.Thrown + o.Thrown,
	}
}

// Line is one of the usage log.
type Line struct {
	Service, Operation, Event string
	Seconds                   float64
	Characters                int
	price.Tokens
	Dollars float64
}

// Hold holds an interview; in a bubble of testing/synctest it takes seconds.
func Hold(ctx context.Context, k Kind) (Held, error) {
	data, err := interviewer.BuiltIn().Find(k.Name)
	if err != nil {
		return Held{}, fmt.Errorf("hold an interview: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var lines bytes.Buffer
	book := ledger.New(ledger.Config{Log: ledger.Writer{Writer: &lines}, Engine: k.Engine, Logger: slog.New(slog.DiscardHandler)})
	wheel, c := pacing.New(), newCandidate(k.Answers, k.Person)
	var tasks, books sync.WaitGroup
	booked, closeBook := context.WithCancel(context.WithoutCancel(ctx))
	books.Go(func() { _ = book.Run(booked) })
	tasks.Go(func() { _ = wheel.Run(ctx) })
	tasks.Go(func() { c.talk(ctx) })
	settings := conversation.Defaults()
	settings.Drafts, settings.Limit = k.Drafts, data.Length()
	var held Held
	thinks := newMind(book.Record, k)
	config := pipeline.Config{
		Interview:  data,
		Recognizer: func(interview.SessionID, func() int) recognition.Recognizer { return ear{book.Record} },
		Model:      func(interview.SessionID) interviewer.Model { return thinks },
		Voice:      pipeline.Voices{Main: func(interview.SessionID) speech.Synthesizer { return mouth{book.Record} }},
		Framing:    script, Silence: k.Silence, Wheel: wheel, Settings: settings, Rates: pipeline.Rates{Model: k.Model, Engine: k.Engine, Marks: true},
		Timed: func(m channel.Metrics) {
			if m.FirstPacket > 0 {
				held.Waits = append(held.Waits, time.Duration(m.FirstPacket)*time.Millisecond)
			}
		},
	}
	if config.Cache = k.Said; k.Cache && k.Said == nil {
		config.Cache = speech.NewCache()
	}
	began := time.Now()
	err = pipeline.New(config).Run(ctx, session.Media{
		Session: interview.Session{ID: sessionID, Interview: k.Name}, Packets: c.packets, Events: c.events, Out: c, Book: c, Log: slog.New(slog.DiscardHandler),
	})
	held.Length = time.Since(began)
	cancel()
	tasks.Wait()
	if c.finish != nil {
		c.finish(booked)
	}
	closeBook()
	books.Wait()
	if err != nil {
		return held, fmt.Errorf("hold an interview: %w", err)
	}
	return held, held.read(c, lines.Bytes())
}

// read adds what was written and what the candidate knows.
func (h *Held) read(c *candidate, lines []byte) error {
	h.Raw, h.Interviewer, h.Candidate, h.Said = lines, c.listened, c.spoke, c.said
	for n := 1; n <= len(c.turns); n++ {
		turn := c.turns[n]
		h.Turns = append(h.Turns, turn)
		var took struct {
			Drafted bool `json:"drafted"`
			Replies int  `json:"thrownReplies"`
		}
		if json.Unmarshal([]byte(turn.Took), &took) == nil {
			h.Thrown += took.Replies
			if took.Drafted {
				h.Drafted++
			}
		}
	}
	for decoder := json.NewDecoder(bytes.NewReader(lines)); ; {
		var l Line
		err := decoder.Decode(&l)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read usage lines: %w", err)
		}
		h.Lines = append(h.Lines, l)
	}
}

// Dollars returns what the calls cost whose service and operation begin so.
func (h Held) Dollars(service, operation string) (sum float64) {
	for _, l := range h.Lines {
		if l.Service == service && strings.HasPrefix(l.Operation, operation) {
			sum += l.Dollars
		}
	}
	return sum
}

// Services returns what all calls cost.
func (h Held) Services() float64 {
	return h.Dollars("transcribe", "") + h.Dollars("polly", "") + h.Dollars("bedrock", "")
}

// HalfHour is the length for which a cost is told.
const HalfHour = 30 * time.Minute

// PerHalfHour returns what half an hour costs of what the interview did.
func PerHalfHour(h Held, dollars float64) float64 {
	return dollars * HalfHour.Minutes() / h.Length.Minutes()
}

// Share is how many percent of the interview some time is.
func (h Held) Share(d time.Duration) float64 { return 100 * d.Seconds() / h.Length.Seconds() }

// Sent returns how much audio recognition was sent.
func (h Held) Sent() (sum time.Duration) {
	for _, l := range h.Lines {
		sum += time.Duration(l.Seconds * float64(time.Second))
	}
	return sum
}

// Characters returns how many were paid for as sound.
func (h Held) Characters() (sum int) {
	for _, l := range h.Lines {
		if l.Operation == audio {
			sum += l.Characters
		}
	}
	return sum
}

// Tokens returns how many the model used.
func (h Held) Tokens() (sum price.Tokens) {
	for _, l := range h.Lines {
		sum = sum.Plus(l.Tokens)
	}
	return sum
}

// Slot is what else half an hour costs: its share of a task, messages, rows and
// functions, each generously.
func Slot(d time.Duration) float64 {
	const tasks, slots, messages = 1.0, 20.0, 0.002
	return tasks*price.Fargate(true, 1, 2)*d.Hours()/slots + messages
}
