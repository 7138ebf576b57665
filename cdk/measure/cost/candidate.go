package cost

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/peer"
	"casey.internal/worker/session"
	"casey.internal/worker/turnend/answers"
)

// candidate is somebody in an interview: what they hear and say.
type candidate struct {
	packets chan peer.Packet
	events  chan session.Event
	answers int // of those in the files, one after the other, for one of theirs

	random *rand.Rand // of what they say, and when
	noise  *rand.Rand // of how loud it is
	person *answers.Person
	set    []answers.Answer
	next   uint16

	mu       sync.Mutex
	speaking bool          // the interviewer does
	listened time.Duration // that the interviewer spoke
	since    time.Time
	turns    map[int]interview.Turn
	finish   func(context.Context)
	spoke    time.Duration // words of theirs
	said     []string
}

func newCandidate(together int, person uint64) *candidate {
	random := rand.New(rand.NewPCG(person, 7))
	return &candidate{
		packets: make(chan peer.Packet, 50), events: make(chan session.Event, 64), answers: together, turns: map[int]interview.Turn{},
		random: random, noise: rand.New(rand.NewPCG(1, 1)), person: answers.NewPerson(random), set: answers.Of(answers.All(), "reflective"),
	}
}

// WriteRTP implements session.Out, as do the next three.
func (c *candidate) WriteRTP([]byte, uint32, bool) error { return nil }

// Send notes whether the interviewer speaks.
func (c *candidate) Send(e channel.WorkerEvent) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s, ok := e.(channel.State); ok {
		now := s.State == channel.Speaking
		if now && !c.speaking {
			c.since = time.Now()
		} else if c.speaking && !now {
			c.listened += time.Since(c.since)
		}
		c.speaking = now
	}
	return nil
}

var errLegacy = errors.New("not for this page")

// SendText is for the legacy client.
func (c *candidate) SendText([]byte) error { return errLegacy }

// SendBinary is for the legacy client.
func (c *candidate) SendBinary([]byte) error { return errLegacy }

// PutTurn implements session.Book, as do the next three.
func (c *candidate) PutTurn(t interview.Turn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turns[t.Number] = t
}

// Keep keeps nothing.
func (c *candidate) Keep(string) {}

// KeepJob is for a candidate who tells of a job; this one does not.
func (c *candidate) KeepJob(interview.Job, func()) {}

// Finish keeps what is left to do.
func (c *candidate) Finish(f func(context.Context)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.finish = f
}

func (c *candidate) hears() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speaking
}

// talk listens and answers until ctx ends.
func (c *candidate) talk(ctx context.Context) {
	c.events <- session.Opened{Label: channel.Label, Protocol: channel.Protocol}
	for ctx.Err() == nil {
		for !c.hears() && ctx.Err() == nil {
			c.quiet(ctx, frame)
		}
		for c.hears() && ctx.Err() == nil {
			c.quiet(ctx, frame)
		}
		c.quiet(ctx, time.Duration(500+c.random.IntN(1500))*time.Millisecond) // a question wants a moment
		for n := range c.answers {
			if n > 0 {
				c.quiet(ctx, time.Duration(300+c.random.IntN(700))*time.Millisecond)
			}
			c.say(ctx, c.person.Say(c.set[c.random.IntN(len(c.set))]))
		}
	}
}

// say speaks until the end, or until the interviewer does.
func (c *candidate) say(ctx context.Context, s answers.Speech) {
	at := time.Duration(0)
	for _, x := range s.Stretches {
		c.quiet(ctx, x.From-at)
		if c.hears() {
			return
		}
		at = max(at, x.From)
		for _, w := range x.Words {
			length := w.End.Sub(w.Start).Round(frame)
			c.spoke += length
			c.said = append(c.said, w.Text)
			for n := length / frame; n > 0; n-- {
				word := []byte(nil)
				if n == 1 {
					word = spokenWord(w.Text, length)
				}
				c.packet(ctx, uint8(14+c.noise.IntN(6)), word)
			}
			at += length
		}
	}
}

func (c *candidate) quiet(ctx context.Context, d time.Duration) {
	for range d / frame {
		c.packet(ctx, uint8(61+c.noise.IntN(6)), nil)
	}
}

// packet is 20 ms of SILK with its voice flag, and a word in its payload.
func (c *candidate) packet(ctx context.Context, level uint8, word []byte) {
	time.Sleep(frame)
	c.next++
	payload := []byte{0x78, 0}
	if level < 40 {
		payload[1] = 0x80
	}
	select {
	case c.packets <- peer.Packet{
		Sequence: c.next, Timestamp: uint32(c.next) * 960, Level: level, HasLevel: true, Payload: append(payload, word...), Arrived: time.Now(),
	}:
	case <-ctx.Done():
	}
}
