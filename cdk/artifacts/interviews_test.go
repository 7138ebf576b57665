package artifacts_test

import (
	"archive/tar"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"casey.internal/cdk/artifacts"
	"casey.internal/cdk/image"
)

const mine = `{"title":"Mine","goodFor":"G","interviewer":{"name":"Ada"},"minutes":10,"persona":"a secret","brief":"B","greeting":["Hi."],
	"welcome":["Hi."],"closing":["Bye."],"phases":[{"name":"N","profile":"reflective","goals":["G"]}],"rubric":[{"name":"R","looksFor":"L"}]}`

// write writes a file of a new folder, or of one that is there.
func write(t *testing.T, data string, path ...string) {
	t.Helper()
	file := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestInterviewsGoIntoImageAndPage: those that were chosen, and those of casey when
// nothing is chosen any more.
func TestInterviewsGoIntoImageAndPage(t *testing.T) {
	root, out := t.TempDir(), t.TempDir()
	write(t, mine, root, "our", "mine.json")
	write(t, "<svg/>", root, "our", "mine.svg")
	write(t, "password", root, "our", ".env")
	for _, arch := range artifacts.Architectures {
		write(t, "binary", out, "image-"+arch, "worker")
		if err := image.Fill(filepath.Join(out, "image-"+arch)); err != nil {
			t.Fatal(err)
		}
	}
	write(t, "[]", out, "site", "interviews.json")
	for _, c := range []struct {
		folder, title string
		inside        bool
	}{{"our", "Mine", true}, {filepath.Join(root, "our"), "Mine", true}, {"", "Case interview", false}} {
		if err := artifacts.AddInterviews(root, out, c.folder); err != nil {
			t.Fatal(err)
		}
		cards, err := os.ReadFile(filepath.Join(out, "site", "interviews.json"))
		if err != nil || !strings.Contains(string(cards), c.title) || strings.Contains(string(cards), "secret") {
			t.Errorf("%q: the page has %s, %v", c.folder, cards, err)
		}
		for _, arch := range artifacts.Architectures {
			names := files(t, filepath.Join(out, "image-"+arch), arch)
			if slices.Contains(names, "interviews/mine.json") != c.inside || slices.Contains(names, "interviews/mine.svg") != c.inside || strings.Contains(strings.Join(names, " "), ".env") || !slices.Contains(names, "worker") || slices.Contains(names, ".dockerignore") {
				t.Errorf("%q: the image has %q", c.folder, names)
			}
		}
	}
	write(t, "{}", root, "our", "mine.json")
	if err := artifacts.AddInterviews(root, out, "our"); err == nil || !strings.Contains(err.Error(), "mine.json:1: title is missing") {
		t.Errorf("what is wrong is taken: %v", err)
	}
	if err := artifacts.AddInterviews(root, out, "nowhere"); err == nil {
		t.Error("a folder that is not there is taken")
	}
}

// files are the names of the files in an image.
func files(t *testing.T, folder, arch string) (names []string) {
	t.Helper()
	i, err := image.Build(folder, "linux/"+arch)
	if err != nil {
		t.Fatal(err)
	}
	layers, err := i.Layers()
	if err != nil || len(layers) != 1 {
		t.Fatalf("%d layers, %v", len(layers), err)
	}
	content, err := layers[0].Uncompressed()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = content.Close() }()
	for r := tar.NewReader(content); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, header.Name)
	}
}
