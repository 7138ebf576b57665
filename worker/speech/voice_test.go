package speech_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/worker/opus"
	"casey.internal/worker/pacing"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/speech"
	"casey.internal/worker/speech/speechtest"
)

// sent is one packet as it went out.
type sent struct {
	at        time.Duration // since the test began
	payload   string
	timestamp uint32
	marker    bool
}

// talk is a voice in a bubble, and what of it went out.
type talk struct {
	*speech.Voice
	synthesizer *speechtest.Synthesizer
	epoch       time.Time

	mu  sync.Mutex
	out []sent
}

func (k *talk) WriteRTP(payload []byte, timestamp uint32, marker bool) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.out = append(k.out, sent{time.Since(k.epoch), string(payload), timestamp, marker})
	return nil
}

func (k *talk) packets() []sent {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]sent(nil), k.out...)
}

// speak runs a script with a voice whose audio comes after 100 ms.
func speak(t *testing.T, c speech.Config, script func(t *testing.T, k *talk)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		k := &talk{epoch: time.Now(), synthesizer: &speechtest.Synthesizer{Latency: 100 * time.Millisecond, MarksLatency: 50 * time.Millisecond}}
		c.Synthesizer, c.Out, c.Wheel = k.synthesizer, k, pacing.New()
		k.Voice = speech.New(c)
		var wheel sync.WaitGroup
		wheel.Go(func() { _ = c.Wheel.Run(ctx) }) // ends with the bubble
		script(t, k)
		k.Close()
		stop()
		wheel.Wait()
	})
}

// play plays an utterance and returns what was reported of it.
func play(ctx context.Context, u *speech.Utterance) (heard speech.Heard, began []speech.Started, err error) {
	heard, err = u.Play(ctx, func(s speech.Started) { began = append(began, s) })
	return heard, began, err
}

const sentence = "One two three four." // 1.2 s

func TestASentenceIsSaid(t *testing.T) {
	speak(t, speech.Config{}, func(t *testing.T, k *talk) {
		heard, began, err := play(t.Context(), k.Prepare(t.Context(), sentence))
		if err != nil || heard != (speech.Heard{Text: sentence, Words: 4, Length: 1200 * time.Millisecond}) {
			t.Errorf("heard %+v, %v", heard, err)
		}
		packets := k.packets()
		if len(packets) != 60 {
			t.Fatalf("%d packets", len(packets))
		}
		for i, p := range packets {
			due := 100*time.Millisecond + time.Duration(i)*20*time.Millisecond
			switch {
			case p.payload != string(speechtest.Packet(i)):
				t.Fatalf("packet %d is another one", i)
			case p.timestamp != packets[0].timestamp+uint32(i*960) || p.marker != (i == 0):
				t.Fatalf("packet %d: timestamp +%d, marker %v", i, p.timestamp-packets[0].timestamp, p.marker)
			case p.at > due || p.at < due-5*time.Millisecond:
				t.Fatalf("packet %d was sent at %v, due at %v", i, p.at, due)
			}
		}
		if took := time.Since(k.epoch); took < 1295*time.Millisecond || took > 1310*time.Millisecond {
			t.Errorf("played after %v", took)
		}
		if len(began) != 1 || !began[0].Marked || began[0].RTP != packets[0].timestamp || len(began[0].Visemes) != 4 {
			t.Fatalf("began %+v", began)
		}
		// Times are those of the first packet, not of the audio after the lookahead.
		if w := began[0].Words[1]; w.Text != "two" || w.At != 306500*time.Microsecond {
			t.Errorf("second word %+v", w)
		}
	})
}

func TestTheNextSentenceFollowsWithoutASeam(t *testing.T) {
	speak(t, speech.Config{}, func(t *testing.T, k *talk) {
		first, second := k.Prepare(t.Context(), "One two."), k.Prepare(t.Context(), "Three four.")
		for _, u := range []*speech.Utterance{first, second} {
			if _, _, err := play(t.Context(), u); err != nil {
				t.Fatal(err)
			}
		}
		packets := k.packets()
		for i := range packets[1:] {
			if packets[i+1].timestamp-packets[i].timestamp != 960 || packets[i+1].marker {
				t.Fatalf("a seam before packet %d", i+1)
			}
			if gap := packets[i+1].at - packets[i].at; gap > 25*time.Millisecond {
				t.Fatalf("%v before packet %d", gap, i+1)
			}
		}
		if len(packets) != 60 {
			t.Errorf("%d packets", len(packets))
		}
	})
}

