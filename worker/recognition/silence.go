package recognition

import (
	"cmp"
	"sync"
	"time"
)

// Silence says how much of it a stream is sent, which is paid for by the second of
// audio; the zero value of a field means its default. Whatever may be speech, by
// what Voice is told, is sent whole.
type Silence struct {
	// Before is sent of what was heard before a voice: more than the voice
	// detector needs to hear one, the beginning of a word that is too soft for it,
	// and what the microphone may be behind. Default 400 ms.
	Before time.Duration
	// After is sent after a voice in any case, and as long as a result is awaited
	// that is not final yet: so the recogniser ends its segments as early as if it
	// heard everything. Default 1 s.
	After time.Duration
	// Longest is how long after a voice a final result is awaited; default 4 s.
	Longest time.Duration
	// Beat is how often a chunk of silence is sent while nothing else is. Amazon
	// Transcribe ends a stream that gets nothing for 15 s. Default 10 s.
	Beat time.Duration
}

// unnoticed is how old the silence is that is sent for want of anything else: a voice
// that has begun already, but is not noticed yet, comes after it.
const unnoticed = time.Second

func (s Silence) withDefaults() Silence {
	return Silence{
		cmp.Or(s.Before, 400*time.Millisecond), cmp.Or(s.After, time.Second),
		cmp.Or(s.Longest, 4*time.Second), cmp.Or(s.Beat, 10*time.Second),
	}
}

// gate decides what of the audio is sent, and knows what of it is of no use any more.
// Positions are the tape's. One that was never told of a voice sends everything.
type gate struct {
	Silence
	all bool // is sent, whatever is told

	mu           sync.Mutex
	told, voice  bool
	began, ended time.Duration // of the last voice
	covered      time.Duration // up to here final results have come
	awaited      bool          // a result is not final yet
	quiet        time.Duration // up to here nobody has spoken since what is covered
	whole        time.Duration // up to here everything is sent
	read         time.Duration // up to here it was decided
	sent         time.Duration // end of the last that was sent
	beat         time.Duration // how much was heard when something was sent last
}

// newGate returns a gate that withholds silence as s says; nil = it withholds none.
func newGate(s *Silence) *gate {
	if s == nil {
		return &gate{all: true}
	}
	return &gate{Silence: s.withDefaults()}
}

// hear is told that a voice began, or ended, at a position.
func (g *gate) hear(voice bool, at time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case voice && (g.began < g.read || !g.told): // one that was not read yet has begun earlier
		g.began = at
	case !voice && g.voice:
		g.ended = at
	}
	g.told, g.voice = !g.all, voice
}

// await is told whether a result is not final yet.
func (g *gate) await(awaited bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.awaited = awaited
}

// settle is told that final results have come up to a position, or that nobody will ask
// for what is before it. It returns up to where that is so now.
func (g *gate) settle(position time.Duration) (covered time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.covered = max(g.covered, position)
	return g.covered
}

// known returns up to where a new stream has nothing to hear again: it has a final result,
// or was silence.
func (g *gate) known() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return max(g.covered, g.quiet)
}

// decide notes that audio was decided about, and whether that was silence after words that
// have all come: a voice that has begun unnoticed is not in what is quiet then, nor is what
// is sent before it. The caller holds the lock.
func (g *gate) decide(end time.Duration) {
	g.read = max(g.read, end)
	// The detector hears a voice for longer than its words last; one that only began after
	// the words that are known has words of its own.
	recognised := g.ended < g.covered+lead && (g.ended == 0 || g.began < g.covered)
	if g.told && !g.voice && !g.awaited && recognised && g.read > g.ended+g.Longest {
		g.quiet = max(g.quiet, g.read-unnoticed-g.Before)
	}
}

// begin begins a stream at a position. It is sent whole what has been heard: what of
// that was silent is not known any more.
func (g *gate) begin(at, heard time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.whole, g.read, g.sent, g.beat = heard, at, at, at-g.Beat
}

// next decides about the audio from at to end. It is to be sent from a position on,
// which is earlier than at where what was withheld is wanted after all, as far as it is
// held; or not.
func (g *gate) next(at, end, held time.Duration) (from time.Duration, send bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.decide(end)
	switch {
	case !g.told || at < g.whole:
		return at, true
	case g.voice || at < g.ended+g.After:
		return max(g.sent, held, min(at, g.began-g.Before)), true
	case g.awaited && at < g.ended+g.Longest:
		return max(g.sent, held), true
	}
	if end-g.beat < g.Beat {
		return at, false
	}
	from = max(g.sent, held, at-g.Before-unnoticed)
	g.whole = from + 1 // the chunk there is sent, and no more
	return from, true
}

// gone notes that audio up to a position was sent.
func (g *gate) gone(end time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sent, g.beat = end, g.read
}
