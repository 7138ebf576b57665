package child

import (
	"bytes"
	"sync"
)

// maxLine is the longest line kept, in bytes: a child that writes without end
// must not eat our memory.
const maxLine = 256 << 10

// Lines is an io.WriteCloser that cuts what it is given into lines, for a child's stdout or stderr.
// It is safe for concurrent use; the lines of one writer stay whole.
type Lines struct {
	mu   sync.Mutex
	rest []byte
	line func(string)
}

// NewLines calls line for each whole line, without its end, one at a time.
func NewLines(line func(string)) *Lines { return &Lines{line: line} }

// Write never fails.
func (l *Lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, p...)
	for {
		i := bytes.IndexByte(l.rest, '\n')
		if i < 0 && len(l.rest) < maxLine {
			return len(p), nil
		}
		if i < 0 {
			i = len(l.rest)
		}
		l.line(string(bytes.TrimRight(l.rest[:i], "\r")))
		l.rest = l.rest[min(i+1, len(l.rest)):]
	}
}

// Close hands on a last line that had no end.
func (l *Lines) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.rest) > 0 {
		l.line(string(l.rest))
		l.rest = nil
	}
	return nil
}
