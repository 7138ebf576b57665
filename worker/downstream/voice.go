package downstream

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"casey.internal/worker/conversation"
	"casey.internal/worker/language"
	"casey.internal/worker/peer"
	"casey.internal/worker/speakable"
	"casey.internal/worker/speech"
)

// Out takes what the page gets, in order: the session's media. Neither method
// blocks.
type Out interface {
	SendText(data []byte) error
	SendBinary(data []byte) error
}

// Sizes of a message in bytes.
const (
	usualMessage   = 64 << 10  // what a page takes that does not say (RFC 8841 6)
	largestMessage = 192 << 10 // what is sent to a page that takes any: 32 s
)

// Config says how a Voice speaks.
type Config struct {
	Synthesizer speech.Synthesizer // must give MP3
	Fallback    speech.Synthesizer // says what the other one cannot, as MP3 too; nil = nobody does
	Out         Out
	MaxMessage  int               // bytes of the largest message that the page takes; 0 = 64 KB
	Language    language.Language // of what is said; empty = English
	Log         *slog.Logger      // default: none
}

// Voice is the interviewer's voice in the session of a legacy client. It
// implements conversation.Reciter; one reply at a time is played.
type Voice struct {
	config Config
	calls  chan struct{} // one for each synthesis in progress
	tasks  sync.WaitGroup

	mu      sync.Mutex
	count   int      // of utterances
	windows []window // when the page played, oldest first
}

// window is a time in which the page plays without a break.
type window struct{ from, to time.Time }

const (
	inProgress = 3  // syntheses at once
	remembered = 16 // windows: recognition is seconds late, not minutes
)

// New returns a silent Voice.
func New(c Config) *Voice {
	if c.MaxMessage <= 0 {
		c.MaxMessage = usualMessage
	}
	if c.Language == "" {
		c.Language = language.English
	}
	c.MaxMessage = min(c.MaxMessage, largestMessage)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Voice{config: c, calls: make(chan struct{}, inProgress)}
}

// Close waits for whatever is in progress; the contexts that were given to
// Prepare must have ended.
func (v *Voice) Close() { v.tasks.Wait() }

// Recite implements conversation.Reciter.
func (v *Voice) Recite() (s conversation.Speaker, whole func()) {
	r := newReply(v)
	return r, r.complete
}

// Prepare implements conversation.Speaker: a reply of one sentence.
func (v *Voice) Prepare(ctx context.Context, text string) conversation.Utterance {
	r := newReply(v)
	defer r.complete()
	return r.Prepare(ctx, text)
}

func (v *Voice) newUtterance(r *reply, text string) *utterance {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.count++
	return &utterance{
		reply: r, number: v.count, line: speakable.Of(text, v.config.Language), requested: time.Now(), ready: make(chan struct{}),
	}
}

// notePlayback notes when the page plays.
func (v *Voice) notePlayback(from, to time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if n := len(v.windows); n > 0 && v.windows[n-1].from.Equal(from) {
		v.windows[n-1].to = to
		return
	}
	v.windows = append(v.windows[max(0, len(v.windows)-remembered):], window{from, to})
}

// playedOut returns when the page will have played out all that it was sent.
func (v *Voice) playedOut() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.windows) == 0 {
		return time.Time{}
	}
	return v.windows[len(v.windows)-1].to.Add(after)
}

// Delayed says that the page was not reached for a while, and is reached again
// now: what it had not yet played when it was lost may all come only now.
func (v *Voice) Delayed(lost time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if n := len(v.windows); n > 0 && v.windows[n-1].to.Add(after).After(lost) {
		w := &v.windows[n-1]
		w.to = time.Now().Add(w.to.Sub(w.from))
	}
}

// played returns the times in which the page played, as far as remembered.
func (v *Voice) played() []window {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.windows)
}

// again is the wait before a text is sent once more when too much waits to be sent.
const again = 10 * time.Millisecond

// sendText sends a text, and waits while too much is on its way: not for long, since
// the peer is closed if nothing leaves.
func (v *Voice) sendText(data []byte) error {
	for range int(after / again) {
		if err := v.config.Out.SendText(data); !errors.Is(err, peer.ErrChannelFull) {
			return err
		}
		time.Sleep(again)
	}
	return peer.ErrChannelFull
}
