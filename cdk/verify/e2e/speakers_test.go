package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// sentence is a recording of one sentence, or of an artificial voice.
type sentence struct {
	words   string // in small letters, without punctuation
	speaker string
	sound   sound
}

// pause is between two sentences of a turn: short enough to keep the floor.
const pause = 350 * time.Millisecond

// concatenated returns the sentences of one speaker, one after the other.
func concatenated(sentences []sentence) sound {
	var s sound
	for _, x := range sentences {
		s = append(append(s, x.sound...), quiet(pause)...)
	}
	return s
}

// artificial are sentences of the vocabulary in voices of espeak-ng.
func artificial(t *testing.T) [][]sentence {
	t.Helper()
	var turns [][]sentence
	for _, x := range []struct {
		voice string
		said  []string
	}{
		{"en-us", []string{"My last project was a payment service for a large bank"}},
		{"en-us+f3", []string{"We tested every change before we put it into production"}},
	} {
		var said []sentence
		for _, text := range x.said {
			said = append(said, sentence{plain(text), x.voice, espeak(t, x.voice, text)})
		}
		turns = append(turns, said)
	}
	return turns
}

// loudspeakers are the recordings that alsa-utils installs, whose words are
// their names.
func loudspeakers(t *testing.T) []sentence {
	t.Helper()
	var said []sentence
	for _, name := range []string{"Front_Center", "Rear_Left", "Side_Right"} {
		file := filepath.Join("/usr/share/sounds/alsa", name+".wav")
		if _, err := os.Stat(file); err != nil {
			t.Fatalf("apt-get install alsa-utils: %v", err)
		}
		said = append(said, sentence{plain(strings.ReplaceAll(name, "_", " ")), "alsa", load(t, file)})
	}
	return said
}

// enough is the length of a turn that is made of recordings of several people,
// if theirs are short: every turn costs the time of a reply.
const enough = 8 * time.Second

// people are the recordings of the folder that CASEY_SPEECH names, in turns;
// MANIFEST.md there has the words.
func people(t *testing.T) [][]sentence {
	t.Helper()
	folder := os.Getenv("CASEY_SPEECH")
	if folder == "" {
		t.Log("CASEY_SPEECH names no folder of recordings: only artificial voices and alsa-utils speak")
		return nil
	}
	manifest, err := os.ReadFile(filepath.Join(folder, "MANIFEST.md"))
	if err != nil {
		t.Fatal(err)
	}
	var turns [][]sentence
	for line := range strings.Lines(string(manifest)) {
		cells := strings.Split(line, "|")
		if len(cells) < 8 || !strings.Contains(cells[1], ".") {
			continue
		}
		file := strings.TrimSpace(cells[1])
		speaker, _, _ := strings.Cut(file, "-") // of one speaker in all their files
		x := sentence{plain(cells[6]), speaker, load(t, filepath.Join(folder, file))}
		if n := len(turns); n > 0 && (turns[n-1][0].speaker == speaker || concatenated(turns[n-1]).length() < enough) {
			turns[n-1] = append(turns[n-1], x)
		} else {
			turns = append(turns, []sentence{x})
		}
	}
	return turns
}

var notWords = regexp.MustCompile(`[^a-z']+`)

// plain is a text in small letters without punctuation.
func plain(text string) string {
	return strings.TrimSpace(notWords.ReplaceAllString(strings.ToLower(text), " "))
}

// vocabulary writes what is going to be said into a file for the stand-in.
func vocabulary(t *testing.T, turns [][]sentence) string {
	t.Helper()
	var lines []string
	for _, said := range turns {
		for _, x := range said {
			lines = append(lines, x.words)
		}
	}
	return writeLines(t, lines)
}

func writeLines(t *testing.T, lines []string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "lines.txt")
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// understood counts the sentences that a caption has, in order and without an
// error; words between them spoil the next.
func understood(caption string, said []sentence) int {
	rest, right := plain(caption)+" ", 0
	for _, x := range said {
		before, after, found := strings.Cut(rest, x.words+" ")
		if found {
			rest = after
			if before == "" {
				right++
			}
		}
	}
	return right
}
