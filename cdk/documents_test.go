package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What a file points at: a link of a document, a document that a comment names.
var (
	link  = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	named = regexp.MustCompile(`(?://|\*).*?([\w./-]+\.md)\b`)
)

// words is the document of recordings that a machine may have, see CASEY_SPEECH.
const words = "MANIFEST.md"

// TestWhatIsPointedAtIsThere: no link of a document and no comment in Go,
// TypeScript or a script points at a file that is not in the repository.
func TestWhatIsPointedAtIsThere(t *testing.T) {
	const root = ".."
	seen := map[string]int{}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := entry.Name(); entry.IsDir() && (name == "node_modules" || name == "build" || name == ".git" || name == "cdk.out") {
			return fs.SkipDir
		}
		points, kind := link, filepath.Ext(file)
		switch kind {
		case ".md":
		case ".go", ".ts", ".tsx":
			points = named
		default:
			return nil
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for _, match := range points.FindAllStringSubmatch(string(data), -1) {
			seen[kind]++
			beside, below := filepath.Join(filepath.Dir(file), match[1]), filepath.Join(root, match[1])
			if match[1] != words && !there(beside) && !there(below) {
				t.Errorf("%s points at %s, which is not there", strings.TrimPrefix(file, root+"/"), match[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen[".md"] < 10 || seen[".go"] < 10 {
		t.Errorf("only so many were looked at: %v", seen)
	}
}

func there(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
