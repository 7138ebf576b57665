package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/verify/browser"
)

// rate is that of all samples here, in Hz.
const rate = 16000

// sound is 16 bit mono samples.
type sound []int16

// quiet is so much of silence.
func quiet(d time.Duration) sound { return make(sound, int(d.Seconds()*rate)) }

// length returns the length of a sound.
func (s sound) length() time.Duration { return time.Duration(len(s)) * time.Second / rate }

// pcm is the samples, little endian.
func (s sound) pcm() []byte {
	b := make([]byte, 0, 2*len(s))
	for _, sample := range s {
		b = binary.LittleEndian.AppendUint16(b, uint16(sample))
	}
	return b
}

// wav is the sound as a file, at a rate that is a multiple of its own.
func (s sound) wav(t *testing.T, hz string) []byte {
	return tool(t, s.pcm(), "sox -R -V1 -t raw -r 16000 -c 1 -b 16 -e signed - -t wav -r "+hz+" -b 16 -")
}

// piece is the stretch of a sound over which its loudness is measured, in samples.
const piece = rate / 50

// loud reports whether the piece that begins at a sample has a voice in it.
func (s sound) loud(at int) bool {
	sum := 0.0
	for _, sample := range s[at : at+piece] {
		sum += float64(sample) * float64(sample)
	}
	return math.Sqrt(sum/piece) > 200
}

// voiced returns the time for which the sound is loud.
func (s sound) voiced() time.Duration {
	n := 0
	for at := 0; at+piece <= len(s); at += piece {
		if s.loud(at) {
			n++
		}
	}
	return time.Duration(n) * 20 * time.Millisecond
}

// trimmed is the sound without the quiet before and after, but for a tenth of a
// second.
func (s sound) trimmed() sound {
	const margin = rate / 10
	first, last := len(s), 0
	for at := 0; at+piece <= len(s); at += piece {
		if s.loud(at) {
			first, last = min(first, at), at+piece
		}
	}
	return s[max(0, first-margin):min(len(s), last+margin)]
}

// decode reads samples that a tool wrote.
func decode(raw []byte) sound {
	s := make(sound, len(raw)/2)
	for i := range s {
		s[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
	}
	return s
}

// toRaw are sox's arguments to write samples as they are used here.
const toRaw = " -t raw -r 16000 -c 1 -b 16 -e signed -"

// load reads a recording, whatever its format; a .raw one is as samples are here.
func load(t *testing.T, file string) sound {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	kind := "-t " + file[strings.LastIndexByte(file, '.')+1:]
	if kind == "-t raw" {
		kind += " -r 16000 -c 1 -b 16 -e signed"
	}
	return decode(tool(t, data, "sox -R -V1 "+kind+" -"+toRaw)).trimmed()
}

// recorded returns the value of an expression in the page: base64 of samples at
// 48 kHz.
func recorded(t *testing.T, p *browser.Page, expression string) sound {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(browser.Value[string](p, expression))
	if err != nil {
		t.Fatal(err)
	}
	return decode(tool(t, raw, "sox -R -V1 -t raw -r 48000 -c 1 -b 16 -e signed -"+toRaw))
}

// espeak says a text in a voice of espeak-ng.
func espeak(t *testing.T, voice, text string) sound {
	t.Helper()
	spoken := tool(t, []byte(text), "espeak-ng --stdin --stdout -s 150 -v "+voice)
	return decode(tool(t, spoken, "sox -R -V1 -t wav -"+toRaw))
}

// tool runs a command line without quotes on input.
func tool(t *testing.T, input []byte, line string) []byte {
	t.Helper()
	words := strings.Fields(line)
	command := exec.CommandContext(t.Context(), words[0], words[1:]...)
	var complaint bytes.Buffer
	command.Stdin, command.Stderr = bytes.NewReader(input), &complaint
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%s (apt-get install espeak-ng sox): %v %s", line, err, complaint.Bytes())
	}
	return output
}
