// Package thoughts takes out of a language model's answer what was not meant to be
// said: its thoughts, and its calls of tools, where they stand as tags amid the text.
package thoughts

import (
	"regexp"
	"strings"
)

// names are of tags whose content is not said: in small letters or in capitals, so that
// the type in List<Analysis> is none of them. What belongs together is of one kind,
// since models begin with <think> and end with </thinking>.
var names = map[string][]string{
	"thought": {"think", "thinking", "thought", "thoughts", "reason", "reasoning"},
	"plan":    {"reflection", "reflecting", "scratchpad", "scratch_pad", "analysis", "planning", "monologue", "inner_monologue"},
	"call":    {"tool_call", "tool_calls", "tool_use", "tool_code", "function_call", "function_calls", "function", "invoke"},
}

// kinds has the kind of each name.
var kinds = map[string]string{}

// tag begins or ends what is not said, or is one of those that only wrap what is. [THINK]
// is Mistral's, ◁think▷ Kimi's, and <|channel|>analysis<|message|> gpt-oss's.
var tag = func() *regexp.Regexp {
	var all []string
	for kind, of := range names {
		for _, name := range of {
			kinds[name] = kind
			all = append(all, name, strings.ToUpper(name))
		}
	}
	name := `(?:\w+:)?(` + strings.Join(all, "|") + `)`
	return regexp.MustCompile(`<(/?)` + name + `(?:=\w+)?(?:\s[^<>\n]*[^<>\n/])?>` +
		`|[\[◁](/?)(THINK|think)[\]▷]` +
		`|(?:<\|start\|>\w*)?<\|channel\|>(\w*)[^<>]*<\|message\|>|<\|(end)\|>|<\|(?:return|im_start|im_end|eot_id|endoftext|call)\|>` +
		`|<` + name + `\s*/>|</?(?:answer|final|final_answer|output|response|reply|speech)>`)
}()

// unfinished is the end of a text that may be the beginning of a tag.
var unfinished = regexp.MustCompile(`(?:(?:<\|(?:start|channel)\|>[^<>]*)+(?:<\|?\w*\|?)?|<\|\w*\|?|</?[A-Za-z_:]*|</?[A-Za-z_:]+[\s=/][^<>\n]*|[\[◁]/?[A-Za-z]*)$`)

// longest bounds in bytes what is held back because it may be the beginning of a tag.
const longest = 80

// Filter takes the thoughts out of an answer that comes in pieces. The zero value is
// ready; it belongs to one answer and one goroutine.
type Filter struct {
	inside   string // the kind whose end is waited for; "" = what comes is said
	any      bool
	unopened bool
	held     string
}

// New returns a Filter. opened says that the answer begins within thoughts, which the
// model's template has begun already.
func New(opened bool) *Filter {
	if opened {
		return &Filter{inside: kinds["think"]}
	}
	return new(Filter)
}

// Add takes a piece, cut anywhere, and returns what can be said by now.
func (f *Filter) Add(piece string) string {
	var said strings.Builder
	f.held += piece
	for m := tag.FindStringSubmatchIndex(f.held); m != nil; m = tag.FindStringSubmatchIndex(f.held) {
		if f.inside == "" {
			said.WriteString(f.held[:m[0]])
		}
		f.meet(f.held, m)
		f.held = f.held[m[1]:]
	}
	keep := len(f.held)
	if at := unfinished.FindStringIndex(f.held); at != nil && keep-at[0] < longest {
		keep = at[0]
	}
	if f.inside == "" {
		said.WriteString(f.held[:keep])
	}
	f.held = f.held[keep:]
	return said.String()
}

// meet handles a tag: the groups are slash and name, the same of [THINK], and the
// channel and the end of a template's message.
func (f *Filter) meet(text string, m []int) {
	group := func(n int) string { return text[max(m[2*n], 0):max(m[2*n+1], 0)] }
	switch {
	case m[4] >= 0:
		f.turn(group(1) == "/", kinds[strings.ToLower(group(2))])
	case m[8] >= 0:
		f.turn(group(3) == "/", kinds["think"])
	case m[10] >= 0:
		f.turn(group(5) == "final", "channel")
	case m[12] >= 0:
		f.turn(true, "channel")
	}
}

// turn goes into what is not said, or out of it by the end of its own kind.
func (f *Filter) turn(ends bool, kind string) {
	switch {
	case !ends && f.inside == "":
		f.inside, f.any = kind, true
	case ends && f.inside == kind:
		f.inside = ""
	case ends && f.inside == "" && kind != "channel":
		f.unopened, f.any = true, true
	}
}

// End returns what was held back for nothing when no more pieces come.
func (f *Filter) End() string {
	rest := f.held
	f.held = ""
	if f.inside != "" {
		return ""
	}
	return rest
}

// Any reports whether there were thoughts.
func (f *Filter) Any() bool { return f.any }

// Unopened reports whether thoughts ended that had not begun: what was returned before
// were thoughts too.
func (f *Filter) Unopened() bool { return f.unopened }
