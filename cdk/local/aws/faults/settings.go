// Package faults makes the local stand-ins for AWS as faulty as AWS itself is:
// messages twice, late and out of order, reads that are a little old, functions
// that start cold, services that are away. All of it is seeded and can be
// changed while it runs.
package faults

import (
	"errors"
	"fmt"
	"time"
)

// Settings say which faults happen how often. Shares are 0 to 1, times are in
// milliseconds; the zero value has none.
type Settings struct {
	// Seed begins the random sequence anew when it changes.
	Seed uint64 `json:"seed"`

	// Duplicate is the share of queue messages that are delivered twice.
	Duplicate float64 `json:"duplicate"`
	// DelayMinMS and DelayMaxMS are how long each copy of a queue message is
	// under way.
	DelayMinMS int `json:"delayMinMs"`
	DelayMaxMS int `json:"delayMaxMs"`
	// ShuffleMS is the most by which every second one takes longer, so that
	// those behind overtake it.
	ShuffleMS int `json:"shuffleMs"`
	// StaleMS is the most by which a read of the table may be old that did not
	// ask for consistency. While it is not 0, half of those reads go to a
	// replica that lags.
	StaleMS int `json:"staleMs"`

	// Cold is the share of invocations that find their function's environment gone.
	Cold float64 `json:"cold"`
	// LoseDisconnect is the share of $disconnect events that are not delivered.
	LoseDisconnect float64 `json:"loseDisconnect"`
	// DropMessage and SpoilMessage are the shares of browser messages that are
	// answered "Internal server error" without their function having run, and
	// although it has.
	DropMessage  float64 `json:"dropMessage"`
	SpoilMessage float64 `json:"spoilMessage"`
	// Throttle is the share of connections, messages and posts that are over
	// API Gateway's rate limit.
	Throttle float64 `json:"throttle"`

	// QueuesAway and TableAway cut every connection to SQS and DynamoDB.
	QueuesAway bool `json:"queuesAway"`
	TableAway  bool `json:"tableAway"`
	// QueuesSlowMS and TableSlowMS pass before SQS and DynamoDB look at a request.
	QueuesSlowMS int `json:"queuesSlowMs"`
	TableSlowMS  int `json:"tableSlowMs"`
}

// AsAWS returns the faults that casey must live with every day.
func AsAWS(seed uint64) Settings {
	return Settings{
		Seed: seed, Duplicate: 0.10, DelayMinMS: 10, DelayMaxMS: 60, ShuffleMS: 100, StaleMS: 50,
		Cold: 0.02, LoseDisconnect: 0.10, DropMessage: 0.01, SpoilMessage: 0.01,
	}
}

// check refuses what makes no sense.
func (s Settings) check() error {
	for _, share := range []float64{s.Duplicate, s.Cold, s.LoseDisconnect, s.DropMessage, s.SpoilMessage, s.Throttle} {
		if share < 0 || share > 1 {
			return fmt.Errorf("%v is no share: 0 to 1", share)
		}
	}
	for _, ms := range []int{s.DelayMinMS, s.DelayMaxMS - s.DelayMinMS, s.ShuffleMS, s.StaleMS, s.QueuesSlowMS, s.TableSlowMS} {
		if ms < 0 || ms > 600_000 {
			return errors.New("times are 0 to 600000 ms, and delayMaxMs is at least delayMinMs")
		}
	}
	return nil
}

// delays tells whether queue messages are changed on their way at all.
func (s Settings) delays() bool { return s.Duplicate > 0 || s.DelayMaxMS > 0 || s.ShuffleMS > 0 }

func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }
