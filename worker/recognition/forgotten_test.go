package recognition_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/worker/recognition"
	"casey.internal/worker/recognition/recognitiontest"
)

// TestSilenceIsForgotten: what nobody will ask for again is held by nobody, however long it
// is since something was recognised.
func TestSilenceIsForgotten(t *testing.T) {
	silence := strings.Repeat(". ", 100)
	listen(t, recognition.Config{Silence: new(recognition.Silence)}, func(t *testing.T, l *listening) {
		held := func(least, most time.Duration) {
			t.Helper()
			if d := l.Held(); d < least || d > most {
				t.Errorf("%v are held after %v, want %v to %v", d, l.Heard(), least, most)
			}
		}
		l.Voice(false, 0)
		l.hearVoices(silence)
		held(2*time.Second, 3*time.Second)
		l.hearVoices("hello " + silence)
		held(2*time.Second, 3*time.Second)
		l.recognizer.Deafen(1)
		l.latest().Fail(reset)
		l.hearVoices(silence + "who " + silence) // heard by nobody
		held(11*time.Second, 13*time.Second)
		l.Renew()
		l.hearVoices(silence)
		held(2*time.Second, 3*time.Second)
		l.finish(t)
		if got := l.finals(); got != "hello / who" {
			t.Errorf("heard %q", got)
		}
		if d := l.Stats().Dropped; d != 0 {
			t.Errorf("%v were dropped", d)
		}
	})
}

// late is a recogniser whose results come later than those of the twin, or never where the
// stream breaks meanwhile.
type late struct {
	*recognitiontest.Recognizer
	lag time.Duration
}

func (r late) Start(ctx context.Context) (recognition.Stream, error) {
	s, err := r.Recognizer.Start(ctx)
	return lateStream{s, r.lag}, err
}

type lateStream struct {
	recognition.Stream
	lag time.Duration
}

func (s lateStream) Results() iter.Seq2[recognition.Result, error] {
	return func(yield func(recognition.Result, error) bool) {
		began := time.Now()
		results, broken, stop := make(chan came, 1000), make(chan error, 1), make(chan struct{})
		defer close(stop)
		go func() {
			for r, err := range s.Stream.Results() {
				if err != nil {
					broken <- err
					return
				}
				select {
				case results <- came{time.Since(began), r}:
				case <-stop:
					return
				}
			}
			broken <- nil
		}()
		for {
			select {
			case r := <-results:
				select {
				case <-time.After(r.at + s.lag - time.Since(began)):
					if !yield(r.Result, nil) {
						return
					}
				case err := <-broken:
					yield(recognition.Result{}, err)
					return
				}
			case err := <-broken:
				yield(recognition.Result{}, err)
				return
			}
		}
	}
}

// patchy lets voices be heard on streams that break at any time.
type patchy struct {
	*recognition.Recognition
	late
	random *rand.Rand
	left   int // chunks until the next break
	said   []string
}

func (p *patchy) hear(chunk string) {
	time.Sleep(recognitiontest.Chunk)
	p.Hear([]byte(chunk), recognitiontest.Chunk)
	synctest.Wait()
	if p.left--; p.left < 0 {
		p.left = 20 + p.random.IntN(200)
		all := p.Streams()
		all[len(all)-1].Fail(reset)
	}
}

func (p *patchy) silence(chunks int) {
	for range chunks {
		p.hear(recognitiontest.Silence)
	}
}

// voice has a voice say words, which is noticed late.
func (p *patchy) voice(name int) {
	start, notice := p.Heard(), p.random.IntN(5)
	for i := range 5 + p.random.IntN(20) {
		p.said = append(p.said, fmt.Sprint(name, ".", i))
		p.hear(p.said[len(p.said)-1])
		if i == notice {
			p.Voice(true, start)
		}
	}
	end := p.Heard()
	p.silence(6)
	p.Voice(false, end)
}

// TestNoWordIsForgotten: whenever streams break, and as late as results come and voices
// are noticed, every word is heard, once.
func TestNoWordIsForgotten(t *testing.T) {
	for seed := range uint64(8) {
		synctest.Test(t, func(t *testing.T) {
			twin := late{new(recognitiontest.Recognizer), 1500 * time.Millisecond}
			p := &patchy{late: twin, random: rand.New(rand.NewPCG(seed, 15)), left: 50, Recognition: recognition.New(twin, recognition.Config{
				Silence: new(recognition.Silence), Framing: func() (recognition.Framing, error) { return raw{}, nil },
			})}
			var all []came
			read := make(chan struct{})
			go func() {
				defer close(read)
				for r := range p.Results() {
					all = append(all, came{Result: r})
				}
			}()
			ctx, stop := context.WithCancel(t.Context())
			go func() { _ = p.Run(ctx) }()
			p.Voice(false, 0)
			for n := range 60 {
				p.silence(p.random.IntN(120))
				p.voice(n)
			}
			p.left = 1000
			p.silence(200)
			stop()
			<-read
			if heard := wordsOf(finalsOf(all)); !slices.Equal(heard, p.said) {
				t.Errorf("seed %d: of %d words %d were heard: %q", seed, len(p.said), len(heard), heard)
			}
		})
	}
}

// TestAShortWordSoonAfterAFinalResult: one that a stream did not hear is not taken for the
// rest of the words before it, and another stream hears it.
func TestAShortWordSoonAfterAFinalResult(t *testing.T) {
	listen(t, recognition.Config{Silence: new(recognition.Silence)}, func(t *testing.T, l *listening) {
		l.Voice(false, 0)
		l.say(". . . .")
		l.Voice(true, l.Heard())
		l.say("hello")
		l.Voice(false, l.Heard())
		l.say(". . . . .")
		l.recognizer.Deafen(1)
		l.latest().Fail(reset)
		l.Voice(true, l.Heard())
		l.say("no")
		l.Voice(false, l.Heard())
		l.say(strings.Repeat(". ", 60))
		l.Renew()
		l.say(strings.Repeat(". ", 100))
		l.finish(t)
		if got := l.finals(); got != "hello / no" {
			t.Errorf("heard %q", got)
		}
	})
}
