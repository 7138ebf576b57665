package recognition_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/thesyncim/gopus"

	"casey.internal/worker/ogg"
	"casey.internal/worker/opus"
	"casey.internal/worker/recognition"
	"casey.internal/worker/recognition/recognitiontest"
)

// hearVoices lets words and silences be heard as say does, with a voice detector that
// notices a voice when a packet of it was heard and its end when six of silence were.
func (l *listening) hearVoices(text string) {
	quiet, voice := 0, false
	for word := range strings.FieldsSeq(text) {
		at := l.Heard()
		l.say(word)
		switch {
		case word != ".":
			if quiet = 0; !voice {
				voice = true
				l.Voice(true, at)
			}
		case voice:
			if quiet++; quiet == 6 {
				voice = false
				l.Voice(false, l.Heard()-6*recognitiontest.Chunk)
			}
		}
	}
}

// sent returns how much the streams were sent together.
func (l *listening) sent() (d time.Duration) {
	for _, s := range l.recognizer.Streams() {
		d += time.Duration(len(s.Chunks())) * recognitiontest.Chunk
	}
	return d
}

func TestSilenceIsWithheld(t *testing.T) {
	silence := strings.Repeat(". ", 300)
	listen(t, recognition.Config{Silence: new(recognition.Silence)}, func(t *testing.T, l *listening) {
		l.Voice(false, 0)
		l.hearVoices(silence + "good morning " + silence + "I am here " + silence)
		heard := l.Heard()
		l.finish(t)
		if got := l.finals(); got != "good morning / I am here" {
			t.Errorf("heard %q", got)
		}
		last := l.results[len(l.results)-1]
		if last.Start != 60200*time.Millisecond || last.End != 60500*time.Millisecond || last.Words[1].Start != 60300*time.Millisecond {
			t.Errorf("%q from %v to %v: %+v", last.Text, last.Start, last.End, last.Words)
		}
		// Half a second of words, twice 400 ms before and 1 s after, 1 s at the
		// beginning, and a chunk every 10 s.
		if sent := l.sent(); sent < 4*time.Second || sent > 6*time.Second {
			t.Errorf("%v of %v were sent", sent, heard)
		}
		if s := l.Stats(); s.Withheld != heard-l.sent() {
			t.Errorf("%v withheld of %v, %v sent", s.Withheld, heard, l.sent())
		}
	})
}

// Who never says whether somebody speaks has everything sent.
func TestWhereNoVoiceIsToldEverythingIsSent(t *testing.T) {
	listen(t, recognition.Config{Silence: new(recognition.Silence)}, func(t *testing.T, l *listening) {
		l.say(strings.Repeat(". ", 300))
		l.finish(t)
		if sent := l.sent(); sent != 30*time.Second {
			t.Errorf("%v of 30s were sent", sent)
		}
	})
}

// A voice that never ends, as on a noisy line, is sent whole.
func TestNoiseIsSentWhole(t *testing.T) {
	listen(t, recognition.Config{Silence: new(recognition.Silence)}, func(t *testing.T, l *listening) {
		l.Voice(true, 0)
		l.say(strings.Repeat(". ", 300))
		l.finish(t)
		if sent := l.sent(); sent != 30*time.Second {
			t.Errorf("%v of 30s were sent", sent)
		}
	})
}

func TestAStreamIsSentSomethingInSilence(t *testing.T) {
	for _, beat := range []time.Duration{time.Second, 4 * time.Second, 14 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			sent := make(times, 1000)
			r := recognition.New(new(recognitiontest.Recognizer), recognition.Config{
				Framing: func() (recognition.Framing, error) { return sent, nil }, Silence: &recognition.Silence{Beat: beat},
			})
			r.Voice(false, 0)
			go func() {
				for range r.Results() {
					continue
				}
			}()
			go func() { _ = r.Run(t.Context()) }()
			last := time.Now()
			for range 1000 {
				time.Sleep(recognitiontest.Chunk)
				r.Hear(nil, recognitiontest.Chunk)
				synctest.Wait()
				select {
				case last = <-sent:
				default:
				}
				if gap := time.Since(last); gap > beat {
					t.Fatalf("nothing was sent for %v", gap)
				}
			}
		})
	}
}

