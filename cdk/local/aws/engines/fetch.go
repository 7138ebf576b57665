package engines

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// Pip fetches a file: all of a package's that fit this machine and have the hash, into a folder. It
// shows its progress on out.
type Pip func(ctx context.Context, requirement, folder string, out io.Writer) error

// PythonPip is pip as the user has configured it: index, proxy, certificates. From its version 25.1
// on it goes on where a connection broke.
func PythonPip(ctx context.Context, requirement, folder string, out io.Writer) error {
	list := filepath.Join(folder, "requirements.txt")
	if err := os.WriteFile(list, []byte(requirement+"\n"), 0o600); err != nil {
		return fmt.Errorf("write requirements: %w", err)
	}
	pip := exec.CommandContext(ctx, "python3", "-m", "pip", "download", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:",
		"--require-hashes", "--retries", "2", "--dest", folder, "--requirement", list)
	pip.Env = append(pip.Environ(), "PIP_RESUME_RETRIES=5") // an option that earlier ones refuse
	var said bytes.Buffer                                   // its complaints, which are long
	pip.Stdout, pip.Stderr = out, &said
	if err := pip.Run(); err != nil {
		return reason(said.String(), err)
	}
	return nil
}

// reasons are why pip fetches nothing, in a sentence, by what it says then.
var reasons = []struct{ said, sentence string }{
	{"DO NOT MATCH THE HASHES", "what came is not the file that casey knows, or not all of it: its SHA-256 is another one"},
	{"No space left on device", "no space left on device"},
	{"No module named pip", "python3 has no pip (Debian package python3-pip)"},
	{"Read timed out", "the package index does not answer"},
	{"after connection broken", "the package index cannot be reached"},
	{"IncompleteRead", "the connection broke off"},
	{"incomplete-download", "the connection broke off"},
}

// reason is why pip failed; err where it does not say.
func reason(said string, err error) error {
	for _, r := range reasons {
		if strings.Contains(said, r.said) {
			return errors.New(r.sentence)
		}
	}
	last := err.Error()
	for line := range strings.Lines(said) {
		if words, ok := strings.CutPrefix(line, "ERROR: "); ok {
			last = strings.TrimSpace(words)
		}
	}
	return fmt.Errorf("pip download: %s", last)
}

// Fetch sees that the wheels are in a folder. One that is there is not fetched again, one that came
// whole is kept when the next does not come. Errors are sentences.
func Fetch(ctx context.Context, folder string, pip Pip, out io.Writer, wheels ...Wheel) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("make the folder of engines: %w", err)
	}
	unlock, err := lock(filepath.Join(folder, ".lock"))
	if err != nil {
		return err
	}
	defer unlock()
	var failed []error
	for _, w := range wheels {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		failed = append(failed, w.fetch(ctx, folder, pip, out))
	}
	return errors.Join(failed...)
}

// lock keeps those that fetch at the same time from each other's files.
func lock(name string) (unlock func(), err error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of engines: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the folder of engines: %w", err), f.Close())
	}
	return func() { _ = f.Close() }, nil // which unlocks
}

func (w Wheel) fetch(ctx context.Context, folder string, pip Pip, out io.Writer) error {
	hash, ok := w.hash()
	if !ok {
		_, err := w.In(folder)
		return err
	}
	if _, err := w.In(folder); err == nil {
		return nil
	}
	part := filepath.Join(folder, ".part")
	if err := errors.Join(os.RemoveAll(part), os.Mkdir(part, 0o755)); err != nil { // one may be left that was killed
		return fmt.Errorf("make a folder to fetch %s to: %w", w, err)
	}
	defer func() { _ = os.RemoveAll(part) }() // of what was fetched nothing is left but what was moved
	_, _ = fmt.Fprintf(out, "fetching %s\n", w)
	if err := pip(ctx, w.String()+" --hash=sha256:"+hash, part, out); err != nil {
		return fmt.Errorf("fetch %s: %w", w, err)
	}
	wheels, err := filepath.Glob(filepath.Join(part, "*.whl"))
	if err != nil || len(wheels) != 1 {
		return fmt.Errorf("fetch %s: %d wheels came", w, len(wheels))
	}
	if err := check(wheels[0], hash); err != nil {
		return fmt.Errorf("fetch %s: %w", w, err)
	}
	whole := filepath.Join(part, "whole")
	if err := unpack(wheels[0], whole, w.needed); err != nil {
		return fmt.Errorf("unpack %s: %w", w, err)
	}
	place := w.place(folder, hash) // where a broken one may be
	if err := errors.Join(os.RemoveAll(place), os.Rename(whole, place)); err != nil {
		return fmt.Errorf("put %s in its place: %w", w, err)
	}
	return nil
}

// check tells whether a file is the one that has a hash.
func check(file, want string) error {
	got, err := sum(file)
	if err != nil {
		return err
	}
	if hex.EncodeToString(got) != want {
		return fmt.Errorf("it is not the file that casey knows: its SHA-256 is %x, not %s", got, want)
	}
	return nil
}

// sum is the SHA-256 of a file.
func sum(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("open what came: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return nil, fmt.Errorf("read what came: %w", err)
	}
	return hash.Sum(nil), nil
}