func TestRTPTimePassesInAPause(t *testing.T) {
	speak(t, speech.Config{}, func(t *testing.T, k *talk) {
		for range 2 {
			if _, _, err := play(t.Context(), k.Prepare(t.Context(), "One.")); err != nil {
				t.Fatal(err)
			}
			time.Sleep(3 * time.Second)
		}
		packets := k.packets()
		first, second := packets[0], packets[15]
		if !second.marker {
			t.Error("no marker after a pause")
		}
		passed := opus.Duration(int64(second.timestamp - first.timestamp))
		if off := (second.at - first.at - passed).Abs(); off > 5*time.Millisecond {
			t.Errorf("RTP time went %v, the clock %v", passed, second.at-first.at)
		}
	})
}

func TestAnInterruptionStopsTheNextPacket(t *testing.T) {
	speak(t, speech.Config{}, func(t *testing.T, k *talk) {
		ctx, cut := context.WithCancelCause(t.Context())
		interrupted := errors.New("interrupted")
		time.AfterFunc(100*time.Millisecond+790*time.Millisecond, func() { cut(interrupted) })
		heard, _, err := play(ctx, k.Prepare(t.Context(), sentence))
		if !errors.Is(err, interrupted) {
			t.Errorf("ended with %v", err)
		}
		// "three" began at 600 ms: more than half of it was said.
		if heard.Text != "One two three" || heard.Words != 3 || !heard.Cut || heard.Length != 800*time.Millisecond {
			t.Errorf("heard %+v", heard)
		}
		time.Sleep(time.Second)
		packets := k.packets()
		if len(packets) != 45 {
			t.Fatalf("%d packets", len(packets))
		}
		for i, p := range packets[40:] {
			if p.payload != string(opus.Silence()) || p.timestamp != packets[0].timestamp+uint32((40+i)*960) {
				t.Errorf("packet %d after the cut: %x at +%d", i, p.payload, p.timestamp-packets[0].timestamp)
			}
		}
	})
}

func TestTheNextReplyEndsTheSilence(t *testing.T) {
	speak(t, speech.Config{}, func(t *testing.T, k *talk) {
		next := k.Prepare(t.Context(), "Yes.")
		ctx, cut := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, cut)
		if _, _, err := play(ctx, k.Prepare(t.Context(), sentence)); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if _, _, err := play(t.Context(), next); err != nil {
			t.Fatal(err)
		}
		silent := 0
		for _, p := range k.packets() {
			if p.payload == string(opus.Silence()) {
				silent++
			}
		}
		if silent > 1 {
			t.Errorf("%d packets of silence before the next reply", silent)
		}
	})
}

func TestFramesOf40Milliseconds(t *testing.T) {
	speak(t, speech.Config{Frame: 40 * time.Millisecond}, func(t *testing.T, k *talk) {
		u := k.Prepare(t.Context(), sentence)
		time.Sleep(200 * time.Millisecond) // all of it is there: the first packet may be sent alone otherwise
		heard, _, err := play(t.Context(), u)
		if err != nil || heard.Length != 1200*time.Millisecond {
			t.Errorf("heard %+v, %v", heard, err)
		}
		packets := k.packets()
		if len(packets) != 30 {
			t.Fatalf("%d packets", len(packets))
		}
		for i, p := range packets {
			want, ok := opus.Repack(nil, speechtest.Packet(2*i), speechtest.Packet(2*i+1))
			if !ok || p.payload != string(want) || p.timestamp != packets[0].timestamp+uint32(i*1920) {
				t.Fatalf("packet %d: %x at +%d", i, p.payload, p.timestamp-packets[0].timestamp)
			}
		}
	})
}

