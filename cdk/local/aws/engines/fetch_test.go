package engines

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// wheel writes a wheel of those files and returns its bytes.
func wheel(t *testing.T, files ...string) []byte {
	t.Helper()
	var b strings.Builder
	z := zip.NewWriter(&b)
	var list strings.Builder
	for _, name := range files {
		sum := sha256.Sum256([]byte("the file " + name))
		list.WriteString(name + ",sha256=" + base64.RawURLEncoding.EncodeToString(sum[:]) + ",9\n")
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, "the file "+name); err != nil {
			t.Fatal(err)
		}
	}
	w, err := z.Create("parrot-1.0.dist-info/RECORD")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, list.String()+"parrot-1.0.dist-info/RECORD,,\n"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return []byte(b.String())
}

// of is a Wheel of which the file has these bytes.
func of(b []byte, needed ...string) Wheel {
	sum := sha256.Sum256(b)
	return Wheel{name: "parrot", version: "1.0", hashes: map[string]string{"": hex.EncodeToString(sum[:])}, needed: append(needed, record)}
}

// brings is a Pip that brings a file of these bytes.
func brings(b []byte) Pip {
	return func(_ context.Context, requirement, folder string, _ io.Writer) error {
		if !strings.HasPrefix(requirement, "parrot==1.0 --hash=sha256:") {
			return errors.New("asked for " + requirement)
		}
		return os.WriteFile(filepath.Join(folder, "parrot-1.0.whl"), b, 0o600)
	}
}

// fails is a Pip that must not be asked.
func fails(context.Context, string, string, io.Writer) error { return errors.New("no network") }

