// Package retry is what a page does to be answered, and to restore what is
// lost, as the page's own client library has it: shared/browser/src/retry.json,
// which TypeScript reads too. Programs that play a page follow it.
package retry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"time"

	"casey.internal/shared/browser"
	"casey.internal/shared/interview"
)

// Aim is why a page makes an offer.
type Aim string

// The aims of an offer.
const (
	Begin   Aim = "begin"   // a new interview
	Resume  Aim = "resume"  // one that ran, by another peer connection: a reloaded page
	Restart Aim = "restart" // one that ran, by the same peer connection at first
	Move    Aim = "move"    // to another worker, while the old one goes on
)

// MS is a time in milliseconds, as JSON has it.
type MS int

// Duration is the same time.
func (m MS) Duration() time.Duration { return time.Duration(m) * time.Millisecond }

// Step is one try to be answered.
type Step struct {
	Want interview.Want `json:"want"`
	Peer string         `json:"peer"` // "new": another peer connection; "same": the one that there is
	Wait MS             `json:"wait"` // for the answer, until the next try
}

// Reopen is when a socket that closed is opened again: after First, then twice
// as long each time, Longest at most.
type Reopen struct {
	First   MS `json:"first"`
	Longest MS `json:"longest"`
}

// Plan is all that a page's client waits and tries.
type Plan struct {
	Offers       map[Aim][]Step `json:"offers"`
	Media        MS             `json:"media"`        // an answered peer may take so long to be connected
	Disconnected MS             `json:"disconnected"` // so long a connection may be disconnected until it is restored
	Failed       MS             `json:"failed"`       // so long it may have failed: a bye may be under way
	Silent       MS             `json:"silent"`       // so long it may live without its data channel: a bye may be under way
	Leaving      MS             `json:"leaving"`      // so long after a move the old peer is heard at most
	Reopen       Reopen         `json:"reopen"`
}

// Load returns the page's plan. An error is a mistake in retry.json.
func Load() (Plan, error) {
	file, err := fs.ReadFile(browser.Sources, "src/retry.json")
	if err != nil {
		return Plan{}, fmt.Errorf("read the page's plan: %w", err)
	}
	return decode(file)
}

// decode reads a plan and refuses members that it does not know.
func decode(file []byte) (Plan, error) {
	decoder := json.NewDecoder(bytes.NewReader(file))
	decoder.DisallowUnknownFields()
	var plan Plan
	if err := decoder.Decode(&plan); err != nil {
		return Plan{}, fmt.Errorf("decode the page's plan: %w", err)
	}
	for _, aim := range []Aim{Begin, Resume, Restart, Move} {
		if len(plan.Offers[aim]) == 0 {
			return Plan{}, fmt.Errorf("decode the page's plan: no offer to %s", aim)
		}
	}
	return plan, nil
}