// A stream that breaks while silence is withheld is followed by one that hears what
// is said then.
func TestABreakWhileSilenceIsWithheld(t *testing.T) {
	silence := strings.Repeat(". ", 120)
	listen(t, recognition.Config{Silence: new(recognition.Silence)}, func(t *testing.T, l *listening) {
		l.Voice(false, 0)
		l.hearVoices(silence + "hello " + silence)
		l.latest().Fail(reset)
		l.hearVoices(silence + "again " + silence)
		l.finish(t)
		if got := l.finals(); got != "hello / again" {
			t.Errorf("heard %q", got)
		}
		if last := l.results[len(l.results)-1]; last.Start != 36100*time.Millisecond {
			t.Errorf("%q at %v", last.Text, last.Start)
		}
		if sent := l.sent(); sent > 15*time.Second {
			t.Errorf("%v were sent", sent)
		}
	})
}

// The silence before words that a stream did not hear to their end is not heard again by the
// next: they would wait for it.
func TestSilenceBeforeWordsIsNotReplayed(t *testing.T) {
	silence := strings.Repeat(". ", 300)
	for name, replace := range map[string]func(*listening){
		"the stream breaks":        func(l *listening) { l.latest().Fail(reset) },
		"another one is asked for": func(l *listening) { l.Renew() },
	} {
		t.Run(name, func(t *testing.T) {
			listen(t, recognition.Config{Silence: new(recognition.Silence)}, func(t *testing.T, l *listening) {
				l.Voice(false, 0)
				l.hearVoices("hello " + silence + "we tested every")
				replace(l)
				l.hearVoices("change before we put it into production" + strings.Repeat(" .", 20))
				if got := l.finals(); got != "hello / we tested every change before we put it into production" {
					t.Errorf("two seconds later %q was heard, last %q", got, l.results[len(l.results)-1].Text)
				}
				l.finish(t)
			})
		})
	}
}

// A voice that is told of when some of it was forgotten is heard from there.
func TestAVoiceThatIsToldOfTooLate(t *testing.T) {
	listen(t, recognition.Config{Silence: new(recognition.Silence)}, func(t *testing.T, l *listening) {
		l.Voice(false, 0)
		l.say(strings.Repeat(". ", 100))
		l.say("one two" + strings.Repeat(" three", 30))
		l.Voice(true, 10*time.Second)
		l.say(". four . .")
		l.finish(t)
		last := l.results[len(l.results)-1]
		if !strings.HasSuffix(last.Text, "three four") {
			t.Errorf("heard %q", last.Text)
		}
	})
}

// While a result is not final more silence is sent, for a time.
func TestSilenceIsSentUntilAResultIsFinal(t *testing.T) {
	for longest, final := range map[time.Duration]string{2 * time.Second: "hello", 300 * time.Millisecond: ""} {
		listen(t, recognition.Config{Silence: &recognition.Silence{After: 100 * time.Millisecond, Longest: longest}}, func(t *testing.T, l *listening) {
			l.Voice(false, 0)
			l.say(strings.Repeat(". ", 50))
			l.Voice(true, l.Heard())
			l.say("hello")
			l.Voice(false, l.Heard())
			l.say(strings.Repeat(". ", 50))
			if got := l.finals(); got != final {
				t.Errorf("awaited for %v: %q", longest, got)
			}
			l.finish(t)
		})
	}
}

// came is a result, and when it came.
type came struct {
	at time.Duration
	recognition.Result
}

