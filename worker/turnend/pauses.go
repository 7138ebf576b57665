package turnend

import (
	"math"
	"time"
)

// Pauses are the lengths of somebody's pauses: of two kinds, brief ones, as between
// phrases, and long ones, in search of what to say. The logarithms of either are
// about normally distributed (Campione and Véronis, A Large-Scale Multilingual
// Study of Silent Pause Duration, Speech Prosody 2002, whose medians and spread
// these are by default).
type Pauses struct {
	Brief, Long time.Duration // medians
	Spread      float64       // standard deviation of the natural logarithm
	Share       float64       // of the long ones, 0 to 1
}

// trust is the number of a speaker's own pauses that count as much as what is usual.
const trust = 6

// brief is the shortest pause: shorter silences are articulation.
const brief = 200 * time.Millisecond

// adapted returns p as it is after a speaker's own pauses: the more
// there are, the more they count. Somebody whose pauses of either kind are longer
// than usual is slow in both.
func (p Pauses) adapted(own []time.Duration) Pauses {
	slowness, long, n := 0.0, trust*p.Share, float64(trust)
	border := math.Sqrt(p.Brief.Seconds() * p.Long.Seconds())
	for _, pause := range own {
		if pause < brief {
			continue
		}
		n++
		if pause.Seconds() < border {
			slowness += math.Log(pause.Seconds() / p.Brief.Seconds())
			continue
		}
		long++
		slowness += math.Log(pause.Seconds() / p.Long.Seconds())
	}
	tempo := math.Exp(slowness / n)
	p.Brief, p.Long, p.Share = seconds(p.Brief.Seconds()*tempo), seconds(p.Long.Seconds()*tempo), long/n
	return p
}

// longer is the share of pauses that are longer than t.
func (p Pauses) longer(t time.Duration) float64 {
	tail := func(median time.Duration) float64 {
		return math.Erfc(math.Log(float64(t)/float64(median))/p.Spread/math.Sqrt2) / 2
	}
	return (1-p.Share)*tail(p.Brief) + p.Share*tail(p.Long)
}

// after is the next wait to try: waits are found to 20 ms, long ones to 4 %.
func after(t time.Duration) time.Duration { return t + max(20*time.Millisecond, t/25) }

// best is the wait, from least to most, that costs least: the time itself, if
// they have finished, and the interruption, if they go on, which is as bad as
// waiting for so long. odds are those of going on when the silence began.
func (p Pauses) best(odds float64, interruption, least, most time.Duration) time.Duration {
	cost := func(t time.Duration) float64 { return t.Seconds() + interruption.Seconds()*odds*p.longer(t) }
	wait, lowest := most, cost(most)
	for t := least; t < most; t = after(t) {
		if c := cost(t); c < lowest {
			wait, lowest = t, c
		}
	}
	return wait
}

// until returns how long a silence must be for the end to be as likely as that
// they go on, but at most the given time.
func (p Pauses) until(odds float64, least, most time.Duration) time.Duration {
	for t := least; t < most; t = after(t) {
		if odds*p.longer(t) <= 1 {
			return t
		}
	}
	return most
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
