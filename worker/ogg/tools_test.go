package ogg_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"casey.internal/worker/ogg"
)

// tool returns the path of one of the opus-tools, or skips the test.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}

// encoded returns a second of noise as opusenc writes it, with pages of at most
// delay milliseconds.
func encoded(t *testing.T, delay string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), tool(t, "opusenc"), "--quiet", "--raw", "--raw-rate", "48000",
		"--raw-chan", "1", "--max-delay", delay, "-", "-")
	pcm := make([]byte, 2*48000)
	for i := range pcm {
		pcm[i] = byte(i * i >> 3)
	}
	cmd.Stdin = bytes.NewReader(pcm)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestOpusToolsReadOurs checks a stream of real packets, with gaps filled, that
// has passed our demuxer and muxer.
func TestOpusToolsReadOurs(t *testing.T) {
	packets, err := demux(bytes.NewReader(encoded(t, "1000")))
	if !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	packets = append(packets, []byte{packets[0][0]}, []byte{28 << 3})
	data, length := stream(t, packets...)
	file := filepath.Join(t.TempDir(), "ours.ogg")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	info, err := exec.CommandContext(t.Context(), tool(t, "opusinfo"), file).CombinedOutput()
	if err != nil || strings.Contains(strings.ToLower(string(info)), "warning") {
		t.Errorf("opusinfo: %v\n%s", err, info)
	}
	pcm, err := exec.CommandContext(t.Context(), tool(t, "opusdec"), "--quiet", "--rate", "48000", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	got := time.Duration(len(pcm)/2-44/2) * time.Second / 48000
	want := length - ogg.PreSkip*time.Second/48000
	if d := got - want; d < -time.Millisecond || d > time.Millisecond {
		t.Errorf("opusdec plays %v, want %v", got, want)
	}
}

// TestWeReadOpusenc reads both layouts: a packet or two a page, and pages with
// all of the second, whose packets cross page borders when they are long.
func TestWeReadOpusenc(t *testing.T) {
	var counts []int
	for _, delay := range []string{"20", "1000"} {
		packets, err := demux(bytes.NewReader(encoded(t, delay)))
		if !errors.Is(err, io.EOF) {
			t.Fatalf("pages of %s ms: %v", delay, err)
		}
		counts = append(counts, len(packets))
	}
	if counts[0] != counts[1] || counts[0] < 50 {
		t.Errorf("%d and %d packets in the two layouts of one second", counts[0], counts[1])
	}
}
