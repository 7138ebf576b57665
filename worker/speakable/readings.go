package speakable

import (
	"regexp"
	"strings"
)

// compile makes rules of patterns, each with what is said instead.
func compile(pairs ...string) (rules []rule) {
	for i := 0; i < len(pairs); i += 2 {
		rules = append(rules, rule{pattern: regexp.MustCompile(pairs[i]), said: pairs[i+1]})
	}
	return rules
}

// asWritten is said of what other rules would misread.
const asWritten = "$0"

// readings are all of them; what comes first has precedence.
var readings = join(kept, addresses, named(), abbreviations, amounts, code, comparisons, arithmetic, ranges, signs)

func join(groups ...[]rule) (all []rule) {
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// kept are what voices read well and other rules would take for something else.
var kept = compile(
	`(?i)\b(?:the|early|late|mid|my|his|her|their|our)[\s-](?:\d\d)?\d0s\b`, asWritten, // decades, no seconds
	`\b\d{1,2}/\d{1,2}/\d{2,4}\b`, asWritten,
	`\b(?:iPhone|iPad|iOS|iCloud|macOS|eBay|gRPC)s?\b`, asWritten,
)

// addresses are read with their dots.
var addresses = []rule{
	{regexp.MustCompile(`https?://[^\s<>"']*[\w/#=&%-]`), "", address},
	{regexp.MustCompile(`\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b`), "", address},
	{regexp.MustCompile(`\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|ai|edu|gov|app|uk|de|eu|fr|ch)\b(?::\d+)?(?:/[\w./#?=&%-]*[\w/])?`), "", address},
	{regexp.MustCompile(`(?i)\blocalhost:\d+`), "", address},
	{regexp.MustCompile(`(^|\s)@([A-Za-z_]\w*)`), "$1 at $2", nil},
}

// names are said as people do who know them.
var names = []string{
	"C#", "C sharp", "F#", "F sharp", "C++", "C plus plus", "g++", "G plus plus", "A*", "A star",
	"ASP.NET", "A S P dot net", "VB.NET", "V B dot net", ".NET", "dot net",
	"i/o", "I O", "I/O", "I O", "A/B", "A B", "CI/CD", "C I C D", "TCP/IP", "T C P I P", "UI/UX", "U I U X", "PL/SQL", "P L S Q L",
	"24/7", "24 7", "9/11", "9 11", "a/b", "A B", "401k", "401 K", "401(k)", "401 K", "and/or", "and or", "n/a", "not applicable", "N/A", "not applicable",
	"w/o", "without", "b/c", "because", "4K", "4 K", "8K", "8 K", "*args", "star args", "**kwargs", "star star kwargs",
	"k8s", "Kubernetes", "K8s", "Kubernetes", "i18n", "internationalization", "l10n", "localization", "a11y", "accessibility",
	"a.k.a.", "also known as", "AT&T", "A T and T", "et al.", "and others",
}

// named makes rules of names: whole words, whatever they end with.
func named() (rules []rule) {
	for i := 0; i < len(names); i += 2 {
		rules = append(rules, compile(edge(names[i][0])+regexp.QuoteMeta(names[i])+edge(names[i][len(names[i])-1]), names[i+1])...)
	}
	return append(rules, compile(
		`\bC\+\+(\d\d)\b`, "C plus plus $1",
		`\b([A-Za-z]+)\.js\b`, "$1 J S",
		`\b([A-Z])&([A-Z])\b`, "$1 and $2",
	)...)
}

// edge is the pattern at the edge of a name, between its sign and what is none of it.
func edge(sign byte) string {
	if strings.ContainsRune("#+*.", rune(sign)) {
		return `\B`
	}
	return `\b`
}

// abbreviations of English.
var abbreviations = compile(
	`\be\.g\.,?`, "for example",
	`\beg,`, "for example,",
	`\bi\.e\.,?`, "that is",
	`\betc\.([,;:?!)]|\s+[a-z])`, "and so on$1",
	`\betc\.`, "and so on.",
	`\betc\b`, "and so on",
	`\bvs\.?(\s)`, "versus$1",
	`\bapprox\.`, "approximately",
	`\bincl\.`, "including",
	`\bexcl\.`, "excluding",
	`\bcf\.`, "compare",
	`\bca\.\s?(\d)`, "about $1",
	`\bNo\.\s?(\d)`, "number $1",
	`№\s?`, "number ",
	`\b(?:[Ff]ig|FIG)\.\s?(\d)`, "figure $1",
	`\bpp?\.\s?(\d)`, "page $1",
	`\bmax\.\s?(\d)`, "at most $1",
	`(^|[^\d\s]\s)min\.\s?(\d)`, "$1 at least $2",
	`\bw/\s?`, "with ",
	`§\s?`, "section ",
)

const (
	number = `\d+(?:,\d{3})*(?:\.\d+)?`
	scale  = `(?:(mn|bn|tn|k|K|M|m|B|T| thousand| million| billion| trillion)\b)?`
)

// amounts are numbers of something.
var amounts = []rule{
	{regexp.MustCompile(`\b(\d{4})-(\d\d)-(\d\d)\b`), "", date},
	{regexp.MustCompile(`\bv?\d+(?:\.\d+){2,}(?::\d+)?\b`), "", version},
	{regexp.MustCompile(`\bv(\d+(?:\.\d+)?)\b`), "version $1", nil},
	{regexp.MustCompile(`([$€£¥₹])\s?(` + number + `)(?:\s?[-–]\s?[$€£¥₹]?(` + number + `))?` + scale), "", money},
	{regexp.MustCompile(`()\b(` + number + `)(?:\s?[-–]\s?(` + number + `))?` + scale + `\s?([€£¥₹])`), "", money},
	{regexp.MustCompile(`\b(` + number + `)\s?(` + unitNames() + `)\b`), "", quantity},
	{regexp.MustCompile(`(\d[kKMB]?|\b(?:` + counted + `))/(s|sec|second|min|minute|h|hr|hour|d|day|week|mo|month|yr|year|user|person|seat|request)\b`), "", rate},
	{regexp.MustCompile(`\b(\d+(?:\.\d+)?)[eE]([+-]?)(\d+)\b`), "", power},
	{regexp.MustCompile(`(^|[\s(])(\d{1,2})/(\d{1,3})\b`), "", fraction},
	{regexp.MustCompile(`\b(` + keywords + `)\s([IVX]+)\b`), "", roman},
	{regexp.MustCompile(`(\d?)([½⅓⅔¼¾])`), "", vulgar},
	{regexp.MustCompile(`\b(\d{1,3}):(\d{1,3})(:\d\d)?\b`), "", ratio},
}

// code is what programs are written with.
var code = join([]rule{
	{regexp.MustCompile(`\b[A-Za-z_][\w.:]*<(?:\w|[.?\[\]<>]|,\s?)*[\w\]>?]>`), "", generic},
	{regexp.MustCompile(`\b[a-z][a-z0-9]*(?:[A-Z][a-z0-9]+)+\b`), "", humps},
	{regexp.MustCompile(`\b[a-z_]\w+(?:\.[a-z_]\w+){2,}\b`), "", dotted},
}, compile(
	`<(\w+)>`, "$1",
	`\b0x([0-9A-Fa-f]+)\b`, "hex $1",
	`\b([OΘΩ])\(`, "$1 of ",
	`(\w)\[\]`, "$1 array",
	`(\w)\[-`, "$1 at minus ",
	`(\w)\[`, "$1 at ",
	`(\w)\(\)`, "$1",
	`\b([a-z_]\w+)\.(\w+)\(`, "$1 dot $2(",
	`\b(this|self|window|document|console|math|np|pd)\.(\w)`, "$1 dot $2",
	`(\w)\.(go|py|ts|tsx|jsx|java|rb|rs|cpp|hpp|html|css|json|ya?ml|toml|md|txt|csv|sql|sh|exe|pdf|png|jpe?g|svg|xml|log)\b`, "$1 dot $2",
	`(^|[\s(])\.([a-z]\w+)`, "$1 dot $2",
	`(\w)::(\w)`, "$1 $2",
	`(\w|\))->(\w)`, "$1 arrow $2",
	`(^|\s)--([a-z])`, "$1 dash dash $2",
	`(^|\s)-([A-Za-z])\b`, "$1 dash $2",
	`(^|[\s(])!(\w)`, "$1 not $2",
	`~/`, " home slash ",
	`\\(\w)`, " backslash $1",
	`(\d)_(\d)`, "$1$2",
	`\b__(\w+?)__\b`, "$1",
	`(\w)_(\w)`, "$1 $2",
	`(\w)_(\w)`, "$1 $2",
))

// comparisons and arrows.
var comparisons = compile(
	`\s?(?:!==?|≠|<>)\s?`, " is not equal to ",
	`\s?===?\s?`, " equals ",
	`\s?:=\s?`, " is set to ",
	`\s?=>\s?`, " arrow ",
	`\s?(?:->|→|⇒)\s?`, " to ",
	`\s?(?:<=|≤)\s?`, " at most ",
	`\s?(?:>=|≥)\s?`, " at least ",
	`\s?<-\s`, " from ",
	`\s?<<\s?`, " shift left ",
	`\s?>>\s?`, " shift right ",
	`\s?<\s?([\w$€£(.-])`, " less than $1",
	`(^|[\s(])>(\d|[$€£])`, "$1 more than $2",
	`\s?>\s?([\w$€£(.-])`, " greater than $1",
	`\s?(?:≈|~)\s?(\d|[$€£])`, " about $1",
	`\s?\+=\s?`, " plus equals ",
	`\s?-=\s?`, " minus equals ",
	`\s?=\s?`, " equals ",
	`\s?&&\s?`, " and ",
	`\s?\|\|\s?`, " or ",
	`\s?&\s?`, " and ",
)

// arithmetic is signs between numbers or names.
var arithmetic = compile(
	`(\w|\))\s?\*\*\s?(\w)`, "$1 to the power of $2",
	`(\w|\))\s\*\s\b`, "$1 times ",
	`(\w|\))\*\b`, "$1 times ",
	`\s?×\s?`, " times ",
	`\s?÷\s?`, " divided by ",
	`(\d)\s/\s(\d)`, "$1 divided by $2",
	`(\d)x(\d)`, "$1 by $2",
	`\b(`+number+`)x\b`, "$1 times",
	`\s?±\s?`, " plus or minus ",
	`√\s?`, "square root of ",
	`∞`, "infinity",
	`\^2\b`, " squared",
	`\^3\b`, " cubed",
	`\^-`, " to the power of minus ",
	`\^\s?`, " to the power of ",
	`(\d)\s?m²`, "$1 square meters",
	`(\d)\s?km²`, "$1 square kilometers",
	`(\d)\s?m³`, "$1 cubic meters",
	`²`, " squared",
	`³`, " cubed",
	`(\w)\+\+`, "$1 plus plus",
	`(\w)\+([\s.,;:)?!]|$)`, "$1 plus$2",
	`\s?\+\s?`, " plus ",
	`\b([a-z_]\w*)\s%\s(\w)`, "$1 modulo $2",
	`(\d)\s-\s(\d+)(\s?=)`, "$1 minus $2$3",
	`\b([a-z])\s-\s([a-z0-9])\b`, "$1 minus $2",
	`(^|[\s(=])[-−](\d)`, "$1 minus $2",
	`\s?−\s?`, " minus ",
	`\s?%`, " percent",
	`℃`, " degrees Celsius",
	`℉`, " degrees Fahrenheit",
	`\s?°\s?C\b`, " degrees Celsius",
	`\s?°\s?F\b`, " degrees Fahrenheit",
	`\s?°`, " degrees",
)

// ranges go from one thing to another.
var ranges = join([]rule{{regexp.MustCompile(`(^|[\s(~$])(\d{1,3}(?:\.\d+)?)(\s?[-–]\s?)(\d{1,3}(?:\.\d+)?)([A-Za-z%°]|\s|[,.;:)?!]|$)`), "", between}}, compile(
	`\b((?:19|20)\d\d)\s?[-–]\s?((?:19|20)\d\d)\b`, "$1 to $2",
	`\b([A-Z]\d?)[-–]([A-Z]\d?)\b`, "$1 to $2",
	`(\w)–(\w)`, "$1 to $2",
	`(\d)[kK]\b`, "$1 thousand",
	`(\d)M\b`, "$1 million",
	`(\d\.\d+|\d\d|\d,\d+)B\b`, "$1 billion",
	`(\d)bn\b`, "$1 billion",
))

// signs are pauses, or silent where nothing else was said of them.
var signs = join(rests, compile(
	`#(\d)`, "number $1",
	`#\sof\b`, "number of",
	`#([A-Za-z])`, "hashtag $1",
), unsaid)

// rests are signs that are a pause, and unsaid those that are silent, in any language.
var (
	rests = compile(
		`\s*[—―]\s*|\s+(?:–|--?)\s+`, ", ",
		`\.{4,}|…`, "...",
		`\s[|•·]\s`, ", ",
	)
	unsaid = compile(
		silent.String(), "",
		`_+`, " ",
	)
)

// silent is a sign that is not said, and that a voice might take for more than text.
var silent = regexp.MustCompile("[*`~|#<>{}^™®©\\[\\]\\\\]")
