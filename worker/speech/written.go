package speech

import (
	"strings"

	"casey.internal/worker/speakable"
)

// Written returns the marks of what a line says as marks of how it is written. Where
// several words say what is written without a blank, the first stands for it.
func Written(l speakable.Line, said []Mark) []Mark {
	if l.Written == l.Said {
		return said
	}
	written, last := make([]Mark, 0, len(said)), 0
	for _, m := range said {
		if m.Kind == VisemeMark {
			written = append(written, m)
			continue
		}
		if m.Start, m.End = l.WrittenAt(m.Start, m.End); m.Start < 0 || m.End <= m.Start || m.End > len(l.Written) {
			written = append(written, m)
			continue
		}
		if m.Kind == WordMark {
			if m.Start < last || last > 0 && !strings.Contains(l.Written[last:m.Start], " ") {
				continue
			}
			last = m.End
		}
		m.Value = l.Written[m.Start:m.End]
		written = append(written, m)
	}
	return written
}
