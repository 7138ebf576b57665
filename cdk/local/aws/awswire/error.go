// Package awswire writes the two answers that AWS services give: REST errors and event streams.
package awswire

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net/http"
)

// Error is an error as an AWS service shows it: over HTTP before a response has
// begun, as an exception inside an event stream after.
type Error struct {
	// Status is the HTTP status; it has no meaning inside a stream.
	Status int
	// Name is the exception's name, such as ThrottlingException.
	Name string
	// Message is for people.
	Message string
}

// Error returns name and message.
func (e *Error) Error() string { return e.Name + ": " + e.Message }

// BadRequest returns the 400 error called name.
func BadRequest(name, message string) *Error {
	return &Error{Status: http.StatusBadRequest, Name: name, Message: message}
}

// WriteError answers a request with e as the REST-JSON protocol does: the name
// in X-Amzn-ErrorType, the message in the body.
func WriteError(w http.ResponseWriter, e *Error) {
	w.Header().Set("X-Amzn-ErrorType", e.Name)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.Status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": e.Message}) // a client that has gone needs no answer
}

// NewID returns a random identifier in the form of a UUID, as AWS gives to
// requests, sessions and results.
func NewID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // crypto/rand.Read never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
