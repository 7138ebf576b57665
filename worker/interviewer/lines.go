package interviewer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// place is where a value stands: the names and numbers that lead to it.
type place []string

// String returns a place as people write it: phases[0].name.
func (p place) String() string {
	var b strings.Builder
	for _, step := range p {
		switch {
		case step[0] >= '0' && step[0] <= '9':
			fmt.Fprintf(&b, "[%s]", step)
		case b.Len() > 0:
			b.WriteString("." + step)
		default:
			b.WriteString(step)
		}
	}
	return b.String()
}

// lines are the lines on which the values of a JSON text begin, those of members
// with their names.
type lines struct {
	data    []byte
	decoder *json.Decoder
	at      map[string]int // by place.String
	twice   []place        // members that an object has twice: the second one counts
}

// readLines reads a text that is known to be JSON.
func readLines(data []byte) *lines {
	l := &lines{data: data, decoder: json.NewDecoder(bytes.NewReader(data)), at: map[string]int{}}
	l.read(nil)
	return l
}

// of is the line of a place, or of what it would be in.
func (l *lines) of(p place) int {
	for ; len(p) > 0; p = p[:len(p)-1] {
		if line, ok := l.at[p.String()]; ok {
			return line
		}
	}
	return 1
}

// lineAt is the line of a byte.
func lineAt(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:min(max(offset, 0), int64(len(data)))], []byte("\n"))
}

// read reads the value at a place.
func (l *lines) read(p place) {
	token, _ := l.decoder.Token() // it is JSON
	if _, known := l.at[p.String()]; !known {
		l.note(p)
	}
	switch token {
	case json.Delim('{'):
		for l.decoder.More() {
			name, _ := l.decoder.Token()
			member := append(p[:len(p):len(p)], name.(string))
			if _, known := l.at[member.String()]; known {
				l.twice = append(l.twice, member)
			}
			l.note(member)
			l.read(member)
		}
	case json.Delim('['):
		for n := 0; l.decoder.More(); n++ {
			l.read(append(p[:len(p):len(p)], fmt.Sprint(n)))
		}
	default:
		return
	}
	_, _ = l.decoder.Token() // the end of it
}

// note notes that a place is on the line of the last token.
func (l *lines) note(p place) { l.at[p.String()] = lineAt(l.data, l.decoder.InputOffset()-1) }
