package interviewer

import (
	"iter"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"casey.internal/shared/price"
	"casey.internal/shared/thoughts"
)

// answer is what a model wrote in one round, without its thoughts.
type answer struct {
	asked, first, last time.Time // the request, the first text and the newest piece
	text               strings.Builder
	uses               []ToolUse
	usage              price.Tokens
	stop               string
	foreign            bool // it went on with the candidate's part
	pauses             bool // by its mark the candidate has not finished, or nobody listens after it
	code               bool // it is within a block of code, which nobody reads out
}

// texts are the pieces of an answer that are meant to be said; the rest is kept.
func (a *answer) texts(deltas iter.Seq2[Delta, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var filter thoughts.Filter
		for d, err := range deltas {
			if err != nil {
				yield("", err)
				return
			}
			a.addDelta(d)
			if text := a.addText(filter.Add(d.Text)); text != "" && !yield(text, nil) {
				return
			}
		}
		if rest := a.addText(filter.End()); rest != "" {
			yield(rest, nil)
		}
	}
}

func (a *answer) addDelta(d Delta) {
	if d.Tool != nil {
		a.uses = append(a.uses, *d.Tool)
	}
	if d.Usage != nil {
		a.usage = *d.Usage
	}
	if d.Stop != "" {
		a.stop = d.Stop
	}
	a.last = time.Now() // a full stop may take the end of the answer to be one
}

func (a *answer) addText(text string) string {
	if text != "" && a.first.IsZero() {
		a.first = time.Now()
	}
	a.text.WriteString(text)
	return text
}

var (
	// identifier is a name that ConverseStream takes back (ToolUseBlock, API reference).
	identifier = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)
	// label stands before a part in a written play, which some models go on to write.
	label = regexp.MustCompile(`(?i)^[*_]{0,2}(interviewer|assistant|ai|candidate|user|human)(?:[*_]{0,2}\s?:|:[*_]{2})\s*[*_]{0,2}`)
)

// own returns a sentence as the interviewer says it; not ok = nobody does, or somebody else.
func (a *answer) own(text string) (said string, ok bool) {
	if odd := strings.Count(text, "```")%2 == 1; odd || a.code {
		a.code = a.code != odd
		return "", false
	}
	if m := label.FindStringSubmatch(text); m != nil {
		text = text[len(m[0]):]
		switch strings.ToLower(m[1]) {
		case "candidate", "user", "human":
			a.foreign = true // and so is all that follows
		}
	}
	text = strings.TrimSpace(withoutMarks.Replace(strings.ReplaceAll(text, interrupted, "")))
	return text, !a.foreign && strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// whole reports whether a sentence ends as one does.
func whole(text string) bool {
	end, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text, "\"'”’)]*_"))
	return strings.ContainsRune(".?!…。？！", end)
}
