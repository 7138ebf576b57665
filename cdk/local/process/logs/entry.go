package logs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"log/slog"
	"strconv"
	"strings"
	"time"
)

// Entry is one line of the log.
type Entry struct {
	Time      time.Time
	Component string
	Level     slog.Level
	Message   string
	Attrs     []Attr // in the order in which they were written
}

// Attr is one attribute, its value as text.
type Attr struct{ Key, Value string }

// Attr returns the value of an attribute, or "".
func (e Entry) Attr(key string) string {
	for _, a := range e.Attrs {
		if a.Key == key {
			return a.Value
		}
	}
	return ""
}

// String is the entry as one line of text, without colour.
func (e Entry) String() string { return strings.TrimSuffix(e.format(false), "\n") }

// parse reads a line of slog's JSON handler; any other line is a message as it stands.
func parse(component, line string) Entry {
	plain := Entry{Time: time.Now(), Component: component, Message: line}
	if !strings.HasPrefix(line, "{") {
		return plain
	}
	attrs, err := members([]byte(line))
	if err != nil {
		return plain
	}
	e := Entry{Time: plain.Time, Component: component}
	for _, a := range attrs {
		e.set(a)
	}
	if e.Message == "" {
		return plain
	}
	return e
}

func (e *Entry) set(a Attr) {
	switch a.Key {
	case slog.TimeKey:
		if t, err := time.Parse(time.RFC3339Nano, a.Value); err == nil {
			e.Time = t
		}
	case slog.LevelKey:
		if e.Level.UnmarshalText([]byte(a.Value)) != nil {
			e.Level = slog.LevelInfo
		}
	case slog.MessageKey:
		e.Message = a.Value
	default:
		e.Attrs = append(e.Attrs, a)
	}
}

// members reads the members of a JSON object in their order, nested values as JSON.
func members(object []byte) ([]Attr, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	var attrs []Attr
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		attrs = append(attrs, Attr{fmt.Sprint(key), text})
	}
	return attrs, nil
}

// Terminal colours (ECMA-48, "select graphic rendition").
const (
	reset, dim, red, yellow = "\x1b[0m", "\x1b[2m", "\x1b[31m", "\x1b[33m"
)

// format renders the entry: time, component, level when it is not info, message, attributes.
func (e Entry) format(colour bool) string {
	paint := func(code, s string) string {
		if colour && code != "" {
			return code + s + reset
		}
		return s
	}
	var b strings.Builder
	b.WriteString(paint(dim, e.Time.Local().Format("15:04:05.000")))
	b.WriteString(" " + paint(hue(e.Component), fmt.Sprintf("%-10s", e.Component)) + " ")
	switch {
	case e.Level >= slog.LevelError:
		b.WriteString(paint(red, "ERROR "+e.Message))
	case e.Level >= slog.LevelWarn:
		b.WriteString(paint(yellow, "WARN "+e.Message))
	case e.Level < slog.LevelInfo:
		b.WriteString(paint(dim, "debug "+e.Message))
	default:
		b.WriteString(e.Message)
	}
	for _, a := range e.Attrs {
		b.WriteString(" " + paint(dim, a.Key+"=") + quoted(a.Value))
	}
	b.WriteByte('\n')
	return b.String()
}

// hue gives each component a colour of its own, the same in every run.
func hue(component string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(component))
	return fmt.Sprintf("\x1b[%dm", []int{32, 34, 35, 36, 92, 94, 95, 96}[h.Sum32()%8])
}

func quoted(value string) string {
	if value == "" || strings.ContainsAny(value, " \n\t\"") && !strings.HasPrefix(value, "{") {
		return strconv.Quote(value)
	}
	return value
}
