package opus_test

import (
	"testing"

	"casey.internal/worker/opus"
)

func FuzzPacket(f *testing.F) {
	f.Add([]byte{120, 1, 2, 3}, []byte{120, 4})
	f.Add([]byte{toc(31, 3), 0xc2, 3, 1, 9, 9, 0, 0, 0}, []byte{toc(31, 2), 1, 9, 8})
	f.Add([]byte{toc(31, 1), 1, 2}, []byte{toc(15, 3), 2, 1, 2})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		_, known := opus.Voice(a)
		if known && !opus.Valid(a) {
			t.Error("a voice flag in what is no packet")
		}
		joined, ok := opus.Repack(nil, a, b)
		if !ok {
			return
		}
		if !opus.Valid(joined) {
			t.Fatalf("% x and % x become % x, which is not valid", a, b, joined)
		}
		if got, want := opus.Samples(joined), opus.Samples(a)+opus.Samples(b); got != want {
			t.Errorf("%d samples, want %d", got, want)
		}
	})
}
