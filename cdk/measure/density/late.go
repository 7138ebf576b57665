package density

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// lateness counts packets by how late they were sent at most.
type lateness struct {
	sent   int64
	counts []lateCount // by increasing bound
}

type lateCount struct {
	below time.Duration
	n     int64
}

// sentBelow begins the names under which a worker counts packets, each less late than
// so many microseconds.
const sentBelow = "packets_sent_below_us_"

// latenessBetween is what was sent between two readings of a worker's metrics.
func latenessBetween(before, after map[string]int64) lateness {
	l := lateness{sent: after["packets_sent"] - before["packets_sent"]}
	for name, n := range after {
		if us, ok := strings.CutPrefix(name, sentBelow); ok {
			bound, _ := strconv.Atoi(us) // the worker's own words
			l.counts = append(l.counts, lateCount{time.Duration(bound) * time.Microsecond, n - before[name]})
		}
	}
	slices.SortFunc(l.counts, func(a, b lateCount) int { return cmp.Compare(a.below, b.below) })
	return l
}

// percentile returns the bound in ms below which p percent of the packets lie; the
// last bound for those beyond.
func (l lateness) percentile(p float64) float64 {
	var n int64
	for _, c := range l.counts {
		if n += c.n; float64(n) >= p/100*float64(l.sent) {
			return float64(c.below) / float64(time.Millisecond)
		}
	}
	if len(l.counts) == 0 {
		return 0
	}
	return float64(l.counts[len(l.counts)-1].below) / float64(time.Millisecond)
}

// share returns the share of packets, 0 to 1, that were late by d or more.
func (l lateness) share(d time.Duration) float64 {
	in := int64(0)
	for _, c := range l.counts {
		if c.below <= d {
			in += c.n
		}
	}
	return float64(l.sent-in) / float64(max(1, l.sent))
}
