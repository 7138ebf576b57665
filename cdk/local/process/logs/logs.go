// Package logs makes one readable log out of what many processes write:
// structured lines of log/slog become text, every line names its component, and
// the last ones can be asked for.
package logs

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"

	"casey.internal/cdk/local/process/child"
)

// kept is the number of entries that a book remembers.
const kept = 20_000

// Book is the log of one run. It is safe for concurrent use.
type Book struct {
	mu      sync.Mutex
	entries []Entry
	sinks   []sink
	changed chan struct{} // closed and replaced at each new entry
}

// sink is the writer to which entries go as text.
type sink struct {
	to      io.Writer
	colour  bool
	atLeast slog.Level
}

// New returns a book that only remembers.
func New() *Book { return &Book{changed: make(chan struct{})} }

// Copy writes every later entry of at least this level to w too, one Write a
// line. Colour is for terminals. A writer that fails is not reported: there is
// nowhere to.
func (b *Book) Copy(w io.Writer, atLeast slog.Level, colour bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sinks = append(b.sinks, sink{w, colour, atLeast})
}

// Writer takes the output of a process.
func (b *Book) Writer(component string) *child.Lines {
	return child.NewLines(func(line string) { b.add(parse(component, line)) })
}

// Logger logs into the book on behalf of a component of this process.
func (b *Book) Logger(component string) *slog.Logger {
	return slog.New(slog.NewJSONHandler(b.Writer(component), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// Entries returns what the book remembers, oldest first.
func (b *Book) Entries() []Entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Entry(nil), b.entries...)
}

// Await returns the first entry, old or new, that matches, or ctx's error.
func (b *Book) Await(ctx context.Context, matches func(Entry) bool) (Entry, error) {
	for seen := 0; ; {
		entries, changed := b.since(seen)
		for _, e := range entries {
			if matches(e) {
				return e, nil
			}
		}
		seen += len(entries)
		select {
		case <-changed:
		case <-ctx.Done():
			return Entry{}, fmt.Errorf("wait for a log entry: %w", ctx.Err())
		}
	}
}

// since returns the entries after the first n and a channel that is closed at
// the next one. When old entries have been forgotten meanwhile some are
// skipped.
func (b *Book) since(n int) ([]Entry, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Entry(nil), b.entries[min(n, len(b.entries)):]...), b.changed
}

func (b *Book) add(e Entry) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.entries) == kept {
		b.entries = append(b.entries[:0], b.entries[kept/2:]...)
	}
	b.entries = append(b.entries, e)
	for _, s := range b.sinks {
		if e.Level >= s.atLeast {
			_, _ = io.WriteString(s.to, e.format(s.colour))
		}
	}
	close(b.changed)
	b.changed = make(chan struct{})
}
