// Package ticket makes and checks the tickets with which a user may open a
// WebSocket for a few minutes. Whoever runs the page makes one for each of its
// users, on its server, with a secret that only it and casey know, and gives it
// to the page, which opens wss://…/ws?ticket=TICKET.
//
// A ticket is USER.EXPIRES.SIGNATURE: the user's name in base64url, the time in
// seconds since 1970, and the HMAC-SHA256 of what stands before the last dot,
// in base64url; all without padding. Nothing in it needs escaping in a URL.
// ticket.ts makes the same.
package ticket

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"
)

// What is wrong with a ticket.
var (
	ErrMalformed = errors.New("ticket: not a ticket")
	ErrSignature = errors.New("ticket: signed with another secret")
	ErrExpired   = errors.New("ticket: expired")
	ErrTooLong   = errors.New("ticket: good for longer than a ticket may be")
)

const (
	// Longest is how long a ticket may be good for: a stolen one is worth little.
	Longest = 15 * time.Minute
	maxUser = 128 // bytes of a name
)

var encoding = base64.RawURLEncoding

// New returns a ticket for a user, good until expires.
func New(secret []byte, user string, expires time.Time) string {
	signed := encoding.EncodeToString([]byte(user)) + "." + strconv.FormatInt(expires.Unix(), 10)
	return signed + "." + sign(secret, signed)
}

func sign(secret []byte, signed string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(signed)) // never fails
	return encoding.EncodeToString(mac.Sum(nil))
}

// Check returns the user of a ticket. An empty secret signs nothing.
func Check(secret []byte, ticket string, now time.Time) (user string, err error) {
	at := strings.LastIndexByte(ticket, '.')
	if at < 0 || len(secret) == 0 {
		return "", ErrMalformed
	}
	signed := ticket[:at]
	if !hmac.Equal([]byte(sign(secret, signed)), []byte(ticket[at+1:])) {
		return "", ErrSignature
	}
	name, until, _ := strings.Cut(signed, ".")
	decoded, err := encoding.DecodeString(name)
	seconds, err2 := strconv.ParseInt(until, 10, 64)
	if err != nil || err2 != nil || len(decoded) == 0 || len(decoded) > maxUser {
		return "", ErrMalformed
	}
	left := time.Unix(seconds, 0).Sub(now)
	switch {
	case left <= 0:
		return "", ErrExpired
	case left > Longest:
		return "", ErrTooLong
	}
	return string(decoded), nil
}
