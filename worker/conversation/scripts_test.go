package conversation_test

import (
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"casey.internal/worker/conversation/conversationtest"
)

var update = flag.Bool("update", false, "write what came of each script into it, to be read before it is believed")

func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d scripts: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			script, want, err := conversationtest.Parse(string(data))
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) {
				got := conversationtest.Play(t.Context(), script, slog.New(slog.NewTextHandler(t.Output(), nil)))
				if !slices.Equal(got.Trace, want) {
					t.Errorf("what came of it:\n%s\n\nexpected:\n%s", strings.Join(got.Trace, "\n"), strings.Join(want, "\n"))
				}
				if *update {
					rewrite(t, file, string(data), got.Trace)
				}
			})
		})
	}
}

func rewrite(t *testing.T, file, text string, trace []string) {
	head, _, _ := strings.Cut(text, "\n---\n")
	text = head + "\n---\n" + strings.Join(trace, "\n") + "\n"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
