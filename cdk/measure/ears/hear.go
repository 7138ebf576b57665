package ears

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"casey.internal/cdk/local/aws/transcribe"
	"casey.internal/cdk/local/aws/transcribe/transcript"
)

// perPiece is the samples that an event carries: 100 ms.
const perPiece = Rate / 10

// Heard is what an ear made of a clip. Times are of the audio; what the ear itself took counts by
// the processor's time, so that a machine that does other things too measures the same.
type Heard struct {
	// Text is all that was final.
	Text string
	// First is when the first partial result came after the voice began, 0 where there was none.
	First time.Duration
	// Stable is for each word of a final result how long after its end it was stable.
	Stable []time.Duration
	// Final is how long after the voice the last result came.
	Final time.Duration
	// Partials counts the partial results, and Denied the words in a final result that differ from
	// what was stable.
	Partials, Denied int
	// CPU is what hearing took.
	CPU time.Duration
	// Words are the words of final results, with their times.
	Words []transcript.Item
}

// Hear plays a clip to a new ear.
func Hear(engine transcribe.Engine, c Clip) (Heard, error) {
	ear, err := engine.Open(transcribe.Settings{Encoding: "pcm", Rate: Rate, Stability: "high"})
	if err != nil {
		return Heard{}, fmt.Errorf("open ear: %w", err)
	}
	defer ear.Close()
	runtime.LockOSThread() // whose time is measured
	defer runtime.UnlockOSThread()
	l := listener{clip: c, stable: map[int]time.Duration{}}
	arrived, free := time.Duration(0), time.Duration(0)
	for samples := range slices.Chunk(c.Samples, perPiece) {
		arrived += time.Duration(len(samples)) * time.Second / Rate
		began := cpu()
		results, err := ear.Hear(bytesOf(samples))
		if err != nil {
			return Heard{}, fmt.Errorf("hear %s: %w", c.Name, err)
		}
		took := cpu() - began
		free = max(free, arrived) + took
		l.heard.CPU += took
		l.take(results, free)
	}
	began := cpu()
	l.take(ear.End(), free)
	l.heard.CPU += cpu() - began
	return l.heard, nil
}

// Now is the clock of an ear that Hear plays to: how much of the processor its thread has had.
func Now() time.Time { return time.Unix(0, 0).Add(cpu()) }

// cpu is what this thread has taken.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func bytesOf(samples []int16) []byte {
	b := make([]byte, 0, 2*len(samples))
	for _, s := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

// listener takes the results of one ear.
type listener struct {
	clip   Clip
	heard  Heard
	stable map[int]time.Duration // since when, by the number of the word in the utterance
	shown  []string              // what was stable
}

func (l *listener) take(results []transcript.Result, at time.Duration) {
	for _, r := range results {
		words := slices.DeleteFunc(slices.Clone(r.Alternatives[0].Items), func(i transcript.Item) bool { return i.Type != transcript.Pronunciation })
		for i, w := range words {
			if _, known := l.stable[i]; !known && *w.Stable {
				l.stable[i] = at
				l.shown = append(l.shown, w.Content)
			}
		}
		if r.IsPartial {
			if l.heard.Partials++; l.heard.First == 0 {
				l.heard.First = max(0, at-l.clip.Starts)
			}
			continue
		}
		l.final(r, words, at)
	}
}

func (l *listener) final(r transcript.Result, words []transcript.Item, at time.Duration) {
	for i, w := range words {
		end := time.Duration(w.EndTime * float64(time.Second))
		l.heard.Stable = append(l.heard.Stable, l.stable[i]-end)
		if i < len(l.shown) && l.shown[i] != w.Content {
			l.heard.Denied++
		}
	}
	l.heard.Text = strings.TrimSpace(l.heard.Text + " " + r.Alternatives[0].Transcript)
	l.heard.Final = at - l.clip.Ends
	l.heard.Words = append(l.heard.Words, words...)
	l.stable, l.shown = map[int]time.Duration{}, nil
}
