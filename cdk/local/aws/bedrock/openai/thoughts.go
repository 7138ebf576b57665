package openai

import (
	"regexp"
	"strings"
)

// tag begins or ends thoughts.
var tag = regexp.MustCompile(`(?i)<(/?)(?:think|thinking|thought|reasoning)>`)

// longestTag bounds what is held back because it may be the beginning of one.
const longestTag = len("</reasoning>")

// thoughts takes out of an answer what a model only thinks: what stands between
// <think> and </think>, as servers leave it that do not know of thinking.
type thoughts struct {
	inside   bool // in thoughts; at the start for models whose template opens them
	any      bool // there were some
	unopened bool // they ended without a beginning, which the template must have had
	held     string
}

// add takes a piece and returns what of it is meant to be said.
func (t *thoughts) add(text string) string {
	var said strings.Builder
	t.held += text
	for at := tag.FindStringSubmatchIndex(t.held); at != nil; at = tag.FindStringSubmatchIndex(t.held) {
		ends := at[3] > at[2]
		if !t.inside {
			said.WriteString(t.held[:at[0]])
			t.unopened = t.unopened || ends
		}
		t.held, t.inside, t.any = t.held[at[1]:], !ends, true
	}
	keep := len(t.held) - beginning(t.held)
	if !t.inside {
		said.WriteString(t.held[:keep])
	}
	t.held = t.held[keep:]
	return said.String()
}

// end returns what was held back for nothing.
func (t *thoughts) end() string {
	rest := t.held
	t.held = ""
	if t.inside {
		return ""
	}
	return rest
}

// beginning is how many bytes at the end of a text may begin a tag.
func beginning(text string) int {
	if at := strings.LastIndex(text, "<"); at >= 0 && len(text)-at < longestTag && !strings.Contains(text[at:], ">") {
		return len(text) - at
	}
	return 0
}