func TestWithoutMarksItSpeaksAllTheSame(t *testing.T) {
	speak(t, speech.Config{}, func(t *testing.T, k *talk) {
		k.synthesizer.FailMarks(servicefailure.New("twin", servicefailure.Throttled, "too fast"))
		ctx, cut := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond+790*time.Millisecond, cut)
		heard, began, _ := play(ctx, k.Prepare(t.Context(), sentence))
		if last := began[len(began)-1]; !last.Marked || len(last.Words) != 0 { // the mouth's follow the sound
			t.Errorf("began %+v", began)
		}
		if heard.Text != "One two" { // two thirds of the text, in whole words
			t.Errorf("heard %+v", heard)
		}
	})
}

func TestMarksMayComeLater(t *testing.T) {
	speak(t, speech.Config{}, func(t *testing.T, k *talk) {
		k.synthesizer.MarksLatency = 400 * time.Millisecond
		_, began, err := play(t.Context(), k.Prepare(t.Context(), sentence))
		if err != nil || len(began) != 2 || began[0].Marked || !began[1].Marked || began[1].RTP != began[0].RTP {
			t.Errorf("began %+v, %v", began, err)
		}
	})
}

func TestAFailedSynthesisIsAnError(t *testing.T) {
	speak(t, speech.Config{}, func(t *testing.T, k *talk) {
		k.synthesizer.FailAudio(servicefailure.New("twin", servicefailure.Unavailable, "down"))
		heard, began, err := play(t.Context(), k.Prepare(t.Context(), sentence))
		if servicefailure.KindOf(err) != servicefailure.Unavailable || heard.Text != "" || len(began) != 0 {
			t.Errorf("heard %+v, %v", heard, err)
		}
		if n := len(k.packets()); n != 0 {
			t.Errorf("%d packets", n)
		}
	})
}

func TestAudioThatBreaksOff(t *testing.T) {
	speak(t, speech.Config{}, func(t *testing.T, k *talk) {
		k.synthesizer.BreakAfter(400)
		heard, _, err := play(t.Context(), k.Prepare(t.Context(), sentence))
		if servicefailure.KindOf(err) != servicefailure.Broken || !heard.Cut || heard.Length == 0 || heard.Text == sentence {
			t.Errorf("heard %+v, %v", heard, err)
		}
	})
}

func TestAudioThatStalls(t *testing.T) {
	speak(t, speech.Config{}, func(t *testing.T, k *talk) {
		k.synthesizer.Stall(2 * time.Second)
		heard, _, err := play(t.Context(), k.Prepare(t.Context(), sentence))
		if err != nil || heard.Length != 1200*time.Millisecond {
			t.Errorf("heard %+v, %v", heard, err)
		}
		markers := 0
		for _, p := range k.packets() {
			if p.marker {
				markers++
			}
		}
		if markers != 2 {
			t.Errorf("%d spurts", markers)
		}
	})
}

func TestNothingToSay(t *testing.T) {
	speak(t, speech.Config{}, func(t *testing.T, k *talk) {
		heard, began, err := play(t.Context(), k.Prepare(t.Context(), "* 🙂 *"))
		if err != nil || heard != (speech.Heard{}) || len(began) != 0 || len(k.synthesizer.Texts()) != 0 {
			t.Errorf("heard %+v, %+v, %v", heard, began, err)
		}
	})
}

func TestAShortLineIsSynthesisedOnce(t *testing.T) {
	speak(t, speech.Config{Cache: speech.NewCache()}, func(t *testing.T, k *talk) {
		for i := range 3 {
			began := time.Now()
			if heard, _, err := play(t.Context(), k.Prepare(t.Context(), "I see.")); err != nil || heard.Text != "I see." {
				t.Fatalf("heard %+v, %v", heard, err)
			}
			if took := time.Since(began); i > 0 && took > 610*time.Millisecond {
				t.Errorf("took %v", took)
			}
		}
		if n := len(k.synthesizer.Texts()); n != 1 {
			t.Errorf("synthesised %d times", n)
		}
	})
}

func TestACacheIsBounded(t *testing.T) {
	cache := speech.NewCache()
	speak(t, speech.Config{Cache: cache}, func(t *testing.T, k *talk) {
		for range 2 {
			for i := range 200 {
				if _, _, err := play(t.Context(), k.Prepare(t.Context(), "Line "+strings.Repeat("i", i))); err != nil {
					t.Fatal(err)
				}
			}
		}
		if n := cache.Lines(); n > 128 || n < 90 {
			t.Errorf("%d lines are remembered", n)
		}
	})
}

