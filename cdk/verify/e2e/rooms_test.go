package e2e

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/verify/browser"
	"casey.internal/cdk/verify/room"
)

// How loud the interviewer comes back to the microphone, in percent as PulseAudio
// counts.
const (
	headphones = 0
	ordinary   = 50  // about 18 dB below what the loudspeaker plays
	loud       = 100 // as loud as that
)

// TestScenesInARoom has the interviewer's voice come out of a loudspeaker and,
// as an echo, into the microphone, with Chromium's own processing of sound
// between: the echo stops nothing, and a voice over it is heard. Sound that is
// broken by a busy machine is no echo any more for the browser, so this runs by
// `make e2e-room` alone.
func TestScenesInARoom(t *testing.T) {
	inRooms(t)
	p, _ := build(t).enterRoom(t, ordinary)
	defer p.table()
	p.act("echo", p.hearsItself)
	p.act("thinking pause", p.pauses)
	p.act("interruption", p.interrupts)
	p.act("recognition breaks off", p.losesRecognition)
}

// TestGreetingsInARoom has one room after the other greet somebody who says nothing:
// a browser that has yet to learn to cancel an echo hears one, and it stops nothing.
func TestGreetingsInARoom(t *testing.T) {
	inRooms(t)
	x := build(t)
	for n, echo := range []int{ordinary, ordinary, ordinary, loud, loud} {
		t.Run(fmt.Sprintf("%d of %d percent", n+1, echo), func(t *testing.T) {
			p, _ := x.enterRoom(t, echo)
			defer p.table()
			p.act("greeting", p.hearsItself)
		})
	}
}

// promptly is how soon the interviewer has to fall silent when somebody speaks into its
// first seconds, in ms, 19 times of 20.
const promptly = 300

// sufficient is the number of interruptions, of 15, by which that can be judged: of two or three
// the browser lets nothing through before.
const sufficient = 11

// TestEarlyInterruptionsInARoom has somebody speak into the greeting at several
// moments, while the browser may still learn to cancel the echo.
func TestEarlyInterruptionsInARoom(t *testing.T) {
	inRooms(t)
	x := build(t)
	var all []float64
	for _, echo := range []int{ordinary, loud, headphones} {
		for _, ms := range []int{500, 1000, 1500, 2000, 2500} {
			t.Run(fmt.Sprintf("at %d ms with %d percent", ms, echo), func(t *testing.T) {
				p, r := x.enterRoom(t, echo)
				defer p.table()
				p.act("early interruption", func() {
					if late, ok := p.interruptsAt(ms, r); ok {
						all = append(all, late)
					}
				})
			})
		}
	}
	slices.Sort(all)
	if len(all) < sufficient {
		t.Fatalf("%d voices were let through before the interviewer fell silent, too few to judge by", len(all))
	}
	median, late := all[len(all)/2], all[(len(all)*95+99)/100-1]
	t.Logf("%d times the browser let the voice through, to silence p50 %.0f ms, p95 %.0f ms", len(all), median, late)
	if late > promptly {
		t.Errorf("voice to silence took %.0f ms (p95): %.0f", late, all)
	}
}

