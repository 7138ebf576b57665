package recognition_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/worker/recognition"
	"casey.internal/worker/recognition/recognitiontest"
)

// epoch is when each bubble begins.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// change is what Behind was told, and when.
type change struct {
	on bool
	at time.Duration
}

// TestItIsKnownWhenRecognitionIsBehind: from the end of a stream until another one was sent
// all that was heard, however many it takes; and as long as one does not take what is heard.
func TestItIsKnownWhenRecognitionIsBehind(t *testing.T) {
	const second, soon = time.Second, 100 * time.Millisecond
	for name, c := range map[string]struct {
		patience recognition.Patience
		script   func(l *listening)
		want     []change // after the first stream has begun
	}{
		"a long sentence is heard again": {script: func(l *listening) {
			l.say(strings.Repeat("word ", 60))
			l.latest().Fail(reset)
			l.say("in the replay")
			l.latest().Fail(reset)
			l.say(strings.Repeat("more ", 18) + strings.Repeat(". ", 100))
		}, want: []change{{true, 6 * second}, {false, 12600 * time.Millisecond}}},
		"there is no stream for a while": {patience: recognition.Patience{Pauses: []time.Duration{2 * second}}, script: func(l *listening) {
			l.say("hello " + strings.Repeat(". ", 39))
			l.latest().Fail(reset)
			l.say(strings.Repeat(". ", 100))
		}, want: []change{{true, 4 * second}, {false, 12250 * time.Millisecond}}}, // and half a second, as chance has it
		"a stream takes nothing": {script: func(l *listening) {
			l.say(strings.Repeat("word ", 30))
			l.latest().Stall()
			l.say("I have not finished " + strings.Repeat(". ", 100))
		}, want: []change{{true, 3400 * time.Millisecond}, {false, 12100 * time.Millisecond}}},
		"a microphone brings much at once": {script: func(l *listening) {
			for range 20 {
				time.Sleep(4 * recognitiontest.Chunk)
				for range 4 {
					l.Hear([]byte(recognitiontest.Silence), recognitiontest.Chunk)
				}
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var told []change
			behind := func(on bool) { told = append(told, change{on, time.Since(epoch)}) }
			listen(t, recognition.Config{Behind: behind, Patience: c.patience}, func(t *testing.T, l *listening) {
				c.script(l)
				l.finish(t)
			})
			want := append([]change{{true, 0}, {false, 0}}, c.want...)
			if len(told) != len(want) {
				t.Fatalf("told was %v, want %v", told, want)
			}
			for i, got := range told {
				if off := (got.at - want[i].at).Abs(); got.on != want[i].on || got.on && off > soon || off > 600*time.Millisecond {
					t.Errorf("told was %t after %v, want %t after %v", got.on, got.at, want[i].on, want[i].at)
				}
			}
		})
	}
}

// mute is a recogniser whose streams take no more audio once refused is set, and do not say
// why until they are closed.
type mute struct {
	*recognitiontest.Recognizer
	refused *atomic.Bool
}

func (m mute) Start(ctx context.Context) (recognition.Stream, error) {
	s, err := m.Recognizer.Start(ctx)
	return muteStream{s, m.refused}, err
}

type muteStream struct {
	recognition.Stream
	refused *atomic.Bool
}

func (s muteStream) Send(chunk []byte, length time.Duration) error {
	if s.refused.Load() {
		return reset
	}
	return s.Stream.Send(chunk, length)
}

// TestItIsKnownBeforeAStreamHasSaidWhyItEnds: it is waited for a second.
func TestItIsKnownBeforeAStreamHasSaidWhyItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var behind, refused atomic.Bool
		r := recognition.New(mute{new(recognitiontest.Recognizer), &refused}, recognition.Config{Behind: behind.Store})
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go func() { _ = r.Run(ctx) }()
		hear := func() {
			time.Sleep(recognitiontest.Chunk)
			r.Hear([]byte(recognitiontest.Silence), recognitiontest.Chunk)
			synctest.Wait()
		}
		if hear(); behind.Load() {
			t.Error("recognition is behind")
		}
		refused.Store(true)
		if hear(); !behind.Load() {
			t.Error("a stream takes no more, and nobody knows")
		}
	})
}

// TestWhoeverIsToldMayTakeTheirTime: what is heard is recognised meanwhile, and they are
// told one thing at a time, in the end what is.
func TestWhoeverIsToldMayTakeTheirTime(t *testing.T) {
	var calls, at atomic.Int32
	var last atomic.Bool
	behind := func(on bool) {
		if at.Add(1) > 1 {
			t.Error("told two things at once")
		}
		if last.Swap(on) == on {
			t.Errorf("told twice that it is %t", on)
		}
		calls.Add(1)
		time.Sleep(2 * time.Second)
		at.Add(-1)
	}
	listen(t, recognition.Config{Behind: behind}, func(t *testing.T, l *listening) {
		l.say("hello . . . . .")
		if got := l.finals(); got != "hello" {
			t.Errorf("heard %q", got)
		}
		for range 3 {
			l.latest().Fail(reset)
			l.say(strings.Repeat(". ", 10))
		}
		l.finish(t)
		if n := calls.Load(); last.Load() || n < 2 {
			t.Errorf("told %d times, the last time %t", n, last.Load())
		}
	})
}
