package recognition_test

import (
	"bytes"
	"context"
	"iter"
	"testing"
	"time"

	"casey.internal/worker/mic"
	"casey.internal/worker/recognition"
)

// sink is a recogniser, and its stream, that is only sent to.
type sink struct {
	sent chan struct{}
	done <-chan struct{}
}

func (s sink) Start(ctx context.Context) (recognition.Stream, error) {
	return sink{s.sent, ctx.Done()}, nil
}
func (s sink) Send([]byte, time.Duration) error { s.sent <- struct{}{}; return nil }
func (s sink) Close() error                     { return nil }
func (s sink) Results() iter.Seq2[recognition.Result, error] {
	return func(func(recognition.Result, error) bool) { <-s.done }
}

// BenchmarkPacketsWay measures what a packet of 20 ms costs from the microphone to
// the recogniser's stream.
func BenchmarkPacketsWay(b *testing.B) {
	for name, framing := range map[string]func() (recognition.Framing, error){"ogg": recognition.NewOgg, "pcm": recognition.NewPCM} {
		b.Run(name, func(b *testing.B) {
			s := sink{sent: make(chan struct{})}
			e := recognition.New(s, recognition.Config{Framing: framing, Speed: 1e6})
			ctx, cancel := context.WithCancel(b.Context())
			defer cancel()
			go func() { _ = e.Run(ctx) }()
			now := time.Now()
			m := mic.New(now, e.Hear)
			packet := make([]byte, 80)
			packet[0] = 0x78
			n := 0
			b.ReportAllocs()
			for b.Loop() {
				now = now.Add(20 * time.Millisecond)
				m.Packet(mic.Packet{Sequence: uint16(n), Timestamp: uint32(n * 960), Payload: bytes.Clone(packet)}, now)
				if n++; n%5 == 0 {
					<-s.sent
				}
			}
		})
	}
}
