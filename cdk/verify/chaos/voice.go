package chaos

import (
	"context"
	"sync"
	"time"

	"casey.internal/cdk/client"
)

const (
	chunk = 100 * time.Millisecond
	// shortest is the least time that the interviewer must be quiet before a person
	// speaks, and how long they speak; hush is how long they wait for the reply.
	shortest = time.Second
	hush     = 5 * time.Second
)

// some is at least the shortest time, and at most twice that.
func (p *person) some() time.Duration {
	return shortest + time.Duration(p.random.Int64N(int64(shortest)))
}

// talk is the person's microphone: it speaks for a while when the interviewer
// has been quiet, then waits for the reply. The canned recogniser hears that
// there is a voice by the size of its packets.
func (p *person) talk(ctx context.Context) {
	var speakUntil, quietUntil time.Time
	for pause := p.some(); p.reason() == "" && ctx.Err() == nil; {
		now := time.Now()
		if now.After(quietUntil) && p.silentFor(now) > pause {
			speakUntil, pause = now.Add(p.some()), p.some()
			quietUntil = speakUntil.Add(hush)
		}
		p.utter(ctx, now.Before(speakUntil))
	}
}

// silentFor returns the time for which the interviewer has been quiet. To one
// who is not there, or not there yet, nobody speaks.
func (p *person) silentFor(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.heard.IsZero() || !p.trouble.noticed.IsZero() && p.trouble.again.IsZero() {
		return 0
	}
	return now.Sub(p.heard)
}

// utter sends a chunk on every leg that is there.
func (p *person) utter(ctx context.Context, voice bool) {
	p.mu.Lock()
	var legs []*client.Client
	for _, l := range []*leg{p.current, p.next, p.old} {
		if l != nil && l.Client != nil {
			legs = append(legs, l.Client)
		}
	}
	p.mu.Unlock()
	var speaking sync.WaitGroup
	for _, l := range legs {
		speaking.Go(func() { _ = l.Speak(ctx, frames(voice)) }) // a leg that is gone is no reason to stop
	}
	speaking.Go(func() {
		select {
		case <-time.After(chunk):
		case <-ctx.Done():
		}
	})
	speaking.Wait()
}

// frames is a chunk of voice or of silence.
func frames(voice bool) []client.Frame {
	frame := client.Frame{Opus: []byte{0xf8, 0xff, 0xfe}, Level: 127}
	if voice {
		frame = client.Frame{Opus: append([]byte{0x78, 0x80}, make([]byte, 60)...), Level: 30}
	}
	all := make([]client.Frame, chunk/client.FrameTime)
	for i := range all {
		all[i] = frame
	}
	return all
}
