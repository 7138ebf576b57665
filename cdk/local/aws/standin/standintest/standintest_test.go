package standintest_test

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/polly"
	"github.com/aws/aws-sdk-go-v2/service/polly/types"

	"casey.internal/cdk/local/aws/standin/standintest"
)

// TestNothingIsLeftBehind stops the process while it encodes, and looks for what could be left.
func TestNothingIsLeftBehind(t *testing.T) {
	pid := 0
	t.Run("speaks", func(t *testing.T) {
		p := standintest.Start(t, "-polly-delay", "0")
		pid = p.Pid()
		out, err := polly.NewFromConfig(p.Config(t)).SynthesizeSpeech(t.Context(), &polly.SynthesizeSpeechInput{
			Text: new(strings.Repeat("I have been working here for a very long time. ", 60)), OutputFormat: types.OutputFormatOggOpus, VoiceId: types.VoiceIdJoanna,
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(out.AudioStream, make([]byte, 4096)); err != nil {
			t.Fatal(err)
		}
		if len(childrenOf(t, pid)) == 0 {
			t.Error("no encoder runs: the text is too short for this test")
		}
	})
	if _, err := os.Stat(filepath.Join("/proc", strconv.Itoa(pid))); err == nil {
		t.Error("the process is still there")
	}
	if left := encoders(t); len(left) > 0 {
		t.Errorf("encoders %v are left", left)
	}
}

// status is /proc/PID/stat after the name: state and parent.
func status(t *testing.T, path string) (name string, parent int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		return "", 0 // it has ended meanwhile
	}
	before, after, _ := strings.Cut(string(text), ")")
	_, name, _ = strings.Cut(before, "(")
	parent, _ = strconv.Atoi(strings.Fields(after)[1])
	return name, parent
}

func childrenOf(t *testing.T, pid int) []string {
	t.Helper()
	return find(t, func(_ string, parent int) bool { return parent == pid })
}

// encoders are those whose parent is gone.
func encoders(t *testing.T) []string {
	t.Helper()
	return find(t, func(name string, parent int) bool { return name == "opusenc" && parent == 1 })
}

func find(t *testing.T, wanted func(name string, parent int) bool) []string {
	t.Helper()
	paths, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, path := range paths {
		if name, parent := status(t, path); name != "" && wanted(name, parent) {
			found = append(found, path)
		}
	}
	return found
}
