package conversation

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"strings"
	"sync"
	"sync/atomic"

	"casey.internal/worker/usage"
)

// kind is the purpose of a reply.
type kind int

const (
	greeting kind = iota
	answer        // to what the candidate said, or to their silence
	aside         // a word in between, while the candidate thinks
	apology       // for a reply that failed
	closing       // the last words; not to be interrupted
)

// The causes with which a reply is stopped.
var (
	errInterrupted = errors.New("the candidate took the floor")
	errEnding      = errors.New("the interview ends")
	errStalled     = errors.New("the reply made no progress")
	errEmpty       = errors.New("the reply had no words")
	errOutdated    = errors.New("the candidate went on")
)

// reply is one reply being thought of and spoken, in goroutines of its own. A
// nil *reply is no reply.
type reply struct {
	kind   kind
	turn   int // number that its turn has or will have
	cancel context.CancelCauseFunc
	due    chan struct{} // closed when it may be heard
	done   chan struct{} // closed when its goroutines have ended
	enough atomic.Bool   // nothing after this sentence
	news   chan news

	// Written by the speaking goroutine, read after done.
	heard    []string
	complete bool   // all of it was heard
	dropped  string // a sentence that was prepared and not told of

	steps chan step // thought of and not prepared
}

// news is an event of a reply on its way; one field is set.
type news struct {
	part  *Part    // thought of, not yet to be heard
	onset *Onset   // a sentence begins to be heard, or more is known of it
	heard *string  // a sentence has been heard
	end   *outcome // the reply is over
}

type outcome struct{ err error }

// step is a part, or why no more parts come.
type step struct {
	part Part
	err  error
}

// prepared is a part with its voice on the way.
type prepared struct {
	text      string
	utterance Utterance
	err       error
}

// partSource gives the parts of a reply, for as long as its context lasts.
type partSource func(ctx context.Context) iter.Seq2[Part, error]

// ahead limits the parts that are thought of before they are needed: the model
// is never made to wait, or it would seem to stall.
const ahead = 32

// newReply starts thinking of parts, which is said once it is due.
func newReply(ctx context.Context, k kind, turn int, parts partSource, speaker Speaker) *reply {
	ctx, cancel := context.WithCancelCause(usage.InTurn(ctx, turn))
	r := &reply{
		kind: k, turn: turn, cancel: cancel,
		due: make(chan struct{}), done: make(chan struct{}), news: make(chan news),
	}
	steps := make(chan step, ahead)
	r.steps = steps
	next := make(chan prepared) // unbuffered: one sentence is prepared ahead, no more
	whole := func() {}
	if reciter, ok := speaker.(Reciter); ok {
		next = make(chan prepared, ahead)
		speaker, whole = reciter.Recite()
	}
	var all sync.WaitGroup
	all.Go(func() { r.think(ctx, parts(ctx), steps) })
	all.Go(func() {
		r.prepare(ctx, speaker, steps, next)
		whole()
	})
	all.Go(func() { r.speak(ctx, next) })
	go func() {
		all.Wait()
		cancel(nil)
		close(r.done)
	}()
	return r
}

// think takes parts as fast as they come.
func (r *reply) think(ctx context.Context, from iter.Seq2[Part, error], steps chan<- step) {
	defer close(steps)
	for part, err := range from {
		select {
		case steps <- step{part, err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// prepare gives each sentence to the voice while the one before is spoken.
func (r *reply) prepare(ctx context.Context, speaker Speaker, steps <-chan step, next chan<- prepared) {
	defer close(next)
	for s := range steps {
		p := prepared{text: s.part.Text, err: s.err}
		if s.err == nil {
			if p.text != "" {
				p.utterance = speaker.Prepare(ctx, p.text)
			}
			if !r.post(ctx, news{part: &s.part}) {
				r.dropped = p.text
				return
			}
			if p.text == "" {
				continue
			}
		}
		select {
		case next <- p:
		case <-ctx.Done():
			return
		}
	}
}

// speak says what is prepared, in order, to the end or the first failure.
func (r *reply) speak(ctx context.Context, next <-chan prepared) {
	for p := range next {
		err := p.err
		if r.enough.Load() {
			err = ErrHandedOver
		}
		if err == nil {
			err = r.play(ctx, p)
		}
		if err != nil {
			r.post(ctx, news{end: &outcome{err}})
			r.cancel(err)
			return
		}
	}
	if ctx.Err() != nil {
		return
	}
	r.complete = true
	r.post(ctx, news{end: &outcome{}})
}

func (r *reply) play(ctx context.Context, p prepared) error {
	select {
	case <-r.due:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	err := p.utterance.Play(ctx, func(o Onset) {
		o.Text = cmp.Or(o.Text, p.text)
		r.post(ctx, news{onset: &o})
	})
	text := p.utterance.Heard()
	if text != "" {
		r.heard = append(r.heard, text)
		r.post(ctx, news{heard: &text})
	}
	return err
}

// post reports to the conversation; false = it does not want to know any more.
func (r *reply) post(ctx context.Context, n news) bool {
	select {
	case r.news <- n:
		return true
	case <-ctx.Done():
		return false
	}
}

// progress returns the channel of the reply's news; a nil reply has none.
func (r *reply) progress() <-chan news {
	if r == nil {
		return nil
	}
	return r.news
}

// stop ends the reply, waits for its goroutines and returns what was heard of
// it and whether that was all. After it no news comes.
func (r *reply) stop(cause error) (text string, complete bool) {
	r.cancel(cause)
	<-r.done
	return strings.Join(r.heard, " "), r.complete
}

// unspoken returns the sentences that were never reported; call it after stop.
func (r *reply) unspoken() (sentences []string) {
	if r.dropped != "" {
		sentences = append(sentences, r.dropped)
	}
	for s := range r.steps {
		if s.err == nil && s.part.Text != "" {
			sentences = append(sentences, s.part.Text)
		}
	}
	return sentences
}

// preparedSpeaker speaks one line that was prepared before.
type preparedSpeaker struct{ utterance Utterance }

// Prepare implements Speaker.
func (s preparedSpeaker) Prepare(context.Context, string) Utterance { return s.utterance }

// fixedParts is a reply whose sentences are known.
func fixedParts(lines ...string) partSource {
	return func(context.Context) iter.Seq2[Part, error] {
		return func(yield func(Part, error) bool) {
			for _, line := range lines {
				if !yield(Part{Text: line}, nil) {
					return
				}
			}
		}
	}
}
