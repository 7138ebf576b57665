// Package keep keeps what an ear hears and what it makes of it, on this machine, for
// people who want to know how well they themselves are understood: for each stream
// the sound as the recogniser has it, the words that were recognised, and a copy of
// them to be corrected.
package keep

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"casey.internal/cdk/local/aws/transcribe"
	"casey.internal/cdk/local/aws/transcribe/sound"
	"casey.internal/cdk/local/aws/transcribe/transcript"
)

// What stands behind the name of a stream in the names of its files.
const (
	soundFile = ".wav"       // 16 bit mono at sound.Rate
	heardFile = ".heard.txt" // a line for each final result, as it was shown
	saidFile  = ".said.txt"  // the same, for people to correct
)

// The first line of a saidFile, which people change when they have corrected it.
const (
	unread    = "corrected: no"
	corrected = "corrected: yes"
)

const instruction = unread + `
# Listen to the recording of the same name, correct the lines below to what was really said, add what is missing,
# and write yes in the first line. Lines that begin with # do not count.
`

// Folder is where recordings are kept: among the user's own data, which neither
// `make clean` nor a cleared cache removes.
func Folder() (string, error) {
	if data := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return filepath.Join(data, "casey", "recordings"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the folder for recordings: %w", err)
	}
	return filepath.Join(home, ".local", "share", "casey", "recordings"), nil
}

// Engine keeps what the ears of another engine hear.
type Engine struct {
	// Engine hears.
	transcribe.Engine
	// Folder gets the files. It is made when it is needed, for its owner alone.
	Folder string
	// Failed is told once a stream why it is not kept, or not to its end; it is heard all the same.
	Failed func(error)
}

// Open implements transcribe.Engine. A stream in which nobody says anything leaves no files.
func (e Engine) Open(s transcribe.Settings) (transcribe.Ear, error) {
	ear, err := e.Engine.Open(s)
	if err != nil {
		return nil, err
	}
	k := &kept{Ear: ear, failed: e.Failed}
	if err := k.open(e.Folder, s); err != nil {
		k.fail(err)
	}
	return k, nil
}

// kept is an ear whose stream is kept. One goroutine uses it.
type kept struct {
	transcribe.Ear
	failed func(error)
	source sound.Source
	name   string   // of the files, without what stands behind it; "" = it is not kept any more
	wav    *os.File // nil: it is closed
	out    *bufio.Writer
	heard  strings.Builder
	bytes  int // of sound
}

func (k *kept) open(folder string, s transcribe.Settings) (err error) {
	if k.source, err = sound.New(s.Encoding, s.Rate); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	name := filepath.Join(folder, fmt.Sprintf("%s-%.8s", time.Now().Format("2006-01-02-150405"), s.Session))
	if k.wav, err = os.OpenFile(name+soundFile, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err != nil {
		return err
	}
	k.name, k.out = name, bufio.NewWriter(k.wav)
	_, err = k.out.Write(header(0))
	return err
}

// Hear implements transcribe.Ear.
func (k *kept) Hear(chunk []byte) ([]transcript.Result, error) {
	k.keepSound(chunk)
	results, err := k.Ear.Hear(chunk)
	k.keepWords(results)
	return results, err
}

// End implements transcribe.Ear.
func (k *kept) End() []transcript.Result {
	results := k.Ear.End()
	k.keepWords(results)
	return results
}

// Close implements transcribe.Ear.
func (k *kept) Close() {
	k.Ear.Close()
	if k.name == "" {
		return
	}
	if k.heard.Len() == 0 {
		k.drop()
		return
	}
	err := errors.Join(
		k.end(),
		os.WriteFile(k.name+heardFile, []byte(k.heard.String()), 0o600),
		os.WriteFile(k.name+saidFile, []byte(instruction+k.heard.String()), 0o600),
	)
	if err != nil {
		k.fail(err)
	}
}

func (k *kept) keepSound(chunk []byte) {
	if k.name == "" {
		return
	}
	samples, err := k.source.Samples(chunk)
	if err != nil {
		return // the ear refuses it, too, and says so
	}
	for _, s := range samples {
		if _, err = k.out.Write(binary.LittleEndian.AppendUint16(nil, uint16(s))); err != nil {
			k.fail(err)
			return
		}
	}
	k.bytes += 2 * len(samples)
}

func (k *kept) keepWords(results []transcript.Result) {
	for _, r := range results {
		if !r.IsPartial {
			k.heard.WriteString(r.Alternatives[0].Transcript + "\n")
		}
	}
}

// end writes what the file's header tells of its length.
func (k *kept) end() error {
	err := k.out.Flush()
	if err == nil {
		_, err = k.wav.WriteAt(header(k.bytes), 0)
	}
	err = errors.Join(err, k.wav.Close())
	k.wav = nil
	return err
}

// drop removes what there is of the stream.
func (k *kept) drop() {
	if k.wav != nil {
		_ = k.wav.Close() // nothing of it is wanted
		k.wav = nil
	}
	for _, kind := range []string{soundFile, heardFile, saidFile} {
		_ = os.Remove(k.name + kind) // likewise
	}
	k.name = ""
}

// fail gives up keeping the stream: half a recording would be counted as mistakes.
func (k *kept) fail(err error) {
	if k.name != "" {
		k.drop()
	}
	k.failed(fmt.Errorf("keep what is heard: %w", err))
}

// header is that of a WAV file with so many bytes of sound.
func header(bytes int) []byte {
	const size, channels, bits = 44, 1, 16
	h := append([]byte("RIFF"), make([]byte, 4)...)
	binary.LittleEndian.PutUint32(h[4:], uint32(size-8+bytes))
	h = append(h, "WAVEfmt "...)
	for _, v := range []any{uint32(16), uint16(1), uint16(channels), uint32(sound.Rate), uint32(sound.Rate * channels * bits / 8), uint16(channels * bits / 8), uint16(bits)} {
		h, _ = binary.Append(h, binary.LittleEndian, v) // integers always fit
	}
	h = append(h, "data"...)
	return binary.LittleEndian.AppendUint32(h, uint32(bytes))
}

// Recording is a stream that was kept.
type Recording struct {
	Name string
	// Heard is what was recognised, Said what somebody who listened to it wrote down;
	// Corrected tells whether anybody did.
	Heard, Said string
	Corrected   bool
}

// Recordings reads those of a folder, in the order of their names. The error is a
// sentence, also where there is none.
func Recordings(folder string) ([]Recording, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*"+saidFile))
	if err != nil {
		return nil, fmt.Errorf("find recordings: %w", err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there is no recording in %s: `make run ARGS=-record` keeps some", folder)
	}
	slices.Sort(files)
	var all []Recording
	for _, file := range files {
		name := strings.TrimSuffix(file, saidFile)
		said, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read what was said: %w", err)
		}
		heard, err := os.ReadFile(name + heardFile)
		if errors.Is(err, fs.ErrNotExist) {
			continue // whoever removed it does not want it counted
		}
		if err != nil {
			return nil, fmt.Errorf("read what was heard: %w", err)
		}
		first, rest, _ := bytes.Cut(said, []byte("\n"))
		all = append(all, Recording{
			Name: filepath.Base(name), Heard: words(heard), Said: words(rest),
			Corrected: strings.EqualFold(strings.Join(strings.Fields(string(first)), " "), corrected),
		})
	}
	return all, nil
}

// words are the lines of a text that count, in one.
func words(text []byte) string {
	var lines []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, " ")
}
