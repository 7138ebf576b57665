package keep_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"casey.internal/cdk/local/aws/transcribe"
	"casey.internal/cdk/local/aws/transcribe/keep"
	"casey.internal/cdk/local/aws/transcribe/transcript"
)

// parrot hears the same sentence in every second of audio, and says it once more.
type parrot struct{ said string }

func (p parrot) Open(transcribe.Settings) (transcribe.Ear, error) { return p, nil }
func (p parrot) Foreign() int                                     { return 0 }
func (p parrot) Close()                                           {}
func (p parrot) End() []transcript.Result                         { return p.result(false) }
func (p parrot) Hear([]byte) ([]transcript.Result, error)         { return p.result(true), nil }

func (p parrot) result(partial bool) []transcript.Result {
	if p.said == "" {
		return nil
	}
	return []transcript.Result{{IsPartial: partial, Alternatives: []transcript.Alternative{{Transcript: p.said}}}}
}

var settings = transcribe.Settings{Encoding: "pcm", Rate: 16000, Session: "01234567-0123-0123-0123-0123456789ab"}

// hear has a stream of two chunks be heard.
func hear(t *testing.T, e keep.Engine) {
	t.Helper()
	ear, err := e.Open(settings)
	if err != nil {
		t.Fatal(err)
	}
	for _, sample := range []byte{1, 2} {
		if results, err := ear.Hear(bytes.Repeat([]byte{sample, 0}, 1600)); err != nil || len(results) > 1 {
			t.Errorf("%v, %v", results, err)
		}
	}
	ear.End()
	ear.Close()
}

func never(t *testing.T) func(error) { return func(err error) { t.Error(err) } }

func TestAStreamIsKept(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "recordings")
	hear(t, keep.Engine{Engine: parrot{"I build bridges."}, Folder: folder, Failed: never(t)})
	waves, err := filepath.Glob(filepath.Join(folder, "*-01234567.wav"))
	if err != nil || len(waves) != 1 {
		t.Fatalf("%v, %v", waves, err)
	}
	wav, err := os.ReadFile(waves[0])
	if err != nil || len(wav) != 44+6400 || string(wav[:4]) != "RIFF" || string(wav[8:16]) != "WAVEfmt " || string(wav[36:40]) != "data" {
		t.Fatalf("%d bytes, %q, %v", len(wav), wav[:44], err)
	}
	if n := binary.LittleEndian.Uint32(wav[40:]); n != 6400 || binary.LittleEndian.Uint32(wav[24:]) != 16000 || wav[44] != 1 || wav[44+3200] != 2 {
		t.Errorf("%d bytes of sound, header %v", n, wav[:44])
	}
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is %v, %v", info.Mode(), err)
	}

	all, err := keep.Recordings(folder)
	if err != nil || len(all) != 1 || all[0].Corrected || all[0].Heard != "I build bridges." || all[0].Said != all[0].Heard {
		t.Fatalf("%+v, %v", all, err)
	}
	text := strings.TrimSuffix(waves[0], ".wav") + ".said.txt"
	said, err := os.ReadFile(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(text, []byte(strings.NewReplacer("corrected: no", "Corrected:  yes", "bridges", "ridges").Replace(string(said))), 0o600); err != nil {
		t.Fatal(err)
	}
	if all, err = keep.Recordings(folder); err != nil || !all[0].Corrected || all[0].Said != "I build ridges." {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestWhereNobodySpokeNothingIsLeft(t *testing.T) {
	folder := t.TempDir()
	hear(t, keep.Engine{Engine: parrot{}, Folder: folder, Failed: never(t)})
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
	if _, err := keep.Recordings(folder); err == nil || !strings.Contains(err.Error(), "make run ARGS=-record") {
		t.Error(err)
	}
}

func TestWhatCannotBeKeptIsHeardAllTheSame(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	failed := 0
	hear(t, keep.Engine{Engine: parrot{"I build bridges."}, Folder: file, Failed: func(err error) {
		if failed++; !strings.Contains(err.Error(), "keep what is heard") {
			t.Error(err)
		}
	}})
	if failed != 1 {
		t.Errorf("told %d times", failed)
	}
}