// TestWhatIsSaidOnceCrowdsNothingOut: a busy worker says hundreds of lines that nobody hears
// again, between two interviews that begin alike.
func TestWhatIsSaidOnceCrowdsNothingOut(t *testing.T) {
	cache := speech.NewCache()
	speak(t, speech.Config{Cache: cache}, func(t *testing.T, k *talk) {
		speech.Warm(t.Context(), speech.Config{Synthesizer: k.synthesizer, Cache: cache}, []string{"Hello."})
		asked := map[string]int{}
		say := func(lines ...string) {
			t.Helper()
			for _, line := range lines {
				before := len(k.synthesizer.Texts())
				if _, _, err := play(t.Context(), k.Prepare(t.Context(), line)); err != nil {
					t.Fatal(err)
				}
				asked[line] += len(k.synthesizer.Texts()) - before
			}
		}
		chatter := func(about string, n int) {
			for i := range n {
				say(fmt.Sprint(about, i))
			}
		}
		say("Goodbye.", "I see.", "I see.")
		chatter("cats ", 150)
		say("Goodbye.") // known to have been said
		chatter("dogs ", 150)
		say("Hello.", "I see.", "Goodbye.", "cats 1")
		for line, times := range map[string]int{"Hello.": 0, "I see.": 1, "Goodbye.": 2, "cats 1": 2} {
			if asked[line] != times {
				t.Errorf("%q was synthesised %d times, want %d", line, asked[line], times)
			}
		}
		if n := cache.Lines(); n > 40 {
			t.Errorf("%d lines are remembered", n)
		}
	})
}

func TestAnUtteranceThatIsNotWanted(t *testing.T) {
	speak(t, speech.Config{}, func(t *testing.T, k *talk) {
		ctx, drop := context.WithCancel(t.Context())
		u := k.Prepare(ctx, sentence)
		drop()
		if _, _, err := play(t.Context(), u); !errors.Is(err, context.Canceled) {
			t.Errorf("played: %v", err)
		}
	})
}

func TestLinesAreWarmed(t *testing.T) {
	cache := speech.NewCache()
	speak(t, speech.Config{Cache: cache}, func(t *testing.T, k *talk) {
		lines := []string{"Hello.", "Take your time.", strings.Repeat("Too long to keep. ", 20), ""}
		for range 2 {
			speech.Warm(t.Context(), speech.Config{Synthesizer: k.synthesizer, Cache: cache}, lines)
		}
		if got := k.synthesizer.Texts(); !slices.Equal(got, lines[:2]) || cache.Lines() != 2 {
			t.Errorf("synthesised %q", got)
		}
		began := time.Now()
		heard, _, err := play(t.Context(), k.Prepare(t.Context(), "Hello."))
		if took := time.Since(began); err != nil || heard.Text != "Hello." || took > 310*time.Millisecond || len(k.packets()) == 0 {
			t.Errorf("heard %+v after %v, %v", heard, took, err)
		}
	})
}

func TestWarmingThatFailsIsHarmless(t *testing.T) {
	cache := speech.NewCache()
	speak(t, speech.Config{Cache: cache}, func(t *testing.T, k *talk) {
		k.synthesizer.FailAudio(servicefailure.New("twin", servicefailure.Unavailable, "down"))
		speech.Warm(t.Context(), speech.Config{Synthesizer: k.synthesizer, Cache: cache}, []string{"Hello.", "Take your time."})
		if n := len(k.synthesizer.Texts()); n > 1 || cache.Lines() != 0 {
			t.Errorf("%d lines were tried, %d are remembered", n, cache.Lines())
		}
		ended, end := context.WithCancel(t.Context())
		end()
		speech.Warm(ended, speech.Config{Synthesizer: k.synthesizer, Cache: cache}, []string{"Hello."})
		speech.Warm(t.Context(), speech.Config{Synthesizer: k.synthesizer}, []string{"Hello."})
		k.synthesizer.FailAudio(nil)
		if heard, _, err := play(t.Context(), k.Prepare(t.Context(), "Hello.")); err != nil || heard.Text != "Hello." {
			t.Errorf("heard %+v, %v", heard, err)
		}
	})
}
