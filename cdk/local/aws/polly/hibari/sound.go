package hibari

import (
	"math"
	"math/rand/v2"
	"sync"

	"gonum.org/v1/gonum/dsp/fourier"
)

const (
	// Rate is the sample rate of the voice, in Hz.
	Rate = 24000
	// window is the length of the Fourier transforms, hop the samples of a frame, bins the
	// frequencies.
	window, hop, bins = 1200, 300, window/2 + 1
	// lowest is the pitch in Hz below which a frame has no voice.
	lowest = 40
	// highest is the frequency in Hz up to which a voice has harmonics.
	highest = 11000
)

// frames is what the model makes of phonemes: for each frame a spectrum in three parts, harmonics,
// noise and a rest of free phase, each [bins][frames] in one piece, and the pitch.
type frames struct {
	harmonic, turn, noise, rest, phase, pitch []float32
}

// wave makes sound of frames: pulses at the pitch, filtered by the harmonics' spectrum, and noise
// by its own, are added to the rest, and transformed back (hibari's dsp.py tells the formula).
func (f frames) wave() []float64 {
	n := len(f.pitch)
	fft := fourier.NewFFT(window)
	hann := hann()
	padded := mirrored(pulses(f.pitch))
	random := rand.New(rand.NewPCG(1, 2))
	out := make([]float64, n*hop+window)
	weight := make([]float64, len(out))
	block, spectrum := make([]float64, window), make([]complex128, bins)
	for t := range n {
		for i := range block {
			block[i] = padded[t*hop+i] * hann[i] / (window / 4)
		}
		fft.Coefficients(spectrum, block)
		f.shape(spectrum, t, random)
		fft.Sequence(block, spectrum)
		for i, s := range block {
			out[t*hop+i] += s / window * hann[i]
			weight[t*hop+i] += hann[i] * hann[i]
		}
	}
	out, weight = out[window/2:window/2+n*hop], weight[window/2:]
	for i := range out {
		out[i] /= max(weight[i], 1e-11)
	}
	return out
}

// shape makes the spectrum of frame t of that of its pulses.
func (f frames) shape(spectrum []complex128, t int, random *rand.Rand) {
	n := len(f.pitch)
	for k := range spectrum {
		at := k*n + t
		spectrum[k] *= polar(f.harmonic[at], halfTurn().at(float64(f.turn[at])))
		spectrum[k] += complex(random.NormFloat64(), random.NormFloat64()) * complex(magnitude(f.noise[at]), 0)
		spectrum[k] += polar(f.rest[at], float64(f.phase[at])/(2*math.Pi))
	}
	// The first and the last of a real sound have no phase.
	spectrum[0], spectrum[bins-1] = complex(real(spectrum[0]), 0), complex(real(spectrum[bins-1]), 0)
}

// polar is a number of the magnitude that the model gives the logarithm of, and of an angle in
// turns.
func polar(log float32, turns float64) complex128 {
	m := magnitude(log)
	turns -= math.Floor(turns)
	return complex(m*cosine().at(turns), m*sine().at(turns))
}

// magnitude is what the model gives the logarithm of, bounded: 80 dB below the loudest is nothing.
func magnitude(log float32) float64 { return exponential().at(float64(log)) }

// table is a function between two values, of which enough is known that nobody hears the steps; it
// spares the voice half of what it costs.
type table struct {
	from, perStep float64
	values        [4096]float32
}

// tabled returns what makes a table of f when it is first needed.
func tabled(from, to float64, f func(float64) float64) func() *table {
	return sync.OnceValue(func() *table {
		var t table
		t.from, t.perStep = from, float64(len(t.values))/(to-from)
		for i := range t.values {
			t.values[i] = float32(f(from + (float64(i)+0.5)/t.perStep))
		}
		return &t
	})
}

func (t *table) at(x float64) float64 {
	return float64(t.values[max(0, min(len(t.values)-1, int((x-t.from)*t.perStep)))])
}

// The tables: of turns, of logarithms, and of what the model gives for half a turn.
var (
	sine        = tabled(0, 1, func(x float64) float64 { return math.Sin(2 * math.Pi * x) })
	cosine      = tabled(0, 1, func(x float64) float64 { return math.Cos(2 * math.Pi * x) })
	exponential = tabled(-20, 7, math.Exp)
	halfTurn    = tabled(-6, 6, func(x float64) float64 { return math.Tanh(x) / 2 })
)

// hann is a periodic Hann window.
func hann() []float64 {
	w := make([]float64, window)
	for i := range w {
		w[i] = 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/window)
	}
	return w
}

// pulses is a train of pulses at the pitch: all harmonics up to highest, equally loud.
func pulses(pitch []float32) []float64 {
	out := make([]float64, len(pitch)*hop)
	phase := 0.0
	for i := range out {
		f := between(pitch, i)
		voiced := f > lowest
		f = max(f, lowest)
		_, phase = math.Modf(phase + f/Rate)
		if !voiced {
			continue
		}
		harmonics := math.Floor(highest/f) + 0.5
		angle := 2 * math.Pi * phase
		if s := 2 * math.Sin(angle/2); math.Abs(s) > 2e-3 {
			out[i] = math.Sin(harmonics*angle)/s - 0.5
		} else {
			out[i] = harmonics - 0.5
		}
	}
	return out
}

// between is the pitch at a sample, between those of the middles of frames.
func between(pitch []float32, sample int) float64 {
	at := (float64(sample)+0.5)/hop - 0.5
	low := math.Floor(at)
	u := at - low
	value := func(i int) float64 { return float64(pitch[max(0, min(i, len(pitch)-1))]) }
	return value(int(low))*(1-u) + value(int(low)+1)*u
}

// mirrored is a sound with half a window of itself, backwards, at either end.
func mirrored(x []float64) []float64 {
	const half = window / 2
	out := make([]float64, len(x)+2*half)
	copy(out[half:], x)
	for i := range half {
		out[half-1-i] = x[min(i+1, len(x)-1)]
		out[half+len(x)+i] = x[max(0, len(x)-2-i)]
	}
	return out
}
