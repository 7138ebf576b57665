package conversationtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
	"casey.internal/worker/language"
	"casey.internal/worker/turnend"
)

// Played is the outcome of a script.
type Played struct {
	Began   time.Time
	Trace   []string         // as scripts expect it
	Turns   []interview.Turn // as on record at the end
	State   channel.Doing    // in the end; Ended when the conversation ended itself
	Metrics []conversation.Metrics
	Left    conversation.Checkpoint // as saved last
	Doubled bool                    // the interviewer spoke with two voices at a time
	Said    []Said                  // every word that the interviewer's voice said
	Err     error                   // of Run
}

// Said is a word of the interviewer, and when it had been heard.
type Said struct {
	Word string
	At   time.Time
}

// Play plays a script. It is to be called in a synctest bubble.
func Play(ctx context.Context, s *Script, log *slog.Logger) *Played {
	w := &witness{began: time.Now(), state: conversation.Listening, turns: map[int]interview.Turn{}}
	mind, mouth := &interviewer{script: s}, &speaker{script: s, switched: make(chan struct{})}
	settings := conversation.Defaults().In(cmp.Or(s.Language, language.English))
	settings.Limit = cmp.Or(s.Limit, settings.Limit)
	if !s.Echo {
		settings.BargeIn.Warm = 0
	}
	inbox := conversation.NewInbox()
	c := conversation.New(conversation.Config{
		Settings: settings, Inbox: inbox, EndOfTurn: s.endOfTurn(), Judge: s.Judge, Marks: s.weights(), Interviewer: mind, Speaker: mouth, Recorder: w, Screen: w,
		History: s.History, Log: log, Checkpoint: s.Carry, Save: w.save,
		Later: func(f func(context.Context)) { w.later = f },
	})
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	hangUp := time.AfterFunc(s.end(), func() { cancel(errHungUp) })
	defer hangUp.Stop()

	var candidate sync.WaitGroup
	candidate.Go(func() { s.play(ctx, inbox) })
	err := c.Run(ctx)
	cancel(nil)
	candidate.Wait()

	p := &Played{Began: w.began, State: w.state, Metrics: w.metrics, Left: w.left, Doubled: mouth.doubled, Said: mouth.said, Err: err}
	if !errors.Is(err, errHungUp) {
		p.State = conversation.Ended
		w.note("over" + reason(err))
	}
	w.finish()
	p.Turns = w.record()
	p.Trace = w.trace
	for _, t := range p.Turns {
		p.Trace = append(p.Trace, turnLine(t))
	}
	if s.Thoughts {
		synctest.Wait() // for what is noted of a draft that the end threw away
		p.Trace = append(append(p.Trace, mind.asked.lines(w.began)...), discarded(p.Metrics))
		if s.Judge != nil {
			p.Trace = append(p.Trace, judged(p.Metrics))
		}
	}
	return p
}

func (s *Script) endOfTurn() conversation.EndOfTurn {
	switch {
	case s.Ends != nil:
		return s.Ends
	case s.Profile == "":
		return nil
	}
	return turnend.New(turnend.Defaults()).In(cmp.Or(s.Language, language.English))
}

func reason(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, conversation.ErrHandedOver):
		return " handed over"
	case errors.Is(err, conversation.ErrParted):
		return " parted"
	}
	return " " + string(apperr.Of(err).Code)
}

func turnLine(t interview.Turn) string {
	l := fmt.Sprintf("heard %s: %q", t.Role, t.Text)
	if t.Cut {
		l += " [cut]"
	}
	if t.Ended.IsZero() {
		l += " [open]"
	}
	return l
}

// witness writes down what happens.
type witness struct {
	began time.Time

	mu      sync.Mutex
	trace   []string
	turns   map[int]interview.Turn
	state   channel.Doing
	metrics []conversation.Metrics
	left    conversation.Checkpoint
	later   func(context.Context) // what is left to do; nil = nothing
}

// Record implements conversation.Recorder.
func (w *witness) Record(t interview.Turn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.turns[t.Number] = t
}

// save notes what a conversation leaves to another.
func (w *witness) save(c conversation.Checkpoint) {
	w.left = c
	if c.Report != nil && w.later != nil {
		w.note("kept")
	}
	if !c.Handed {
		return
	}
	var left strings.Builder
	fmt.Fprintf(&left, "leaves phase %d", c.Progress.Phase.Index)
	for _, does := range []struct {
		what string
		true bool
	}{{"due", c.Due}, {"open", c.Open}} {
		if does.true {
			left.WriteString(" " + does.what)
		}
	}
	for _, sentence := range c.Rest {
		left.WriteString(fmt.Sprintf(" %q", sentence))
	}
	w.note(left.String())
}

// Show implements conversation.Screen.
func (w *witness) Show(e channel.WorkerEvent) {
	switch e := e.(type) {
	case channel.State:
		w.state = e.State
		if e.State != conversation.Speaking && !w.shows(string(e.State)) {
			w.note(string(e.State))
		}
	case channel.Caption:
		if e.Utterance != 0 {
			w.note(fmt.Sprintf("speaking %q", e.Text))
		} else if e.Turn == 0 {
			w.note(fmt.Sprintf("written %q", e.Text))
		}
	case channel.Phase:
		if e.Index > 1 {
			w.note(fmt.Sprintf("phase %d", e.Index))
		}
	case channel.Exhibit:
		w.note(fmt.Sprintf("exhibit %d", e.Index))
	case channel.Report:
		if e.Written {
			w.note("report")
		}
	case channel.Notice:
		w.note("notice " + string(e.Code))
	}
}

// finish does what is left to do.
func (w *witness) finish() {
	if w.later != nil {
		w.later(context.Background())
	}
}

// Measure implements conversation.Screen.
func (w *witness) Measure(m conversation.Metrics) { w.metrics = append(w.metrics, m) }

// shows reports whether that is the last thing noted.
func (w *witness) shows(what string) bool {
	return len(w.trace) > 0 && strings.HasSuffix(w.trace[len(w.trace)-1], " "+what)
}

func (w *witness) note(what string) {
	w.trace = append(w.trace, fmt.Sprintf("@%.2f %s", time.Since(w.began).Seconds(), what))
}

// record is the turns in which something was heard.
func (w *witness) record() []interview.Turn {
	var all []interview.Turn
	for _, t := range w.turns {
		if t.Text != "" {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b interview.Turn) int { return a.Number - b.Number })
	return all
}
