package density

import (
	"context"
	"sync/atomic"
	"time"

	"casey.internal/cdk/client"
	"casey.internal/shared/channel"
)

// candidate answers as soon as a reply is over, and is silent otherwise.
type candidate struct {
	*client.Client
	connected chan struct{}
	listening atomic.Bool // whether the interviewer does
}

// enter has a candidate come and returns when the connection stands.
func enter(ctx context.Context, url string) (*candidate, error) {
	ctx, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	c := &candidate{connected: make(chan struct{})}
	joined, err := client.Join(ctx, client.Config{URL: url, Watch: c.watch})
	if err != nil {
		return nil, err
	}
	c.Client = joined
	select {
	case <-c.connected:
		return c, nil
	case <-ctx.Done():
		joined.Close()
		return nil, context.Cause(ctx)
	}
}

// watch takes note of what happens; client calls it for one event after the other.
func (c *candidate) watch(e client.Event) {
	switch {
	case e.State == "open":
		close(c.connected)
	case e.Channel != nil:
		if _, event, err := channel.ParseServer(e.Channel); err == nil {
			if state, ok := event.(*channel.State); ok {
				c.listening.Store(state.State == channel.Listening)
			}
		}
	}
}

// breath is how long a candidate is silent at least before an answer.
const breath = 200 * time.Millisecond

// sound is what a candidate's microphone hears.
type sound struct{ voice, silence []client.Frame }

// soundOf returns the sound in packets of 20 or 40 ms.
func soundOf(voice []client.Frame, frame time.Duration) sound {
	s := sound{voice, client.Silence(breath)}
	if frame > client.FrameTime {
		s = sound{client.Pairs(s.voice), client.Pairs(s.silence)}
	}
	return s
}

// talk talks until ctx ends, after a while.
func (c *candidate) talk(ctx context.Context, after time.Duration, s sound) error {
	for begin := time.Now().Add(after); ; {
		if err := c.Speak(ctx, s.silence); err != nil {
			return err
		}
		if time.Now().Before(begin) {
			continue
		}
		if !c.listening.Swap(false) {
			continue
		}
		if err := c.Speak(ctx, s.voice); err != nil {
			return err
		}
	}
}
