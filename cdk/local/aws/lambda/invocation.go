package lambda

import (
	"crypto/rand"
	"fmt"
	"time"
)

// invocation is one call on its way through an environment.
type invocation struct {
	id       string
	payload  []byte
	deadline time.Time
	result   chan result // holds one, so that who finishes never waits for a caller who gave up
}

type result struct {
	body []byte
	err  error
}

func newInvocation(payload []byte, deadline time.Time) *invocation {
	return &invocation{id: requestID(), payload: payload, deadline: deadline, result: make(chan result, 1)}
}

// finish answers the caller. Only the first answer counts: an environment gives
// up an invocation before it finishes it.
func (i *invocation) finish(r result) { i.result <- r }

// requestID returns a random UUID, the shape of Lambda's request ids.
func requestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
