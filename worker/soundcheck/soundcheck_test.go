package soundcheck_test

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/thesyncim/gopus"

	"casey.internal/shared/channel"
	"casey.internal/worker/peer"
	"casey.internal/worker/session"
	"casey.internal/worker/soundcheck"
)

// earpiece collects what reaches a candidate.
type earpiece struct {
	mu     sync.Mutex
	events []any
	sound  listener
}

func (e *earpiece) Send(event channel.WorkerEvent) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.events = append(e.events, event)
	return nil
}

func (e *earpiece) WriteRTP(payload []byte, timestamp uint32, _ bool) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.sound.hear(payload, timestamp)
}

func (*earpiece) SendText([]byte) error   { return nil }
func (*earpiece) SendBinary([]byte) error { return nil }

// listener decodes packets that follow one another without a gap.
type listener struct {
	decoder *gopus.Decoder
	next    uint32
	gaps    int
	samples []float32
}

func (l *listener) hear(payload []byte, timestamp uint32) error {
	if l.decoder == nil {
		d, err := gopus.NewDecoder(gopus.DefaultDecoderConfig(48000, 1))
		if err != nil {
			return err
		}
		l.decoder, l.next = d, timestamp
	}
	if timestamp != l.next {
		l.gaps++
	}
	pcm := make([]float32, 5760)
	n, err := l.decoder.Decode(payload, pcm)
	l.next = timestamp + uint32(n)
	l.samples = append(l.samples, pcm[:n]...)
	return err
}

// share returns how much of the sound's energy is at a frequency in Hz, by
// Goertzel's algorithm over whole seconds.
func (l *listener) share(frequency float64) float64 {
	s := l.samples[:len(l.samples)/48000*48000]
	var a, b, energy float64
	k := 2 * math.Cos(2*math.Pi*frequency/48000)
	for _, x := range s {
		a, b = float64(x)+k*a-b, a
		energy += float64(x) * float64(x)
	}
	return (a*a + b*b - k*a*b) * 2 / float64(len(s)) / energy
}

func TestTheToneIsPlayedAndTheLevelShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		talk, err := soundcheck.New()
		if err != nil {
			t.Fatal(err)
		}
		ear := &earpiece{}
		packets, events := make(chan peer.Packet), make(chan session.Event)
		over := make(chan error)
		go func() {
			over <- talk.Run(t.Context(), session.Media{Packets: packets, Events: events, Out: ear, Log: slog.New(slog.DiscardHandler)})
		}()
		events <- session.Opened{}
		for i := range 100 { // two seconds, quiet and then loud
			level := uint8(60)
			if i >= 50 {
				level = 20
			}
			packets <- peer.Packet{Level: level, HasLevel: true}
			time.Sleep(20 * time.Millisecond)
		}
		time.Sleep(time.Second) // nothing comes any more
		events <- session.Page{Event: &channel.End{}}
		if err := <-over; err != nil {
			t.Errorf("ended by %v", err)
		}
		if share := ear.sound.share(440); share < 0.95 || ear.sound.gaps != 0 || len(ear.sound.samples) < 140000 {
			t.Errorf("%.2f of the sound is at 440 Hz, %d samples with %d gaps", share, len(ear.sound.samples), ear.sound.gaps)
		}
		if ear.events[0] != (channel.State{State: channel.Speaking}) {
			t.Errorf("first event is %v", ear.events[0])
		}
		var levels []int
		for _, e := range ear.events[1:] {
			levels = append(levels, e.(channel.Level).DBOv)
		}
		if n := len(levels); n < 29 || n > 31 {
			t.Errorf("%d levels in 3 s", n)
		}
		if got := slices.Compact(slices.Clone(levels)); !slices.Equal(got, []int{60, 20, 127}) {
			t.Errorf("levels are %v", levels)
		}
	})
}

func TestItEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		talk, err := soundcheck.New()
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancelCause(t.Context())
		over := make(chan error)
		go func() { over <- talk.Run(ctx, session.Media{Out: &earpiece{}, Log: slog.New(slog.DiscardHandler)}) }()
		stop(session.ErrDrained)
		if err := <-over; !errors.Is(err, session.ErrDrained) {
			t.Errorf("ended by %v", err)
		}
	})
}