// talkedTo plays a quarter of an hour of voices and silences of any length, of a seed, to a
// recognition, and returns what came of it and when. A voice is noticed late, and its
// end later.
func talkedTo(t *testing.T, s *recognition.Silence, seed uint64) (all []came, said []string, sent time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(seed, 14))
		twin := new(recognitiontest.Recognizer)
		r := recognition.New(twin, recognition.Config{Silence: s, Framing: func() (recognition.Framing, error) { return raw{}, nil }})
		began := time.Now()
		read := make(chan struct{})
		go func() {
			defer close(read)
			for x := range r.Results() {
				all = append(all, came{time.Since(began), x})
			}
		}()
		ended := make(chan struct{})
		ctx, stop := context.WithCancel(t.Context())
		go func() { defer close(ended); _ = r.Run(ctx) }()
		hear := func(chunk string) {
			time.Sleep(recognitiontest.Chunk)
			r.Hear([]byte(chunk), recognitiontest.Chunk)
			synctest.Wait()
		}
		r.Voice(false, 0)
		for n := range 60 {
			for range random.IntN(300) {
				hear(recognitiontest.Silence)
			}
			start := r.Heard()
			length, notice := 1+random.IntN(30), random.IntN(3)
			for i := range length {
				said = append(said, fmt.Sprint(n, ".", i))
				hear(said[len(said)-1])
				if i == notice {
					r.Voice(true, start)
				}
			}
			if length <= notice {
				r.Voice(true, start)
			}
			end := r.Heard()
			for range 6 {
				hear(recognitiontest.Silence)
			}
			r.Voice(false, end)
		}
		for range 50 {
			hear(recognitiontest.Silence)
		}
		stop()
		<-ended
		<-read
		for _, stream := range twin.Streams() {
			sent += time.Duration(len(stream.Chunks())) * recognitiontest.Chunk
		}
	})
	return all, said, sent
}

// With silence withheld the same words come, with the same times, and at the same
// moment but for the first of a voice that was noticed late.
func TestWithheldSilenceChangesNothing(t *testing.T) {
	settings := map[string]*recognition.Silence{
		"defaults": {}, "least": {Before: time.Millisecond, After: time.Millisecond, Longest: time.Second},
		"much": {Before: 2 * time.Second, After: 3 * time.Second, Beat: time.Second},
	}
	for name, s := range settings {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(3) {
				whole, said, all := talkedTo(t, nil, seed)
				some, _, sent := talkedTo(t, s, seed)
				want, got := finalsOf(whole), finalsOf(some)
				if words := wordsOf(got); !slices.Equal(words, said) {
					t.Fatalf("seed %d: %d words of %d were heard", seed, len(words), len(said))
				}
				if len(got) != len(want) {
					t.Fatalf("seed %d: %d results, not %d", seed, len(got), len(want))
				}
				for i, w := range want {
					g := got[i]
					if g.Start != w.Start || g.End != w.End || g.at != w.at || !slices.Equal(g.Words, w.Words) {
						t.Fatalf("seed %d: %v came at %v, want %v at %v", seed, g.Result, g.at, w.Result, w.at)
					}
				}
				if sent > all*2/3 {
					t.Errorf("seed %d: %v of %v were sent", seed, sent, all)
				}
				behind(t, whole, some, 4*recognitiontest.Chunk)
			}
		})
	}
}

// behind checks that a word comes as early as it came with all silence, from the time on
// at which its voice is noticed.
func behind(t *testing.T, whole, some []came, notice time.Duration) {
	t.Helper()
	first := func(all []came) map[string]came {
		words := map[string]came{}
		for _, c := range all {
			for _, w := range c.Words {
				if _, known := words[w.Text]; !known {
					words[w.Text] = c
				}
			}
		}
		return words
	}
	want, got := first(whole), first(some)
	for word, w := range want {
		g := got[word]
		if late := g.at - w.at; late > 0 && g.at > w.Start+notice {
			t.Errorf("%q came %v later, %v after its voice began", word, late, g.at-w.Start)
		}
	}
}

func finalsOf(all []came) []came {
	return slices.DeleteFunc(slices.Clone(all), func(c came) bool { return c.Partial })
}

