// Package fields reads the members of a JSON object that a stranger sent, and
// trusts nothing: names are matched exactly, a name that comes twice or
// nesting that goes deep is refused, and every value has a type and a limit.
// encoding/json alone takes the last of two equal names and any letter case.
package fields

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"casey.internal/shared/apperr"
)

// maxDepth limits the nesting of objects and arrays; the protocol needs three.
const maxDepth = 8

// Object is one JSON object. A member that is absent or null reads as the zero
// value. From the first member that is wrong on, all read as the zero value;
// Err tells what that was.
type Object struct {
	members map[string]json.RawMessage
	path    string      // where the object stands: "" or "sdp."
	code    apperr.Code // of its wrong members
	first   *error      // shared with the objects inside
}

// Parse reads data, which must be exactly one JSON object of at most limit
// bytes. Its errors are *fault.Error: TooLarge or Malformed.
func Parse(data []byte, limit int) (*Object, error) {
	if len(data) > limit {
		return nil, apperr.New(apperr.TooLarge, "the message has %d bytes; send at most %d", len(data), limit)
	}
	if trimmed := bytes.TrimLeft(data, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return nil, apperr.New(apperr.Malformed, "send one JSON object, as in {\"type\":\"ping\"}")
	}
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, apperr.New(apperr.Malformed, "send valid JSON: %s", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := walk(decoder, 0); err != nil {
		return nil, err
	}
	return &Object{members: members, code: apperr.Malformed, first: new(error)}, nil
}

// walk reads one value from JSON known to be valid and refuses equal names and
// deep nesting.
func walk(decoder *json.Decoder, depth int) error {
	token, err := decoder.Token()
	if err != nil {
		return apperr.New(apperr.Malformed, "send valid JSON: %s", err)
	}
	open, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	if depth >= maxDepth {
		return apperr.New(apperr.Malformed, "send objects and arrays nested at most %d deep", maxDepth)
	}
	seen := map[string]bool{}
	for decoder.More() {
		if open == '{' {
			if err := once(decoder, seen); err != nil {
				return err
			}
		}
		if err := walk(decoder, depth+1); err != nil {
			return err
		}
	}
	_, err = decoder.Token()
	return err
}

// once reads a member's name, which must be new.
func once(decoder *json.Decoder, seen map[string]bool) error {
	token, err := decoder.Token()
	if err != nil {
		return apperr.New(apperr.Malformed, "send valid JSON: %s", err)
	}
	name, _ := token.(string)
	if seen[name] {
		return apperr.New(apperr.Malformed, "send every member once; %q comes twice", clip(name))
	}
	seen[name] = true
	return nil
}

func clip(s string) string {
	if len(s) > 32 {
		return s[:32] + "…"
	}
	return s
}

// Err returns what was wrong first in this object or one inside it, or nil.
func (o *Object) Err() error { return *o.first }

// Fail records a fault of code unless there was one before.
func (o *Object) Fail(code apperr.Code, format string, args ...any) {
	if *o.first == nil {
		*o.first = apperr.New(code, format, args...)
	}
}

func (o *Object) wrong(name, want string) {
	o.Fail(o.code, "%s%s must be %s", o.path, name, want)
}

// value returns a member that is there and not null.
func (o *Object) value(name string) (json.RawMessage, bool) {
	raw, ok := o.members[name]
	return raw, ok && string(raw) != "null" && *o.first == nil
}

// Has reports whether the member is there, null or not.
func (o *Object) Has(name string) bool {
	_, ok := o.members[name]
	return ok
}

// Text reads a string of at most limit bytes.
func (o *Object) Text(name string, limit int) string {
	raw, ok := o.value(name)
	if !ok {
		return ""
	}
	var text string
	if raw[0] != '"' || json.Unmarshal(raw, &text) != nil {
		o.wrong(name, "a string")
		return ""
	}
	if len(text) > limit {
		o.Fail(apperr.TooLarge, "%s%s has %d bytes; send at most %d", o.path, name, len(text), limit)
		return ""
	}
	return text
}

// Line reads a string of at most limit bytes that holds no control characters.
func (o *Object) Line(name string, limit int) string {
	text := o.Text(name, limit)
	for _, r := range text {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			o.wrong(name, "a string without control characters")
			return ""
		}
	}
	return text
}

// Name reads an identifier: at most limit letters, digits, '-', '_', '.', '='.
func (o *Object) Name(name string, limit int) string {
	text := o.Text(name, 4*limit)
	if len(text) > limit || !safe(text) {
		o.wrong(name, fmt.Sprintf("at most %d letters, digits, '-', '_', '.' or '='", limit))
		return ""
	}
	return text
}

func safe(text string) bool {
	for _, c := range []byte(text) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '-', c == '_', c == '.', c == '=':
		default:
			return false
		}
	}
	return true
}

// Integer reads a whole number from low to high, written without a fraction or
// an exponent; there says whether the member was there.
func (o *Object) Integer(name string, low, high int64) (n int64, there bool) {
	raw, ok := o.value(name)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || n < low || n > high {
		o.wrong(name, fmt.Sprintf("a whole number from %d to %d", low, high))
		return 0, false
	}
	return n, true
}

// Bool reads true or false.
func (o *Object) Bool(name string) bool {
	raw, ok := o.value(name)
	if ok && string(raw) != "true" && string(raw) != "false" {
		o.wrong(name, "true or false")
	}
	return ok && string(raw) == "true"
}

// Object reads the object inside, or returns nil. What is wrong in there has
// the given code and is an error of the outer object too.
func (o *Object) Object(name string, code apperr.Code) *Object {
	raw, ok := o.value(name)
	if !ok {
		return nil
	}
	members := map[string]json.RawMessage{}
	if raw[0] != '{' || json.Unmarshal(raw, &members) != nil {
		o.Fail(code, "%s%s must be an object", o.path, name)
		return nil
	}
	return &Object{members: members, path: o.path + name + ".", code: code, first: o.first}
}
