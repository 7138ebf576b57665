package polly

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"time"
)

// killed is how long an encoder that was told to stop may take.
const killed = 2 * time.Second

// Studio renders requests with an engine and the encoders opusenc, lame and sox as children.
type Studio struct{ engine Engine }

// NewStudio returns a studio with the engine.
func NewStudio(e Engine) *Studio { return &Studio{engine: e} }

// Render writes the speech or the marks of r to w as they are made. page is the most audio on an Ogg page, 0 for the encoder's usual second.
func (s *Studio) Render(ctx context.Context, r Request, page time.Duration, w io.Writer) error {
	speech, err := s.engine.Speak(r.Text, voices[r.VoiceID], r.TextType == "ssml")
	if err != nil {
		return fmt.Errorf("synthesise: %w", err)
	}
	if r.OutputFormat == "json" {
		return writeMarks(w, marks(r.Text, speech, r.SpeechMarkTypes))
	}
	args := encoder(r, speech.Rate, page)
	child := exec.CommandContext(ctx, args[0], args[1:]...)
	child.WaitDelay = killed
	child.Stdin = bytes.NewReader(raw(speech.Samples))
	child.Stdout = w
	if err := child.Run(); err != nil {
		return fmt.Errorf("encode with %s: %w", args[0], err)
	}
	return nil
}

func writeMarks(w io.Writer, all []Mark) error {
	var lines bytes.Buffer
	out := json.NewEncoder(&lines)
	out.SetEscapeHTML(false)
	for _, m := range all {
		if err := out.Encode(m); err != nil {
			return fmt.Errorf("marshal mark: %w", err)
		}
	}
	if _, err := w.Write(lines.Bytes()); err != nil {
		return fmt.Errorf("write marks: %w", err)
	}
	return nil
}

// encoder returns the command that turns raw audio of the rate into the format of r.
func encoder(r Request, rate int, page time.Duration) []string {
	from := strconv.Itoa(rate)
	switch r.OutputFormat {
	case "ogg_opus":
		args := []string{"opusenc", "--quiet", "--raw", "--raw-rate", from, "--raw-chan", "1", "--framesize", "20", "--bitrate", "32"}
		if page > 0 {
			args = append(args, "--max-delay", strconv.Itoa(int(page/time.Millisecond)))
		}
		return append(args, "-", "-")
	case "mp3":
		return []string{"lame", "--quiet", "-r", "-s", kilohertz(from), "--bitwidth", "16", "--signed", "--little-endian", "-m", "m",
			"--resample", kilohertz(r.SampleRate), "-b", "48", "-", "-"}
	}
	return []string{"sox", "-t", "raw", "-r", from, "-c", "1", "-b", "16", "-e", "signed", "-L", "-",
		"-t", "raw", "-L", "-r", r.SampleRate, "-"}
}

func kilohertz(rate string) string {
	n, _ := strconv.Atoi(rate) // checked against the list of rates
	return strconv.FormatFloat(float64(n)/1000, 'f', -1, 64)
}

func raw(samples []int16) []byte {
	b := make([]byte, 0, 2*len(samples))
	for _, s := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}
