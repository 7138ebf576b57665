// Package settings reads a program's configuration from the environment by a
// table, which also tells people what can be set.
package settings

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// Table lists the variables from which a C is read.
type Table[C any] []Variable[C]

// Variable is one variable of the environment. One that is empty has its
// Default.
type Variable[C any] struct {
	Name, Default, Meaning string
	set                    Set[C]
}

// Set takes over a value, and reports false where it is not what the variable
// means.
type Set[C any] func(c *C, value string) bool

// Var returns a variable.
func Var[C any](name, fallback, meaning string, set Set[C]) Variable[C] {
	return Variable[C]{name, fallback, meaning, set}
}

// Error is a sentence about a bad value.
type Error struct{ Name, Value, Meaning string }

func (e *Error) Error() string {
	return fmt.Sprintf("%s is %q, but must be %s", e.Name, e.Value, e.Meaning)
}

// Read reads and checks the environment. The error holds an *Error for every
// bad value.
func (t Table[C]) Read(getenv func(string) string) (*C, error) {
	c := new(C)
	var errs []error
	for _, v := range t {
		value := getenv(v.Name)
		if value == "" {
			value = v.Default
		}
		if !v.set(c, value) {
			errs = append(errs, &Error{v.Name, value, v.Meaning})
		}
	}
	return c, errors.Join(errs...)
}

// Print writes the table for people.
func (t Table[C]) Print(w io.Writer) error {
	var table strings.Builder
	table.WriteString("VARIABLE\tDEFAULT\tMEANING\n")
	for _, v := range t {
		fmt.Fprintf(&table, "%s\t%s\t%s\n", v.Name, v.Default, v.Meaning)
	}
	table.WriteString("AWS_*\t\twhat the AWS SDK for Go reads: region, keys, AWS_ENDPOINT_URL_…\n")
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := io.WriteString(columns, table.String()); err != nil {
		return err
	}
	return columns.Flush()
}

// Optional is a variable that may be empty.
func Optional[C any](set Set[C]) Set[C] {
	return func(c *C, v string) bool { return v == "" || set(c, v) }
}

// Text is any text but none.
func Text[C any](field func(*C) *string) Set[C] {
	return func(c *C, v string) bool {
		*field(c) = v
		return v != ""
	}
}

// Choice is one of some texts.
func Choice[C any](field func(*C) *string, of ...string) Set[C] {
	return func(c *C, v string) bool {
		*field(c) = v
		return slices.Contains(of, v)
	}
}

// Number is a whole number in a range.
func Number[C any](least, most int, field func(*C) *int) Set[C] {
	return func(c *C, v string) bool {
		n, err := strconv.Atoi(v)
		*field(c) = n
		return err == nil && least <= n && n <= most
	}
}

// Duration is a time in a range, as time.ParseDuration reads it.
func Duration[C any](least, most time.Duration, field func(*C) *time.Duration) Set[C] {
	return func(c *C, v string) bool {
		d, err := time.ParseDuration(v)
		*field(c) = d
		return err == nil && least <= d && d <= most
	}
}

// Flag is 0 or 1.
func Flag[C any](field func(*C) *bool) Set[C] {
	return func(c *C, v string) bool {
		*field(c) = v == "1"
		return v == "0" || v == "1"
	}
}

// Level is a level of package slog.
func Level[C any](field func(*C) *slog.Level) Set[C] {
	return func(c *C, v string) bool { return field(c).UnmarshalText([]byte(v)) == nil }
}
