// Package logging makes the handler that all processes log with: one JSON
// object a line. What people said, and prompts made of it, is logged under
// keys that begin with "pii." and dropped unless it is asked for.
package logging

import (
	"context"
	"io"
	"log/slog"
	"strings"
)

// private begins the keys of what people said.
const private = "pii."

// Options say what is logged. The zero value: level info, nothing private.
type Options struct {
	Level   slog.Level
	KeepPII bool // keep what people said
}

// NewHandler returns a handler that writes to w.
func NewHandler(w io.Writer, o Options) slog.Handler {
	handler := slog.Handler(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: o.Level}))
	if !o.KeepPII {
		handler = &filter{next: handler}
	}
	return handler
}

// filter drops private attributes before they reach the next handler.
// (ReplaceAttr would not do: slog does not call it for groups, and loses count
// of the groups when it drops all of one.)
type filter struct {
	next   slog.Handler
	inside bool // of a group whose name is private
}

// Enabled is slog.Handler's.
func (f *filter) Enabled(ctx context.Context, level slog.Level) bool {
	return f.next.Enabled(ctx, level)
}

// Handle is slog.Handler's.
func (f *filter) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	for a := range r.Attrs {
		if public, ok := f.public(a); ok {
			clean.AddAttrs(public)
		}
	}
	return f.next.Handle(ctx, clean)
}

// WithAttrs is slog.Handler's.
func (f *filter) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &filter{next: f.next.WithAttrs(f.withoutPrivate(attrs)), inside: f.inside}
}

// WithGroup is slog.Handler's.
func (f *filter) WithGroup(name string) slog.Handler {
	return &filter{next: f.next.WithGroup(name), inside: f.inside || isPrivate(name)}
}

func (f *filter) withoutPrivate(attrs []slog.Attr) []slog.Attr {
	var kept []slog.Attr
	for _, a := range attrs {
		if public, ok := f.public(a); ok {
			kept = append(kept, public)
		}
	}
	return kept
}

// public returns what of an attribute may be logged.
func (f *filter) public(a slog.Attr) (slog.Attr, bool) {
	if f.inside || isPrivate(a.Key) {
		return a, false
	}
	a.Value = a.Value.Resolve()
	if a.Value.Kind() != slog.KindGroup {
		return a, true
	}
	kept := f.withoutPrivate(a.Value.Group())
	return slog.Attr{Key: a.Key, Value: slog.GroupValue(kept...)}, len(kept) > 0
}

func isPrivate(key string) bool { return key == "pii" || strings.HasPrefix(key, private) }
