// Package golden compares what a test made with a file that people have read.
package golden

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

// folder is where a package keeps them.
const folder = "testdata"

// JSON is File for a document, to be named without its ending and newline.
func JSON(t testing.TB, name string, data []byte) {
	t.Helper()
	File(t, name+".json", append(bytes.Clone(data), '\n'))
}

// File fails a test when data is not what the file of that name in testdata
// holds. With `go test -update` it writes the file instead.
func File(t testing.TB, name string, data []byte) {
	t.Helper()
	path := filepath.Join(folder, name)
	if *update {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, want) {
		t.Errorf("%s changed:\n got %s want %s", path, data, want)
	}
}

// NoneLeft fails a test for every golden file whose name is none of those that
// it knows.
func NoneLeft(t testing.TB, known func(name string) bool) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !known(strings.TrimSuffix(filepath.Base(file), ".json")) {
			t.Errorf("%s belongs to nothing", file)
		}
	}
}
