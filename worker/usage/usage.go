// Package usage describes one call to a paid service: its length and what is billed.
package usage

import (
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/price"
)

// Call is one call to a service, reported when it has ended, well or not.
// Quantities that a service does not count are zero.
type Call struct {
	Session   interview.SessionID
	Service   string // "transcribe", "bedrock", "polly"
	Turn      int    // for which it was made; of a stream, the last that had begun when it ended; 0 = none
	Operation string // the API operation, with what it was asked for where that changes the price
	Started   time.Time
	Duration  time.Duration // until the last byte, not until the first

	Audio        time.Duration // sent (transcribe)
	Characters   int           // billed (polly)
	Model        string        // that was asked (bedrock)
	price.Tokens               // of it
	Retried      bool          // a second attempt was needed
	Code         string        // of the error; empty when it went well
}

// Report takes a finished call. It must not block; Send does nothing on a
// nil Report.
type Report func(Call)

// Send hands c over, stamped with its duration.
func (r Report) Send(c Call) {
	if r == nil {
		return
	}
	c.Duration = time.Since(c.Started)
	r(c)
}
