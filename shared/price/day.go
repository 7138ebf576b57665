package price

import (
	"math"
	"time"
)

// KeepDay is how long a day's counter is kept.
const KeepDay = 72 * time.Hour

// DayCounter names the counter of what a day has cost so far, in millionths of
// a dollar, all workers together. Days are UTC's.
func DayCounter(t time.Time) string { return "cost#" + t.UTC().Format(time.DateOnly) }

// Micro returns dollars in millionths, rounded up: many small sums must not be
// none.
func Micro(dollars float64) int64 { return int64(math.Ceil(dollars * 1e6)) }
