package turnend

import (
	"math"
	"time"
)

// Pauses is how long somebody's pauses are. Their logarithms are about normally
// distributed (Campione and Véronis, A Large-Scale Multilingual Study of Silent
// Pause Duration, Speech Prosody 2002).
type Pauses struct {
	Median time.Duration
	Spread float64 // standard deviation of the natural logarithm
}

// trust is how many pauses of their own count as much as what is usual.
const trust = 6

// brief is what no pause is shorter than: shorter silences are articulation.
const brief = 200 * time.Millisecond

// with returns what is known of p's owner after pauses of their own: the more
// there are, the more they count.
func (p Pauses) with(own []time.Duration) Pauses {
	sum, n := trust*math.Log(p.Median.Seconds()), float64(trust)
	for _, pause := range own {
		if pause >= brief {
			sum += math.Log(pause.Seconds())
			n++
		}
	}
	return Pauses{Median: seconds(math.Exp(sum / n)), Spread: p.Spread}
}

// longerThan returns the length that only the given share of pauses exceeds.
func (p Pauses) longerThan(share float64) time.Duration {
	switch {
	case share >= 1:
		return 0
	case share <= 0:
		return time.Hour
	}
	deviations := math.Sqrt2 * math.Erfinv(1-2*share)
	return seconds(p.Median.Seconds() * math.Exp(p.Spread*deviations))
}

// until returns how long a silence must be for the chance that it is a pause to
// fall to risk, if the odds that it is one were as given when it began.
func (p Pauses) until(risk, odds float64) time.Duration {
	if risk >= 1 {
		return 0
	}
	return p.longerThan(risk / (1 - risk) / odds)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