func wordsOf(finals []came) (words []string) {
	for _, f := range finals {
		for _, w := range f.Words {
			words = append(words, w.Text)
		}
	}
	return words
}

// tape keeps what its streams are sent.
type tape struct {
	sink
	chunks [][]byte
	length time.Duration
}

func (t *tape) Start(ctx context.Context) (recognition.Stream, error) {
	t.done = ctx.Done()
	return t, nil
}

func (t *tape) Send(chunk []byte, length time.Duration) error {
	t.chunks, t.length = append(t.chunks, bytes.Clone(chunk)), t.length+length
	return nil
}

// Of two tones in a minute of silence both forms of audio have every sample, and as much
// audio as was counted.
func TestBothFormsAreCutInSilence(t *testing.T) {
	for name, form := range map[string]struct {
		framing func() (recognition.Framing, error)
		samples func(t *testing.T, chunks [][]byte) []int16
	}{"ogg": {recognition.NewOgg, decoded}, "pcm": {recognition.NewPCM, plain}} {
		t.Run(name, func(t *testing.T) {
			loud := func(s *recognition.Silence) (ms int, all time.Duration) {
				sent := twoTones(t, recognition.Config{Framing: form.framing, Silence: s})
				samples := form.samples(t, sent.chunks)
				if all = time.Duration(len(samples)) * time.Second / 16000; all != sent.length {
					t.Errorf("%v of audio, %v counted", all, sent.length)
				}
				for part := range slices.Chunk(samples, 16000/200) {
					if slices.Max(part) > 8000 {
						ms += 5
					}
				}
				return ms, all
			}
			want, _ := loud(nil)
			got, all := loud(new(recognition.Silence))
			if got < want-5 || got > want+5 || want < 3800 || all > 10*time.Second {
				t.Errorf("%d ms of the tones' %d, in %v", got, want, all)
			}
		})
	}
}

// twoTones returns what a recognition sends that hears two tones of two seconds, each
// after half a minute of silence.
func twoTones(t *testing.T, c recognition.Config) *tape {
	sent := new(tape)
	synctest.Test(t, func(t *testing.T) {
		r := recognition.New(sent, c)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); _ = r.Run(ctx) }()
		hear := func(packet []byte) {
			time.Sleep(20 * time.Millisecond)
			r.Hear(packet, 20*time.Millisecond)
		}
		r.Voice(false, 0)
		for range 2 {
			for range 1500 {
				hear(opus.Silence())
			}
			r.Voice(true, r.Heard())
			for _, chunk := range toneChunks(t, 2*time.Second) {
				for _, packet := range chunk {
					hear(packet)
				}
			}
			r.Voice(false, r.Heard())
		}
		for range 100 {
			hear(opus.Silence())
		}
		stop()
		<-ended
	})
	return sent
}

// plain is 16-bit little-endian.
func plain(_ *testing.T, chunks [][]byte) (samples []int16) {
	for _, chunk := range chunks {
		for i := 0; i+1 < len(chunk); i += 2 {
			samples = append(samples, int16(binary.LittleEndian.Uint16(chunk[i:])))
		}
	}
	return samples
}

// decoded decodes Ogg Opus at 16 kHz.
func decoded(t *testing.T, chunks [][]byte) (samples []int16) {
	t.Helper()
	decoder, err := gopus.NewDecoder(gopus.DefaultDecoderConfig(16000, 1))
	if err != nil {
		t.Fatal(err)
	}
	demuxer := ogg.NewDemuxer(bytes.NewReader(bytes.Join(chunks, nil)))
	pcm := make([]int16, 16000)
	for {
		packet, _, err := demuxer.Next()
		if errors.Is(err, io.EOF) {
			return samples
		}
		if err != nil {
			t.Fatal(err)
		}
		n, err := decoder.DecodeInt16(packet, pcm)
		if err != nil {
			t.Fatal(err)
		}
		samples = append(samples, pcm[:n]...)
	}
}
