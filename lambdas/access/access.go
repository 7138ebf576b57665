// Package access decides who may open a WebSocket, and so cost money. There
// are three ways:
//
//   - open: pages of the origins named, so many connections an hour from one
//     address. An Origin stops other people's pages, not a program, which can
//     claim any: what bounds the damage is the day's ceiling.
//   - key: whoever has one of the keys, as ?key=…; only their SHA-256 sums are
//     known here. A key that leaves the list is revoked.
//   - secret: whoever has a ticket, as ?ticket=…, that a server of ours signed
//     for one user and a few minutes (package ticket).
//
// In all of them a day that has cost its ceiling admits nobody more. What is
// decided is logged, the key or the ticket never.
package access

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"casey.internal/shared/price"
	"casey.internal/shared/ticket"
)

// The ways in.
const (
	Open   = "open"
	Key    = "key"
	Secret = "secret"
)

// Reason is why somebody is refused.
type Reason string

// The reasons.
const (
	NoOrigin   Reason = "no origin"       // a browser sends one
	BadOrigin  Reason = "unknown origin"  // another page's
	BadKey     Reason = "wrong key"       // or none
	BadTicket  Reason = "wrong ticket"    // or none, or an old one
	TooMany    Reason = "too many"        // from this address
	TooCostly  Reason = "ceiling reached" // of the day
	Unexpected Reason = "unexpected"      // the way in is none of the three
)

// RefusedError says that somebody may not.
type RefusedError struct{ Reason Reason }

func (e *RefusedError) Error() string { return "refused: " + string(e.Reason) }

// Counters bound what happens; package store has them.
type Counters interface {
	Add(ctx context.Context, counter string, n int64, expires time.Time) (int64, error)
}

// Rules are the conditions of admission.
type Rules struct {
	Access       string   // Open, Key or Secret
	Origins      []string // for Open
	Keys         [][sha256.Size]byte
	Secret       []byte // for Secret
	PerAddress   int    // connections an hour; 0 = any number
	DailyDollars int    // 0 = no ceiling
	Counters     Counters
}

// Arrival is a client that asks to come in.
type Arrival struct {
	Origin, Key, Ticket string
	Source              string // IP address
}

// User returns who it is that may come in: "" for anybody, a name otherwise.
// The error is a *RefusedError, or one of the counters.
func (r *Rules) User(ctx context.Context, a Arrival) (string, error) {
	user, err := r.identify(a)
	if err != nil {
		return "", err
	}
	if err := r.checkLimits(ctx, a.Source); err != nil {
		return "", err
	}
	return user, nil
}

func (r *Rules) identify(a Arrival) (string, error) {
	switch r.Access {
	case Open:
		return "", r.checkOrigin(a.Origin)
	case Key:
		return r.checkKey(a.Key)
	case Secret:
		user, err := ticket.Check(r.Secret, a.Ticket, time.Now())
		if err != nil {
			return "", errors.Join(&RefusedError{BadTicket}, err)
		}
		return user, nil
	}
	return "", &RefusedError{Unexpected}
}

func (r *Rules) checkOrigin(origin string) error {
	switch {
	case origin == "":
		return &RefusedError{NoOrigin}
	case !slices.Contains(r.Origins, origin):
		return &RefusedError{BadOrigin}
	}
	return nil
}

// checkKey compares sums, all of them, so that the time says nothing. The user is
// named by the sum's beginning: two keys are two users.
func (r *Rules) checkKey(key string) (string, error) {
	sum, user := sha256.Sum256([]byte(key)), ""
	for _, known := range r.Keys {
		if subtle.ConstantTimeCompare(sum[:], known[:]) == 1 {
			user = "key-" + hex.EncodeToString(known[:4])
		}
	}
	if user == "" {
		return "", &RefusedError{BadKey}
	}
	return user, nil
}

// checkLimits counts the connection and looks at what the day has cost.
func (r *Rules) checkLimits(ctx context.Context, source string) error {
	now := time.Now().UTC()
	if r.PerAddress > 0 {
		hour := now.Truncate(time.Hour)
		n, err := r.Counters.Add(ctx, "address#"+source+"#"+hour.Format(time.RFC3339), 1, hour.Add(2*time.Hour))
		if err != nil {
			return fmt.Errorf("count connections: %w", err)
		}
		if n > int64(r.PerAddress) {
			return &RefusedError{TooMany}
		}
	}
	if r.DailyDollars > 0 {
		cost, err := r.Counters.Add(ctx, price.DayCounter(now), 0, now.Add(price.KeepDay))
		if err != nil {
			return fmt.Errorf("read the day's cost: %w", err)
		}
		if cost >= price.Micro(float64(r.DailyDollars)) {
			return &RefusedError{TooCostly}
		}
	}
	return nil
}
