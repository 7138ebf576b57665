package speech

import (
	"regexp"
	"strings"
	"unicode"
)

// What language models write for eyes, and what is said instead. In this order.
var speakableRules = []struct {
	pattern *regexp.Regexp
	said    string
}{
	{regexp.MustCompile("(?s)```.*?(```|$)"), " "},        // code blocks
	{regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`), "$1"}, // links and images
	{regexp.MustCompile(`https?://\S+`), "the link"},
	{regexp.MustCompile(`(?m)^\s*(#{1,6}|>|[-*•–]|\d{1,2}[.)])\s+`), ""}, // headings, quotes, lists
	{regexp.MustCompile(`(?m)^\s*[-*_=]{3,}\s*$`), ""},                   // rules
	{regexp.MustCompile(`</?[a-zA-Z][^<>]*>`), ""},                       // tags
	{regexp.MustCompile("[*`~|#<>\\\\{}\\[\\]]+"), ""},                   // emphasis and what else is silent
	{regexp.MustCompile(`(^|\W)_+|_+(\W|$)`), "$1$2"},                    // emphasis, but not snake_case
	{regexp.MustCompile(`_`), " "},
	{regexp.MustCompile(`\be\.g\.,?`), "for example"},
	{regexp.MustCompile(`\bi\.e\.,?`), "that is"},
	{regexp.MustCompile(`\betc\.(,|\s+[a-z])`), "and so on$1"},
	{regexp.MustCompile(`\betc\.`), "and so on."},
	{regexp.MustCompile(`\bvs\.?(\s)`), "versus$1"},
	{regexp.MustCompile(`\bapprox\.`), "approximately"},
	{regexp.MustCompile(`\bincl\.`), "including"},
	{regexp.MustCompile(`\bw/o\s`), "without "},
	{regexp.MustCompile(`\bw/\s?`), "with "},
	{regexp.MustCompile(`\band/or\b`), "or"},
	{regexp.MustCompile(`\s&\s`), " and "},
	{regexp.MustCompile(`\b(\d{1,3})\s?[-–]\s?(\d{1,3})(\s?%|\s(?:percent|years?|months?|weeks?|days?|hours?|minutes?|people|points?|times)\b)`), "$1 to $2$3"},
	{regexp.MustCompile(`(\d)[kK]\b`), "$1 thousand"},
	{regexp.MustCompile(`([$€£]\d[\d.,]*)\s?(?:M|m|mn)\b`), "$1 million"},
	{regexp.MustCompile(`([$€£]\d[\d.,]*)\s?(?:B|bn)\b`), "$1 billion"},
	{regexp.MustCompile(`\$(\d[\d.,]*\d|\d)(\s(?:thousand|million|billion))?`), "$1$2 dollars"},
	{regexp.MustCompile(`€\s?(\d[\d.,]*\d|\d)(\s(?:thousand|million|billion))?`), "$1$2 euros"},
	{regexp.MustCompile(`£(\d[\d.,]*\d|\d)(\s(?:thousand|million|billion))?`), "$1$2 pounds"},
	{regexp.MustCompile(`\b(\d+)x(\s|$|[.,?!])`), "$1 times$2"},
	{regexp.MustCompile(`(\d)\s?%`), "$1 percent"},
	{regexp.MustCompile(`\s*[—―]\s*|\s+–\s+`), ", "}, // dashes are pauses
	{regexp.MustCompile(`\.{4,}|…`), "..."},
}

// Speakable returns text as it is to be said: without markup, bullets, emoji and
// control characters, on one line. Numbers stay digits, which every voice reads
// well, but for what is written round them. It is empty when there is nothing to say.
func Speakable(text string) string {
	text = strings.Map(audible, text)
	for _, rule := range speakableRules {
		text = rule.pattern.ReplaceAllString(text, rule.said)
	}
	text = strings.Join(strings.Fields(text), " ")
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return ""
	}
	return text
}

// audible drops what is neither read aloud nor a pause.
func audible(r rune) rune {
	switch {
	case r == '\n' || r == '\t' || r == '\r':
		return '\n'
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Cs, r):
		return -1
	case unicode.Is(unicode.So, r), unicode.Is(unicode.Sk, r) && r > unicode.MaxLatin1, unicode.Is(unicode.Variation_Selector, r):
		return -1
	case r == unicode.ReplacementChar:
		return -1
	}
	return r
}
