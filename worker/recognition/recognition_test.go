package recognition_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/worker/recognition"
	"casey.internal/worker/recognition/recognitiontest"
	"casey.internal/worker/servicefailure"
)

// raw sends packets as they are: the twin's audio is text, a chunk in each.
type raw struct{}

func (raw) Frame(packets [][]byte) ([]byte, error) { return packets[0], nil }

// listening is a recognition in a bubble, what it hears and what it understands.
type listening struct {
	*recognition.Recognition
	recognizer *recognitiontest.Recognizer
	stop       context.CancelFunc
	ended      chan error
	results    []recognition.Result
	read       chan struct{}
}

// listen runs a script against a recognition on the twin, in a bubble.
func listen(t *testing.T, c recognition.Config, script func(t *testing.T, l *listening)) {
	synctest.Test(t, func(t *testing.T) {
		c.Framing = func() (recognition.Framing, error) { return raw{}, nil }
		l := &listening{recognizer: new(recognitiontest.Recognizer), ended: make(chan error, 1), read: make(chan struct{})}
		l.Recognition = recognition.New(l.recognizer, c)
		ctx, stop := context.WithCancel(t.Context())
		l.stop = stop
		defer stop()
		go func() { l.ended <- l.Run(ctx) }()
		go func() {
			defer close(l.read)
			for r := range l.Results() {
				l.results = append(l.results, r)
			}
		}()
		script(t, l)
	})
}

// say lets words and silences (dots) be heard, a tenth of a second each.
func (l *listening) say(text string) {
	for word := range strings.FieldsSeq(text) {
		if word == "." {
			word = recognitiontest.Silence
		}
		time.Sleep(recognitiontest.Chunk)
		l.Hear([]byte(word), recognitiontest.Chunk)
	}
	synctest.Wait()
}

// finals returns the text of all final results so far.
func (l *listening) finals() string {
	var text []string
	for _, r := range l.results {
		if !r.Partial {
			text = append(text, r.Text)
		}
	}
	return strings.Join(text, " / ")
}

// finish lets what was heard be recognised and ends the recognition, which has
// not ended by itself.
func (l *listening) finish(t *testing.T) {
	t.Helper()
	time.Sleep(10 * time.Second)
	l.stop()
	if err := <-l.ended; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
	<-l.read
}

func (l *listening) latest() *recognitiontest.Stream {
	all := l.recognizer.Streams()
	return all[len(all)-1]
}

var (
	reset = servicefailure.New("twin", servicefailure.Broken, "connection reset")
	limit = servicefailure.New("twin", servicefailure.Throttled, "too many streams")
	quiet = servicefailure.New("twin", servicefailure.Idle, "no new audio was received for 15 seconds")
	wrong = servicefailure.New("twin", servicefailure.Refused, "bad signature")
)

func TestWhatIsSaidComesWithItsTimes(t *testing.T) {
	listen(t, recognition.Config{}, func(t *testing.T, l *listening) {
		l.say(". . good morning . . . . . I am here . . . . .")
		l.finish(t)
		if got := l.finals(); got != "good morning / I am here" {
			t.Errorf("heard %q", got)
		}
		last := l.results[len(l.results)-1]
		if last.Start != 900*time.Millisecond || last.End != 1200*time.Millisecond {
			t.Errorf("%q from %v to %v", last.Text, last.Start, last.End)
		}
	})
}

func TestABrokenStreamIsReplacedMidSentence(t *testing.T) {
	for _, why := range []error{reset, limit, quiet} {
		t.Run(string(servicefailure.KindOf(why)), func(t *testing.T) {
			listen(t, recognition.Config{}, func(t *testing.T, l *listening) {
				l.say("hello . . . . . . I was born")
				l.latest().Fail(why)
				l.say("in a small town . . . . .")
				l.finish(t)
				if got := l.finals(); got != "hello / I was born in a small town" {
					t.Errorf("heard %q", got)
				}
				last := l.results[len(l.results)-1]
				if last.Start != 700*time.Millisecond || last.End != 1400*time.Millisecond {
					t.Errorf("%q from %v to %v", last.Text, last.Start, last.End)
				}
				if s := l.Stats(); s.Streams != 2 || s.Restarts() != 1 || s.Dropped != 0 {
					t.Errorf("stats %+v", s)
				}
			})
		})
	}
}

