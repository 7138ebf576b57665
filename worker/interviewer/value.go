package interviewer

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/kaptinlin/jsonrepair"

	"casey.internal/shared/thoughts"
)

// value is a part of what a model wrote as JSON. It is taken for what it was meant to
// be: a model that is asked for an object may write it as JSON text, a list as lines,
// a number as a word. What cannot be read is missing, and nothing is an error.
type value struct{ any }

// bare is a value that is no JSON for want of quotes, as 4/5 or +3.
var bare = regexp.MustCompile(`(:\s*)([+.\d][^\s",}\]]*[^\s\d",}\]][^\s",}\]]*)`)

// read reads the first JSON that begins with a bracket in a text, which may be cut or
// broken as models break it; ok = there is some.
func read(text, bracket string) (v value, ok bool) {
	at := strings.Index(text, bracket)
	if at < 0 {
		return value{}, false
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text[at:])
	if json.NewDecoder(strings.NewReader(text)).Decode(&v.any) == nil {
		return v, true
	}
	for _, text := range []string{text, bare.ReplaceAllString(text, `$1"$2"`)} {
		if mended, err := jsonrepair.Repair(text); err == nil && json.Unmarshal([]byte(mended), &v.any) == nil {
			return v, true
		}
	}
	return value{}, false
}

// within reads JSON that a text is.
func within(text, bracket string) (value, bool) {
	if !strings.HasPrefix(strings.TrimSpace(text), bracket) {
		return value{}, false
	}
	return read(text, bracket)
}

// aliases are other names that models give to the fields that they are asked for.
var aliases = map[string][]string{
	"summary": {"overview", "overall", "feedback", "conclusion"},
	"scores":  {"rubric", "ratings", "criteria", "assessments"},
	"good":    {"strengths", "positives"},
	"better":  {"improvements", "weaknesses", "areasforimprovement"},
	"score":   {"rating", "value", "points", "grade"},
	"comment": {"feedback", "evidence", "justification", "rationale", "reason", "comments", "note", "text"},
	"name":    {"criterion", "title", "category", "dimension"},
	"number":  {"exhibit", "exhibitnumber", "index", "id", "value"},
	"text":    {"point", "summary", "comment", "description", "value", "content"},
}

// plain is a name without case, blanks and punctuation.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// get returns a field, by its name in any spelling or by another that it goes by.
func (v value) get(name string) value {
	object, _ := v.object()
	for _, wanted := range append([]string{name}, aliases[name]...) {
		for known, field := range object {
			if plain(known) == plain(wanted) && field.any != nil {
				return field
			}
		}
	}
	return value{}
}

// object returns the fields of an object, which may be in JSON text.
func (v value) object() (fields map[string]value, ok bool) {
	switch x := v.any.(type) {
	case map[string]any:
		fields = map[string]value{}
		for name, field := range x {
			fields[name] = value{field}
		}
		return fields, true
	case string:
		if inner, ok := within(x, "{"); ok {
			return inner.object()
		}
	}
	return nil, false
}

// list returns the entries of a list, which may be in JSON text.
func (v value) list() (entries []value, ok bool) {
	switch x := v.any.(type) {
	case []any:
		for _, entry := range x {
			entries = append(entries, value{entry})
		}
		return entries, true
	case string:
		if inner, ok := within(x, "["); ok {
			return inner.list()
		}
	}
	return nil, false
}

// named returns an object; a list whose entries have names becomes one.
func (v value) named() value {
	entries, ok := v.list()
	if !ok {
		return v
	}
	all := map[string]any{}
	for _, entry := range entries {
		name := entry.get("name").text()
		if fields, _ := entry.object(); name == "" && len(fields) == 1 { // as [{"Structure": 4}]
			for only, field := range fields {
				all[only] = field.any
			}
		}
		if name != "" {
			all[name] = entry.any
		}
	}
	return value{all}
}

// text returns what can be told as text; "" = nothing.
func (v value) text() string {
	if _, ok := v.object(); ok {
		return v.get("text").text()
	}
	if _, ok := v.list(); ok {
		return strings.Join(v.texts(), " ")
	}
	switch x := v.any.(type) {
	case string:
		return said(x)
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return ""
}

// texts returns a list of texts; the lines of a text are one, and so are the fields of
// an object.
func (v value) texts() (all []string) {
	entries, ok := v.list()
	if !ok {
		if fields, is := v.object(); is && v.get("text").any == nil {
			for _, name := range slices.Sorted(maps.Keys(fields)) {
				entries = append(entries, fields[name])
			}
		} else {
			for line := range strings.Lines(v.text()) {
				entries = append(entries, value{line})
			}
		}
	}
	for _, entry := range entries {
		if text := bullet.ReplaceAllString(entry.text(), ""); text != "" {
			all = append(all, text)
		}
	}
	return all
}

// said is text without thoughts and without the words for nothing.
func said(text string) string {
	var filter thoughts.Filter
	text = strings.TrimSpace(filter.Add(text) + filter.End())
	if slices.Contains([]string{"null", "none", "na", "nil", "undefined", ""}, plain(text)) {
		return ""
	}
	return text
}

// bullet begins a line of a list.
var bullet = regexp.MustCompile(`^\s*(?:[-*•–]|\d{1,2}[.)])\s+`)

var (
	// share is a number of so many: 4/5, 4 out of 5, 80%.
	share = regexp.MustCompile(`(\d+(?:[.,]\d+)?)\s*(?:/|out of|of|von)\s*(\d+)|(\d+(?:[.,]\d+)?)\s*(%)`)
	// figure is a number, or two of which the middle is meant.
	figure = regexp.MustCompile(`(-?\d+(?:[.,]\d+)?)(?:\s*(?:-|–|to)\s*(\d+(?:[.,]\d+)?))?`)
)

// words are the numbers of a score.
var words = []string{"zero", "one", "two", "three", "four", "five"}

// number returns a number, which may be in text or one of so many; not ok = it is none.
func (v value) number(of float64) (n float64, ok bool) {
	switch x := v.any.(type) {
	case float64:
		return x, true
	case string:
		return numberIn(strings.ToLower(x), of)
	}
	return 0, false
}

func numberIn(text string, of float64) (n float64, ok bool) {
	if m := share.FindStringSubmatch(text); m != nil {
		if m[4] == "%" {
			return decimal(m[3]) / 100 * of, true
		}
		return decimal(m[1]) / max(decimal(m[2]), 1) * of, true
	}
	if m := figure.FindStringSubmatch(text); m != nil {
		if m[2] != "" {
			return (decimal(m[1]) + decimal(m[2])) / 2, true
		}
		return decimal(m[1]), true
	}
	if stars := strings.Count(text, "★") + strings.Count(text, "⭐"); stars > 0 {
		return float64(stars), true
	}
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if n := slices.Index(words, word); n >= 0 {
			return float64(n), true
		}
	}
	return 0, false
}

func decimal(text string) float64 {
	n, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	if err != nil {
		return 0 // more digits than a number has
	}
	return n
}
