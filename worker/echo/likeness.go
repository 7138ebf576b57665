package echo

import (
	"math"
	"math/bits"
	"math/cmplx"
)

// loudest is by how much an echo may be stronger than what was sent, as a share of energy: a
// browser turns a microphone up.
const loudest = 1000

// likeness returns how much a sound is like the stretch of another that it is most like: the
// greatest correlation, from 0 to 1. Both are whitened.
func likeness(a, b []float32) float64 {
	if len(b) < len(a) {
		return 0
	}
	whiten(a)
	whiten(b)
	products, energy, other := correlate(a, b), 0.0, 0.0
	for i, x := range a {
		energy += square(x)
		other += square(b[i])
	}
	if energy == 0 {
		return 1 // nothing is like anything
	}
	best := 0.0
	for i, p := range products {
		if i > 0 {
			other += square(b[i+len(a)-1]) - square(b[i-1])
		}
		if other*loudest > energy {
			best = max(best, p*p/(energy*other))
		}
	}
	return math.Sqrt(best)
}

// whiten weakens the low tones, which are alike in all voices.
func whiten(s []float32) {
	var last float32
	for i, x := range s {
		s[i], last = x-0.9*last, x
	}
}

func square(x float32) float64 { return float64(x) * float64(x) }

// correlate returns the products of a sound with each stretch of a longer one.
func correlate(a, b []float32) []float64 {
	size := 1 << bits.Len(uint(len(b)-1))
	both := make([]complex128, size) // the one is real, the other imaginary: one transform for both
	for i, x := range b {
		both[i] = complex(0, float64(x))
	}
	for i, x := range a {
		both[i] += complex(float64(x), 0)
	}
	transform(both)
	product := make([]complex128, size)
	for k, z := range both {
		mirrored := cmplx.Conj(both[(size-k)%size])
		product[k] = cmplx.Conj((z+mirrored)/2) * (z - mirrored) / 2i
	}
	transform(product) // there and there again is back, but for order and size
	all := make([]float64, len(b)-len(a)+1)
	for i := range all {
		all[i] = real(product[(size-i)%size]) / float64(size)
	}
	return all
}

// transform is the discrete Fourier transform, in place, of a power of two of values.
func transform(s []complex128) {
	shift := bits.UintSize - bits.Len(uint(len(s)-1))
	for i := range s {
		if j := int(bits.Reverse(uint(i)) >> shift); j > i {
			s[i], s[j] = s[j], s[i]
		}
	}
	for half := 1; half < len(s); half *= 2 {
		step, w := cmplx.Rect(1, -math.Pi/float64(half)), complex(1, 0)
		for k := range half {
			for i := k; i < len(s); i += 2 * half {
				x, y := s[i], w*s[i+half]
				s[i], s[i+half] = x+y, x-y
			}
			w *= step
		}
	}
}