func TestWhatIsFetchedStays(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "engines")
	b := wheel(t, "parrot/beak.so", "parrot/tail.py", "parrot-1.0.dist-info/licenses/LICENSE")
	w := of(b, "parrot/*.so", "*.dist-info/licenses/*")
	if _, err := w.In(folder); err == nil || !strings.Contains(err.Error(), "make engines") {
		t.Errorf("before: %v", err)
	}
	if err := Fetch(t.Context(), folder, brings(b), t.Output(), w); err != nil {
		t.Fatal(err)
	}
	if err := Fetch(t.Context(), folder, fails, t.Output(), w); err != nil {
		t.Error("fetched again:", err)
	}
	place, err := w.In(folder)
	if err != nil {
		t.Fatal(err)
	}
	for name, there := range map[string]bool{"parrot/beak.so": true, "parrot-1.0.dist-info/licenses/LICENSE": true, "parrot/tail.py": false} {
		text, err := os.ReadFile(filepath.Join(place, name))
		if there != (err == nil) || there && string(text) != "the file "+name {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	onlyWhole(t, folder, 1)

	beak := filepath.Join(place, "parrot", "beak.so")
	for name, harm := range map[string]func() error{
		"cut":  func() error { return os.Truncate(beak, 4) },
		"gone": func() error { return os.Remove(beak) },
		"list": func() error {
			return os.WriteFile(filepath.Join(place, "parrot-1.0.dist-info", "RECORD"), []byte("<html>"), 0o600)
		},
	} {
		if err := harm(); err != nil {
			t.Fatal(err)
		}
		if _, err := w.In(folder); err == nil || !strings.Contains(err.Error(), "is broken") {
			t.Errorf("%s: %v", name, err)
		}
		if err := Fetch(t.Context(), folder, brings(b), t.Output(), w); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	onlyWhole(t, folder, 1)
}

// onlyWhole tells that nothing but so many whole wheels, and the lock, is left in a folder.
func onlyWhole(t *testing.T, folder string, n int) {
	t.Helper()
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != n+1 {
		t.Errorf("left are %v, %v", left, err)
	}
}

func TestBadWheelsAreRefusedInASentence(t *testing.T) {
	good := wheel(t, "parrot/beak.so")
	w := of(good, "parrot/*.so")
	torn := of(good[:len(good)-9], "parrot/*.so")
	for name, try := range map[string]struct {
		wheel Wheel
		pip   Pip
		want  string
	}{
		"offline":    {w, fails, "fetch parrot==1.0: no network"},
		"wrong hash": {w, brings(wheel(t, "parrot/other.so")), "it is not the file that casey knows"},
		"torn":       {w, brings(good[:20]), "it is not the file that casey knows"},
		"broken zip": {torn, brings(good[:len(good)-9]), "unpack parrot==1.0: open wheel"},
		"no library": {of(good, "parrot/*.so", "parrot/*.onnx"), brings(good), "the wheel has no parrot/*.onnx"},
		"nothing":    {w, func(context.Context, string, string, io.Writer) error { return nil }, "0 wheels came"},
		"outside":    {of(wheel(t, "../beak.so"), "../*.so"), brings(wheel(t, "../beak.so")), "the wheel has no ../*.so"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			err := Fetch(t.Context(), folder, try.pip, t.Output(), try.wheel)
			if err == nil || !strings.Contains(err.Error(), try.want) {
				t.Errorf("error %v, want %q", err, try.want)
			}
			onlyWhole(t, folder, 0)
		})
	}
}

// TestAFullDiskLeavesNoHalfWheel has a pip that finds no room and leaves what it had.
func TestAFullDiskLeavesNoHalfWheel(t *testing.T) {
	folder := t.TempDir()
	b := wheel(t, "parrot/beak.so")
	full := func(_ context.Context, _, folder string, _ io.Writer) error {
		f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = f.Write(b)
		return errors.Join(err, f.Close(), os.WriteFile(filepath.Join(folder, "parrot-1.0.whl"), b[:30], 0o600))
	}
	err := Fetch(t.Context(), folder, full, t.Output(), of(b, "parrot/*.so"))
	if err == nil || !strings.Contains(err.Error(), "no space left on device") {
		t.Errorf("error %v", err)
	}
	onlyWhole(t, folder, 0)
}

func TestTwoFetchOnce(t *testing.T) {
	folder := t.TempDir()
	b := wheel(t, "parrot/beak.so")
	w := of(b, "parrot/*.so")
	var asked sync.Map
	once := func(ctx context.Context, requirement, folder string, out io.Writer) error {
		if _, twice := asked.LoadOrStore(requirement, true); twice {
			t.Error("fetched twice")
		}
		return brings(b)(ctx, requirement, folder, out)
	}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if err := Fetch(t.Context(), folder, once, io.Discard, w); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	onlyWhole(t, folder, 1)
}

func TestOneThatComesIsKeptWhenAnotherDoesNot(t *testing.T) {
	folder := t.TempDir()
	b := wheel(t, "parrot/beak.so")
	other := Wheel{name: "owl", version: "2", hashes: map[string]string{"": "00"}}
	if err := Fetch(t.Context(), folder, brings(b), t.Output(), other, of(b, "parrot/*.so")); err == nil {
		t.Error("nobody missed the owl")
	}
	onlyWhole(t, folder, 1)
}

func TestMachinesWithoutAWheel(t *testing.T) {
	w := Wheel{name: "parrot", version: "1.0", hashes: map[string]string{"pdp11": "00"}}
	err := Fetch(t.Context(), t.TempDir(), fails, t.Output(), w)
	if err == nil || !strings.Contains(err.Error(), "there is no parrot==1.0 for "+runtime.GOOS) {
		t.Errorf("error %v", err)
	}
}

// TestWhyPipFailedIsASentence has what pip 23 and 25 said when it was tried.
func TestWhyPipFailedIsASentence(t *testing.T) {
	for said, want := range map[string]string{
		"WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('Temporary failure in name resolution')': /simple/owl/\nERROR: No matching distribution found for owl==2\n": "the package index cannot be reached",
		"ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n    owl==2:\n        Expected sha256 64\n":                                                                         "its SHA-256 is another one",
		"ERROR: Exception:\nOSError: [Errno 28] No space left on device: '/tmp/a' -> '/b'\n":                                                                                                           "no space left on device",
		"/usr/bin/python3: No module named pip\n":            "Debian package python3-pip",
		"ERROR: No matching distribution found for owl==2\n": "pip download: No matching distribution found for owl==2",
		"": "exit status 1",
	} {
		if err := reason(said, errors.New("exit status 1")); !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("of %q: %q, want %q", said, err, want)
		}
	}
}
