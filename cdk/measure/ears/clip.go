// Package ears measures how well the engines of the local Transcribe hear: how many words they get
// wrong, how soon they say so, and what it costs.
package ears

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Rate is the sample rate of clips, in Hz.
const Rate = 16000

// Clip is something that was said.
type Clip struct {
	Name string
	// Words are what was said, as they are written.
	Words   string
	Samples []int16
	// Starts and Ends are where the voice does.
	Starts, Ends time.Duration
}

// NewClip returns a clip with its voice found, which has to be clean.
func NewClip(name, words string, samples []int16) Clip {
	c := Clip{Name: name, Words: words, Samples: samples}
	loud := 0.0
	levels := make([]float64, 0, len(samples)/perLevel)
	for frame := range slices.Chunk(samples, perLevel) {
		levels = append(levels, power(frame))
		loud = max(loud, levels[len(levels)-1])
	}
	const audible = 1e-3 // 30 dB below the loudest
	first := slices.IndexFunc(levels, func(l float64) bool { return l > audible*loud })
	last := len(levels) - 1
	for last > first && levels[last] <= audible*loud {
		last--
	}
	length := time.Duration(len(samples)) * time.Second / Rate
	c.Starts, c.Ends = time.Duration(max(0, first))*level, min(length, time.Duration(last+1)*level)
	return c
}

const (
	level    = 10 * time.Millisecond
	perLevel = Rate / 100
)

// power is the mean square of samples.
func power(samples []int16) float64 {
	sum := 0.0
	for _, s := range samples {
		sum += float64(s) * float64(s)
	}
	return sum / float64(max(1, len(samples)))
}

// Spoken is how long somebody speaks.
func (c Clip) Spoken() time.Duration { return c.Ends - c.Starts }

// row is a recording in the table of a folder's MANIFEST.md, by the heads of its columns.
var row = regexp.MustCompile(`^\|(.+)\|\s*$`)

// Recordings reads those of a folder whose words its MANIFEST.md tells, in a table with the columns
// "file" and "exact words". sox reads them; what has no header is 16 bits at 16 kHz.
func Recordings(ctx context.Context, folder string) ([]Clip, error) {
	text, err := os.ReadFile(filepath.Join(folder, "MANIFEST.md"))
	if err != nil {
		return nil, fmt.Errorf("read what the recordings say: %w", err)
	}
	file, words := -1, -1
	var clips []Clip
	for line := range strings.Lines(string(text)) {
		match := row.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		cells := strings.Split(match[1], "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if file < 0 {
			file, words = slices.Index(cells, "file"), slices.Index(cells, "exact words")
			continue
		}
		if words < 0 || len(cells) <= words || strings.HasPrefix(cells[file], "-") {
			continue
		}
		clip, err := Recording(ctx, filepath.Join(folder, cells[file]), cells[words])
		if err != nil {
			return nil, err
		}
		clips = append(clips, clip)
	}
	if len(clips) == 0 {
		return nil, errors.New("MANIFEST.md has no table with the columns \"file\" and \"exact words\"")
	}
	return clips, nil
}

// Recording reads one recording, in which these words are said. sox reads it; what has no header is
// 16 bits at 16 kHz.
func Recording(ctx context.Context, file, words string) (Clip, error) {
	samples, err := read(ctx, file)
	if err != nil {
		return Clip{}, err
	}
	return NewClip(filepath.Base(file), words, samples), nil
}

// WAV returns the clip as a file of 16 bits, one channel.
func (c Clip) WAV() []byte {
	const header, format = 44, 16
	size := uint32(2 * len(c.Samples))
	wav := append(make([]byte, 0, header+int(size)), "RIFF"...)
	wav = append(binary.LittleEndian.AppendUint32(wav, header-8+size), "WAVEfmt "...)
	wav = binary.LittleEndian.AppendUint32(wav, format)
	for _, field := range []uint16{1, 1, Rate, 0, 2 * Rate, 0, 2, 16} { // PCM, channels, two of 32 bits, bytes and bits a sample
		wav = binary.LittleEndian.AppendUint16(wav, field)
	}
	wav = binary.LittleEndian.AppendUint32(append(wav, "data"...), size)
	for _, s := range c.Samples {
		wav = binary.LittleEndian.AppendUint16(wav, uint16(s))
	}
	return wav
}

func read(ctx context.Context, file string) ([]int16, error) {
	format := strings.Fields("-t raw -r 16000 -e signed -b 16 -c 1")
	args := []string{"-R", file}
	if strings.HasSuffix(file, ".raw") {
		args = append(append([]string{"-R"}, format...), file)
	}
	out, err := exec.CommandContext(ctx, "sox", append(append(args, format...), "-")...).Output()
	if err != nil {
		return nil, fmt.Errorf("read %s with sox: %w", file, err)
	}
	samples := make([]int16, len(out)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(out[2*i:]))
	}
	return samples, nil
}

// Noisy returns the clip with pink noise that is so many dB below its voice. It is the same noise
// each time.
func (c Clip) Noisy(below float64) Clip {
	voice := power(c.Samples[c.Starts*Rate/time.Second : c.Ends*Rate/time.Second])
	pink := pinkNoise(len(c.Samples))
	sum := 0.0
	for _, n := range pink {
		sum += n * n
	}
	gain := math.Sqrt(voice / math.Pow(10, below/10) / (sum / float64(len(pink))))
	noisy := make([]int16, len(c.Samples))
	for i, s := range c.Samples {
		noisy[i] = int16(max(math.MinInt16, min(math.MaxInt16, float64(s)+gain*pink[i])))
	}
	c.Samples = noisy
	return c
}

// pinkNoise sums white noises, each of which changes half as often as the one before (Voss and
// McCartney).
func pinkNoise(n int) []float64 {
	random := rand.New(rand.NewPCG(10, 20))
	var rows [12]float64
	out := make([]float64, n)
	for i := range out {
		for k := range rows {
			if i%(1<<k) == 0 {
				rows[k] = random.NormFloat64()
			}
			out[i] += rows[k]
		}
	}
	return out
}

// Around returns the clip with so much quiet before and after it.
func (c Clip) Around(before, after time.Duration) Clip {
	quiet := func(d time.Duration) []int16 { return make([]int16, d*Rate/time.Second) }
	c.Samples = slices.Concat(quiet(before), c.Samples, quiet(after))
	c.Starts, c.Ends = c.Starts+before, c.Ends+before
	return c
}