// interruptsAt has somebody speak when so many ms of the greeting have been heard. It
// returns how many ms after the browser first let their voice through the interviewer fell
// silent: the browser may cancel the beginning. ok = it was let through before.
func (p *play) interruptsAt(ms int, r *room.Room) (late float64, ok bool) {
	listened, err := r.Listen(p.t.Context(), rate)
	if err != nil {
		p.t.Fatal(err)
	}
	p.Wait(fmt.Sprintf(`(u => casey.spoken(u) >= %d)(caseyLog.find(e => e.name === "caption" && e.event.utterance)?.event.utterance)`, ms), replyLimit)
	mark, cut, interruption := p.mark(), p.turn, p.cast.interruption
	asked := browser.Value[float64](p.Page, `performance.now()`)
	ended := p.voice(interruption.sound)
	p.Wait(`caseyLog.some(e => e.name === "cut")`, replyLimit)
	ended()
	p.awaitSpeech(mark)
	samples, began := listened()
	air := recording{decode(samples), [][2]float64{{0, float64(began.UnixMicro())/1000 - browser.Value[float64](p.Page, `performance.timeOrigin`)}}}
	own, heard, voice := p.own(), p.heard(), interruption.sound.spoken()
	said, _ := air.find(voice[:rate], asked, asked+latest)
	through := own.lets(voice, said)
	paused := browser.Value[float64](p.Page, `caseyLog.find(e => e.name === "cut").at`)
	silence := heard.ends(paused, 300*time.Millisecond)
	p.addFigure("voice", "%.0f ms after the interviewer's", said-heard.onset(0))
	p.addFigure("voice in the air to let through, to told of the pause, to silence", "%.0f, %.0f, %.0f ms", through-said, paused-said, silence-said)
	if paused < said {
		p.fail("it paused %.0f ms before anybody spoke", said-paused)
	}
	// Of the words nobody can hear what the browser cancelled.
	p.addFigure("heard", "%d of %d words", common(wordsOf(interruption.words), wordsOf(strings.Join(p.answers(cut), " "))), len(wordsOf(interruption.words)))
	return silence - through, through < paused
}

// latest is within how many ms a voice is in the air that somebody is told to raise.
const latest = 1200

// spoken is the sound from where its voice begins, a breath before it left out.
func (s sound) spoken() sound {
	x := recording{s, [][2]float64{{}}}
	return s[x.at(x.onset(0)):]
}

// find returns the time, between two, at which a voice begins in a recording that has it:
// where it fits best, and how well, up to 1. Both are whitened: the low tones of all voices
// are alike.
func (x recording) find(voice sound, from, to float64) (at, fit float64) {
	first, last := x.at(from), min(x.at(to), len(x.sound)-len(voice))
	if first >= last {
		return from, 0
	}
	v, all := whitened(voice), whitened(x.sound[first:last+len(voice)])
	energy := 1.0
	for _, sample := range v {
		energy += sample * sample
	}
	best := 0
	for i := range last - first {
		product, other := 0.0, 1.0
		for k := 0; k < len(v); k += 3 {
			product += v[k] * all[i+k]
			other += all[i+k] * all[i+k]
		}
		if f := product / math.Sqrt(other*energy/3); f > fit {
			best, fit = i, f
		}
	}
	return x.time(first + best), fit
}

func whitened(s sound) []float64 {
	w, last := make([]float64, len(s)), 0.0
	for i, sample := range s {
		w[i], last = float64(sample)-0.9*last, float64(sample)
	}
	return w
}

// lets returns when the recording first has a voice in it that began at a time, or a little
// before or after; the end when it never has.
func (x recording) lets(voice sound, began float64) float64 {
	const part, step, sure = rate / 5, rate / 50, 0.45
	for i := 0; i+part <= len(voice); i += step {
		due := began + float64(i)*1000/rate
		if at, fit := x.find(voice[i:i+part], due-150, due+300); fit >= sure {
			return at
		}
	}
	return x.time(len(x.sound))
}

// inRooms skips a test that `make e2e-room` runs.
func inRooms(t *testing.T) {
	t.Helper()
	if os.Getenv("CASEY_ROOM") == "" {
		t.Skip("make e2e-room runs this one")
	}
}

// enterRoom has somebody enter an interview in a room with an echo.
func (x theatre) enterRoom(t *testing.T, echo int) (*play, *room.Room) {
	t.Helper()
	r, err := room.Open(t.Context(), room.Config{Echo: echo})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	p := x.enter(t, browser.Options{Devices: true, Env: r.Env()}, func(s sound) func() {
		said := make(chan error, 1)
		go func() { said <- r.Say(t.Context(), s.pcm(), rate) }()
		return func() {
			if err := <-said; err != nil {
				t.Error(err)
			}
		}
	})
	return p, r
}
