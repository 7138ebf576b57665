// Package post sends messages to browsers, through API Gateway's
// PostToConnection.
//
// The package memory is the same in memory, posttest the contract that both
// keep.
package post

import "errors"

// What Post may return, wrapped.
var (
	ErrGone     = errors.New("the connection is gone")     // 410
	ErrTooLarge = errors.New("the message is too large")   // 413, over wire.MaxMessage
	ErrBusy     = errors.New("the connection is too slow") // 429 for as long as Post tried
)
