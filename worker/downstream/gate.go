package downstream

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
	"casey.internal/worker/transcript"
)

// margin is the time after the page has played until the candidate has the floor, so
// that the conversation knows by then that its reply is over.
const margin = 100 * time.Millisecond

// Gate passes inputs on to a conversation. While the page plays it holds them
// back: the candidate's microphone is off and what was sent cannot be stopped,
// so nothing is an interruption. Words said meanwhile are nobody's.
//
// A voice that was heard when the page began is told to have ended, since the
// page has switched its microphone off.
//
// Words that were said before the page played, but recognised too late for the
// reply to wait for them, go with the candidate's next ones: alone they would be
// answered at once.
type Gate struct {
	page  *Voice
	post  func(conversation.Input)
	asked atomic.Pointer[time.Time] // when the interviewer was asked for the reply

	mu    sync.Mutex
	held  []conversation.Input
	on    bool               // the conversation believes that a voice is heard
	voice conversation.Voice // that is heard, but was not told of; On = there is one
}

// NewGate returns a gate to what post leads to.
func NewGate(v *Voice, post func(conversation.Input)) *Gate { return &Gate{page: v, post: post} }

// Show takes an event that the page does not show: the gate learns from it when a
// reply is asked for.
func (g *Gate) Show(e channel.WorkerEvent) {
	if e, ok := e.(channel.State); ok && e.State == channel.Thinking {
		g.asked.Store(new(time.Now()))
	}
}

// Post passes an input on, now or later.
func (g *Gate) Post(in conversation.Input) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch in := in.(type) {
	case conversation.Away, conversation.Opened, conversation.Behind: // whatever is being played
		g.post(in)
	case conversation.Voice:
		g.forwardVoice(in)
	case conversation.Hearing:
		in.Words = saidOutside(in.Words, g.page.played())
		if g.pass(in) {
			return
		}
		g.postCorrection(in)
	default:
		g.pass(in)
	}
}

// pass passes an input on unless the gate is closed; then it is held.
func (g *Gate) pass(in conversation.Input) bool {
	if g.closed() {
		g.hold(in)
		return false
	}
	g.release()
	g.post(in)
	return true
}

// forwardVoice passes on that a voice begins or ends. While the gate is closed only an
// end is news.
func (g *Gate) forwardVoice(v conversation.Voice) {
	if v.On && g.closed() {
		g.voice = v
		return
	}
	g.voice, g.on = conversation.Voice{}, v.On
	g.post(v)
}

// Tick passes on what was held back when the page has played, and that a voice
// is not heard any more when it begins. It is to be called every few packets.
func (g *Gate) Tick() {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	switch closed := g.closed(); {
	case closed && g.on:
		g.on, g.voice = false, conversation.Voice{On: true, At: now}
		g.post(conversation.Voice{At: now})
	case !closed && g.voice.On:
		g.forwardVoice(conversation.Voice{On: true, At: g.since()})
	case !closed && len(g.held) > 0 && g.hasNews():
		g.release()
	}
}

// since returns when the voice that is heard began, or the page stopped playing.
func (g *Gate) since() time.Time {
	if played := g.page.playedOut().Add(-after); g.voice.At.Before(played) {
		return played
	}
	return g.voice.At
}

func (g *Gate) closed() bool { return time.Now().Before(g.page.playedOut().Add(margin)) }

// hasNews reports whether something of what is held was said after the page played.
func (g *Gate) hasNews() bool {
	played := g.page.playedOut().Add(-after)
	return slices.ContainsFunc(g.held, func(in conversation.Input) bool {
		h, words := in.(conversation.Hearing)
		return !words || slices.ContainsFunc(h.Words, func(w transcript.Word) bool { return !w.Start.Before(played) })
	})
}

// hold keeps an input; of a stretch of speech the last word on it.
func (g *Gate) hold(in conversation.Input) {
	h, words := in.(conversation.Hearing)
	if i := slices.IndexFunc(g.held, func(old conversation.Input) bool {
		o, ok := old.(conversation.Hearing)
		return ok && words && o.ID == h.ID
	}); i >= 0 {
		g.held[i] = in
		return
	}
	g.held = append(g.held, in)
}

func (g *Gate) release() {
	for _, in := range g.held {
		g.post(in)
	}
	g.held = nil
}

// postCorrection passes on what recognition changes of the turn that is being answered.
func (g *Gate) postCorrection(h conversation.Hearing) {
	asked := g.asked.Load()
	if asked == nil {
		return
	}
	h.Words = slices.DeleteFunc(slices.Clone(h.Words), func(w transcript.Word) bool { return !w.Start.Before(*asked) })
	if len(h.Words) > 0 {
		g.post(h)
	}
}

// saidOutside returns the words that were not said while the page played.
func saidOutside(words []transcript.Word, played []window) []transcript.Word {
	words = slices.DeleteFunc(slices.Clone(words), func(w transcript.Word) bool {
		return slices.ContainsFunc(played, func(p window) bool { return !w.Start.Before(p.from) && w.Start.Before(p.to) })
	})
	if !slices.ContainsFunc(words, func(w transcript.Word) bool { return !w.Punctuation }) {
		return nil
	}
	return words
}
