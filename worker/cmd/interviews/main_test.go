package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run([]string{"../../interviewer/interviews"}, &out); err != nil || !strings.Contains(out.String(), "Case interview with Robin, 30 minutes") {
		t.Errorf("%v\n%s", err, &out)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "mine.json"), []byte("{\n\"titel\": 1}"), 0o600); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	err := run([]string{folder}, &out)
	for _, want := range []string{"mine.json:2: titel: there is no such field", "mine.json:1: title is missing"} {
		if err == nil || !strings.Contains(out.String(), filepath.Join(folder, want)+"\n") {
			t.Errorf("%v\n%s\nlacks %s", err, &out, want)
		}
	}
	for _, wrong := range [][]string{nil, {"a", "b"}, {filepath.Join(folder, "nowhere")}} {
		if err := run(wrong, &out); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}