func TestAudioHeardWhileThereWasNoStreamIsNotLost(t *testing.T) {
	listen(t, recognition.Config{}, func(t *testing.T, l *listening) {
		l.say("one two")
		l.recognizer.Refuse(limit, limit, limit, limit)
		l.latest().Fail(reset)
		l.say("three four five six seven eight nine . . . . . . . . . . . . . . . . . . .")
		l.finish(t)
		if got := l.finals(); got != "one two three four five six seven eight nine" {
			t.Errorf("heard %q", got)
		}
	})
}

// Streams that die before they say anything must not make the next one forget
// where the sentence began.
func TestALongSentenceOutlivesSeveralStreams(t *testing.T) {
	listen(t, recognition.Config{}, func(t *testing.T, l *listening) {
		l.say(strings.Repeat("word ", 80)) // eight seconds
		l.recognizer.Deafen(2)
		for range 3 {
			l.latest().Fail(reset)
			l.say(strings.Repeat("more ", 10)) // longer than the pause before the next
		}
		l.say(strings.Repeat(". ", 30))
		l.finish(t)
		if got := strings.Fields(l.finals()); len(got) != 110 {
			t.Errorf("heard %d words of 110", len(got))
		}
	})
}

func TestWhatIsFinalIsNotHeardTwice(t *testing.T) {
	listen(t, recognition.Config{}, func(t *testing.T, l *listening) {
		l.say("first . . . . . . second . . . . . .")
		l.latest().Fail(reset)
		l.say(". third . . . . .")
		l.finish(t)
		if got := l.finals(); got != "first / second / third" {
			t.Errorf("heard %q", got)
		}
	})
}

// Nobody spoke for long: the next stream hears the last seconds again, not all
// the silence since the last word.
func TestSilenceIsNotReplayedWhole(t *testing.T) {
	listen(t, recognition.Config{}, func(t *testing.T, l *listening) {
		l.say("hello " + strings.Repeat(". ", 150))
		l.latest().Fail(quiet)
		l.say("again . . . . . .")
		l.finish(t)
		if got := l.finals(); got != "hello / again" {
			t.Errorf("heard %q", got)
		}
		if n := len(l.latest().Chunks()); n > 60 {
			t.Errorf("the second stream was sent %d chunks", n)
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	patience := recognition.Patience{Pauses: []time.Duration{12 * time.Second}}
	listen(t, recognition.Config{Keep: 2 * time.Second, Patience: patience}, func(t *testing.T, l *listening) {
		l.say("start")
		l.latest().Fail(reset)
		l.say(strings.Repeat("lost ", 80) + strings.Repeat("kept ", 30))
		time.Sleep(10 * time.Second)
		l.say(". . . . . .")
		l.finish(t)
		if got := strings.Count(l.finals(), "kept"); got < 14 || got > 21 {
			t.Errorf("%d of the last 20 words were heard", got)
		}
		if strings.Contains(l.finals(), "lost") {
			t.Errorf("heard what should have been forgotten: %q", l.finals())
		}
		if d := l.Stats().Dropped; d < 8*time.Second || d > 10*time.Second {
			t.Errorf("dropped %v", d)
		}
	})
}

func TestASendThatHangsBreaksTheStream(t *testing.T) {
	listen(t, recognition.Config{}, func(t *testing.T, l *listening) {
		l.say("one two")
		l.latest().Stall()
		l.say("three " + strings.Repeat(". ", 60))
		l.finish(t)
		if got := l.finals(); got != "one two three" {
			t.Errorf("heard %q", got)
		}
	})
}

func TestRenewHearsEverythingAgain(t *testing.T) {
	listen(t, recognition.Config{}, func(t *testing.T, l *listening) {
		l.say("hello . . . . . " + strings.Repeat(". ", 100))
		before := len(l.latest().Chunks())
		l.Renew()
		l.say(". .")
		l.finish(t)
		if again := len(l.latest().Chunks()); again < before-2 {
			t.Errorf("the new stream was sent %d chunks of %d", again, before)
		}
	})
}

func TestGivesUpInTheEnd(t *testing.T) {
	listen(t, recognition.Config{}, func(t *testing.T, l *listening) {
		l.say("hello")
		for range 100 {
			l.recognizer.Refuse(limit)
		}
		l.latest().Fail(reset)
		began := time.Now()
		err := <-l.ended
		if servicefailure.KindOf(err) != servicefailure.Throttled {
			t.Errorf("ended with %v", err)
		}
		if took := time.Since(began); took < 20*time.Second || took > 35*time.Second {
			t.Errorf("gave up after %v", took)
		}
	})
}

func TestARefusalIsNotRepeatedForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := new(recognitiontest.Recognizer)
		r.Refuse(wrong, wrong, wrong)
		if err := recognition.New(r, recognition.Config{}).Run(t.Context()); !errors.Is(err, wrong) {
			t.Errorf("ended with %v", err)
		}
	})
}

