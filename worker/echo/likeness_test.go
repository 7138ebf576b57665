package echo

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestProductsAreThoseOfEveryStretch(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, c := range []struct{ a, b int }{{1, 1}, {1, 7}, {3, 3}, {5, 64}, {100, 1000}} {
		a, b := make([]float32, c.a), make([]float32, c.b)
		for i := range a {
			a[i] = r.Float32() - 0.5
		}
		for i := range b {
			b[i] = r.Float32() - 0.5
		}
		for i, got := range correlate(a, b) {
			want := 0.0
			for k, x := range a {
				want += float64(x) * float64(b[i+k])
			}
			if math.Abs(got-want) > 1e-9 {
				t.Fatalf("%d of %d at %d: %v, want %v", c.a, c.b, i, got, want)
			}
		}
	}
}
