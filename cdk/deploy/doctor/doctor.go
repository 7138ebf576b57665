// Package doctor looks, before anything is changed, for what would make a
// deploy or the first interview fail in this account and region.
//
// A check is a struct of what AWS answered; Judge says what that means, and asks
// nobody. Look asks AWS.
package doctor

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aws/smithy-go"
)

// State is how a check came out.
type State int

// The states, in the order in which they matter.
const (
	Good    State = iota
	Unknown       // it could not be looked at
	Doubt         // it works, but not for all that is wanted
	Wrong         // something would fail
)

// marks are what the states look like in a list.
var marks = map[State]string{Good: "done", Unknown: "  ? ", Doubt: "note", Wrong: " NO "}

// Finding is what a check found.
type Finding struct {
	What  string // that was looked at
	State State
	Why   string // it is not good; a sentence
	Do    string // what mends it: one command, page or option
}

// Check is one thing that is looked at.
type Check interface{ Judge() Finding }

// Answer is what AWS said: a value, or why there is none.
type Answer[T any] struct {
	Out T
	Err error
}

// answer makes an Answer of what a call returned.
func answer[T any](out T, err error) Answer[T] { return Answer[T]{out, err} }

// code is what AWS calls a refusal; empty where nobody answered.
func code(err error) string {
	if refusal, ok := errors.AsType[smithy.APIError](err); ok {
		return refusal.ErrorCode()
	}
	return ""
}

// unknown is the finding where AWS did not say.
func unknown(what string, err error) Finding {
	why := "AWS does not answer: " + firstLine(err)
	if c := code(err); c != "" {
		why = "these credentials may not look at it (" + c + ")"
	}
	return Finding{what, Unknown, why, ""}
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// Judge returns what the checks found.
func Judge(checks []Check) []Finding {
	findings := make([]Finding, 0, len(checks))
	for _, c := range checks {
		findings = append(findings, c.Judge())
	}
	return findings
}

// Print writes a line for each finding, and for what is not good why, and what
// mends it.
func Print(w io.Writer, findings []Finding) error {
	var out strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&out, "[%s] %s", marks[f.State], f.What)
		if f.Why != "" {
			fmt.Fprintf(&out, ": %s", f.Why)
		}
		out.WriteByte('\n')
		if f.Do != "" {
			fmt.Fprintf(&out, "       -> %s\n", f.Do)
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// In returns the findings of a state.
func In(state State, findings []Finding) []Finding {
	var found []Finding
	for _, f := range findings {
		if f.State == state {
			found = append(found, f)
		}
	}
	return found
}
