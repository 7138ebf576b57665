package speakable

import (
	"html"
	"regexp"
	"strings"
	"unicode"
)

// literal is what stands as it is: code, a sign after a backslash, an address.
var literal = regexp.MustCompile("`([^`\n]+)`" + `|\\([\\*_#\[\]<>~|` + "`" + `])|(https?://[^\s<>()\[\]"*]*[\w/#=&%-])`)

// firstPlace is the first of the private characters that stand for literals meanwhile;
// text has none of them.
const firstPlace, places = '\U000F0000', 60000

// tags are those of HTML and SSML that models write; any other is a type or a comparison.
const tags = `a|abbr|b|big|blockquote|br|break|center|code|dd|del|details|div|dl|dt|em|emphasis|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|phoneme|pre|prosody|q|s|say-as|small|speak|span|strike|strong|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul`

// markup is what is neither shown nor said, in this order, with what is left of it.
var markup = compile(
	"(?s)```.*?(?:```|$)", " ", // blocks of code
	`(^|[^\w\]])!?\[([^\[\]\n]+)\]\([^()\s]*(?:\s"[^"\n]*")?\)`, "$1$2", // links and images, not calls[0](x)
	`\[\^\w+\]`, "", // footnotes
	`<([\w.+-]+@[\w.-]+|[\x{F0000}-\x{FFFFD}])>`, "$1", // addresses
	`</?(?:`+tags+`)(?:\s+[\w:-]+\s*=\s*(?:"[^"\n]*"|'[^'\n]*'|[^\s<>"']+))*\s*/?>`, "",
	`(?m)^\s*(?:[-*_=]{3,}|\|[\s:|-]+\|)\s*$`, "", // rules, and those of tables
	`(?m)^\s*\|(.*)\|\s*$`, "$1", // rows of tables
	`(?m)^\s*(?:#{2,6}\s+|#\s+(\p{Lu}|\d))`, "$1", // headings, not "# of users"
	`(?m)^\s*>\s*([\p{L}"“*_])`, "$1", // quotes, not "> 90 %"
	`(?m)^\s*[-*•–+]\s+`, "", // lists; the numbers of lists are said
	`\B\*{1,3}([^*\s]|[^*\s][^*\n]*[^*\s])\*{1,3}\B`, "$1", // emphasis, not 2*3*4
	`\b__?([^_\s][^_\n]*\s[^_\n]*[^_\s])__?\b`, "$1", // not __init__
	`(^|[^\w])_([^_\s]+)_($|[^\w])`, "$1$2$3",
	`(^|[^\w])_([^_\s]+)_($|[^\w])`, "$1$2$3", // those that share a blank
	`~~([^~\n]+)~~`, "$1",
	`(?m)^\*{1,3}([^*\s])`, "$1", // halves of emphasis over two sentences
	`(?m)([^\s*\d])\*{1,3}$`, "$1",
	"`+", "",
)

// entity is a character of HTML by its name or number.
var entity = regexp.MustCompile(`&(?:[a-z]+|#\d+);`)

// withoutMarkup returns what a text shows, on one line.
func withoutMarkup(text string) string {
	var literals []string
	text = literal.ReplaceAllStringFunc(strings.Map(audible, text), func(found string) string {
		if len(literals) == places {
			return found
		}
		literals = append(literals, strings.Trim(strings.TrimPrefix(found, `\`), "`"))
		if found[0] == '\\' {
			literals[len(literals)-1] = found[1:]
		}
		return string(rune(firstPlace + len(literals) - 1))
	})
	for _, rule := range markup {
		text = rule.pattern.ReplaceAllString(text, rule.said)
	}
	text = entity.ReplaceAllStringFunc(text, func(name string) string { return strings.Map(audible, html.UnescapeString(name)) })
	var b strings.Builder
	for _, r := range text {
		if n := int(r - firstPlace); n >= 0 && n < len(literals) {
			b.WriteString(literals[n])
			continue
		}
		b.WriteRune(r)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// symbols are those of the symbols that are said, or at least no decoration.
const symbols = "°©®™№℃℉"

// audible drops what is neither read aloud nor a pause.
func audible(r rune) rune {
	switch {
	case r == '\n' || r == '\t' || r == '\r':
		return '\n'
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Cs, r):
		return -1
	case unicode.Is(unicode.So, r) && !strings.ContainsRune(symbols, r):
		return -1
	case unicode.Is(unicode.Sk, r) && r > unicode.MaxLatin1, unicode.Is(unicode.Variation_Selector, r):
		return -1
	case r == unicode.ReplacementChar:
		return -1
	}
	return r
}
