package client_test

import (
	"os/exec"
	"slices"
	"testing"
	"time"

	"casey.internal/cdk/client"
	"casey.internal/worker/opus"
)

// TestRender checks that a rendered voice is loud where it speaks, ends quiet,
// and lasts about as long as the sentence takes.
func TestRender(t *testing.T) {
	for _, tool := range []string{"espeak-ng", "opusenc"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: apt-get install espeak-ng opus-tools", tool)
		}
	}
	frames, err := client.Render(t.Context(), "I have led a small team for five years", "en-us")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(frames); n < 75 || n > 250 {
		t.Errorf("%d frames, want 1.5 to 5 s of 20 ms", n)
	}
	loud := 0
	for _, f := range frames {
		if f.Level < 40 {
			loud++
		}
		if len(f.Opus) == 0 {
			t.Fatal("a frame without a packet")
		}
	}
	if loud < len(frames)/2 {
		t.Errorf("%d of %d frames are loud, want most", loud, len(frames))
	}
	if last := frames[len(frames)-1].Level; last < 60 {
		t.Errorf("the last frame has level %d, want silence", last)
	}
}

func TestPairs(t *testing.T) {
	var samples []int
	for _, f := range client.Pairs(append(client.Silence(100*time.Millisecond), client.Frame{Opus: []byte{0x78, 1}, Level: 20})) {
		samples = append(samples, opus.Samples(f.Opus))
	}
	if want := []int{1920, 1920, 960, 960}; !slices.Equal(samples, want) { // the last two are of different kinds
		t.Errorf("packets of %v samples, want %v", samples, want)
	}
}