func TestStopsWithItsContext(t *testing.T) {
	listen(t, recognition.Config{}, func(t *testing.T, l *listening) {
		l.say("hello")
		l.stop()
		if err := <-l.ended; !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
		<-l.read
	})
}

// lengths is a framing that notes how many packets each chunk has.
type lengths chan int

func (l lengths) Frame(packets [][]byte) ([]byte, error) {
	l <- len(packets)
	return []byte(recognitiontest.Silence), nil
}

func TestChunksOf100ms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		chunks := make(lengths, 10)
		r := recognition.New(new(recognitiontest.Recognizer), recognition.Config{Framing: func() (recognition.Framing, error) { return chunks, nil }})
		for _, ms := range []int{20, 20, 20, 20, 20, 60, 60, 90, 10, 120, 99} {
			r.Hear(nil, time.Duration(ms)*time.Millisecond)
		}
		ctx, stop := context.WithCancel(t.Context())
		go func() { _ = r.Run(ctx) }()
		time.Sleep(time.Second)
		stop()
		synctest.Wait()
		close(chunks)
		var got []int
		for n := range chunks {
			got = append(got, n)
		}
		if want := []int{5, 2, 2, 1}; !slices.Equal(got, want) {
			t.Errorf("chunks of %v packets, want %v", got, want)
		}
	})
}

// times is a framing that notes when each chunk is made.
type times chan time.Time

func (c times) Frame([][]byte) ([]byte, error) {
	c <- time.Now()
	return []byte("word"), nil
}

// A stream that broke in a long sentence: the next one is sent all of it, at no
// more than twice the speed of speech, and in time again after as long.
func TestAReplayIsNoFasterThanTwiceTheSpeedOfSpeech(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent := make(times, 1000)
		twin := new(recognitiontest.Recognizer)
		r := recognition.New(twin, recognition.Config{Framing: func() (recognition.Framing, error) { return sent, nil }})
		ctx, stop := context.WithCancel(t.Context())
		go func() { _ = r.Run(ctx) }()
		go func() {
			for range r.Results() {
				continue
			}
		}()
		hear := func(chunks int) {
			for range chunks {
				time.Sleep(recognitiontest.Chunk)
				r.Hear(nil, recognitiontest.Chunk)
			}
			synctest.Wait()
		}
		hear(60)
		if len(sent) != 60 {
			t.Fatalf("%d chunks of 60 were sent", len(sent))
		}
		for range 60 {
			<-sent
		}
		twin.Streams()[0].Fail(reset)
		hear(59)
		if n := len(sent); n < 117 || n > 119 {
			t.Errorf("%d chunks in 5.9 seconds of replay", n)
		}
		hear(10)
		if n := len(sent); n != 129 {
			t.Errorf("%d chunks of 129 a second later", n)
		}
		for last, n := <-sent, len(sent); n > 0; n-- {
			at := <-sent
			if at.Sub(last) < recognitiontest.Chunk/2 {
				t.Fatalf("a chunk %v after the one before", at.Sub(last))
			}
			last = at
		}
		stop()
		synctest.Wait()
	})
}
