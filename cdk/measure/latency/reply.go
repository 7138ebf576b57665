package latency

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"casey.internal/cdk/client"
	"casey.internal/cdk/local"
	"casey.internal/cdk/local/aws/control"
	"casey.internal/cdk/measure/report"
	"casey.internal/shared/channel"
	"casey.internal/shared/clock"
	"casey.internal/shared/wire"
)

// The goals of casey's own share of a reply, in ms, and of how far the stand-ins
// may disagree with the worker about it: what lies between them is the SDKs'
// signing, TLS and two wake-ups of processes.
const (
	goalOwn      = 10 // p50
	goalOwnTail  = 30 // p95
	goalDisagree = 10 // p50
)

// Answer returns the answer of every candidate; the canned stand-in hears its own
// script in it, and its longest line takes four seconds of voice. The voice goes on for
// three more without a word, so that words seem to be missing, which a worker waits for
// before it thinks of a reply: none is drafted, and the own share of each has all four
// parts, which the stand-ins see too. How it is with drafts, Voice measures.
func Answer(ctx context.Context) ([]client.Frame, error) {
	return client.Render(ctx, "I worked on a payment service with three other people, and the hardest part was finding the bug in the network code", "en-us")
}

// Reply measures what of a reply's time is casey's own: sessions interviews at
// the same time, each with so many replies, with stand-ins that cost next to
// nothing.
func Reply(ctx context.Context, root string, sessions, replies int, progress func(string, ...any)) (*report.Table, error) {
	voice, err := Answer(ctx)
	if err != nil {
		return nil, err
	}
	stack, err := local.Start(ctx, local.Config{
		Root: root, Slots: sessions, WorkerEnv: []string{"LOG_LEVEL=info"}, Standin: []string{"-canned"},
	})
	if err != nil {
		return nil, err
	}
	defer stack.Stop()
	began, err := stack.Metrics(ctx, "worker-1")
	if err != nil {
		return nil, err
	}
	progress("%d interviews of %d replies each", sessions, replies)
	spent, err := interviews(ctx, sessions, func(ctx context.Context) error { return converse(ctx, stack.WS, replies, voice) })
	if err != nil {
		return nil, err
	}
	ended, err := stack.Metrics(ctx, "worker-1")
	if err != nil {
		return nil, err
	}
	standins, err := control.Client{URL: stack.Standin}.State(ctx)
	if err != nil {
		return nil, err
	}
	t := report.NewTable("reply", root)
	addReplies(t, timedReplies(stack), standins.Calls)
	t.Note("worker's CPU for a minute of interview", float64(ended["cpu_us"]-began["cpu_us"])/1e6/spent.Minutes(), "s")
	return t, nil
}

// interviews holds all of them and returns how long they lasted together.
func interviews(ctx context.Context, sessions int, hold func(context.Context) error) (time.Duration, error) {
	lasted, failed := make([]time.Duration, sessions), make([]error, sessions)
	var all sync.WaitGroup
	for i := range sessions {
		all.Go(func() {
			began := time.Now().Add(time.Duration(i) * 300 * time.Millisecond) // people do not speak in chorus
			if failed[i] = clock.Sleep(ctx, time.Until(began)); failed[i] == nil {
				failed[i] = hold(ctx)
			}
			lasted[i] = time.Since(began)
		})
	}
	all.Wait()
	var sum time.Duration
	for _, d := range lasted {
		sum += d
	}
	return sum, errors.Join(failed...)
}

// replyWithin bounds a reply from the end of an answer to its own.
const replyWithin = time.Minute

// converse is one candidate, who answers as soon as a reply is over.
func converse(ctx context.Context, url string, replies int, voice []client.Frame) error {
	c, err := client.Join(ctx, client.Config{URL: url})
	if err != nil {
		return err
	}
	defer c.Close()
	at := time.Now()
	for n := range replies + 1 {
		if n > 0 {
			if err := c.Speak(ctx, voice); err != nil {
				return err
			}
		}
		if at, err = spoken(ctx, c, at); err != nil {
			return fmt.Errorf("reply %d: %w", n, err)
		}
	}
	return c.Send(ctx, &wire.End{})
}

// spoken waits, after at, for the end of a reply, and returns when it was.
func spoken(ctx context.Context, c *client.Client, at time.Time) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, replyWithin)
	defer cancel()
	e, err := c.Wait(ctx, at, doing(channel.Speaking))
	if err != nil {
		return at, err
	}
	e, err = c.Wait(ctx, e.At, doing(channel.Listening))
	return e.At, err
}

func doing(state channel.Doing) func(client.Event) bool {
	return client.Told(func(s *channel.State) bool { return s.State == state })
}
