package vad

import "time"

// Stretches that a contour looks at.
const (
	tail   = 300 * time.Millisecond // the end of a stretch of speech
	memory = 200                    // units: the usual loudness is that of 4 s of speech
	enough = 25                     // units of speech before anything is usual
)

// contour follows how loud a person speaks, usually and just now.
type contour struct {
	usual  float64 // mean loudness of speech, in -dBov; the last four seconds count most
	units  int     // of speech, so far
	recent [tail / unit]spoken
}

// spoken is a unit of speech.
type spoken struct {
	level uint8
	end   time.Time
}

// add adds a unit.
func (c *contour) add(level uint8, end time.Time) {
	c.recent[c.units%len(c.recent)] = spoken{level, end}
	c.units++
	c.usual += (float64(level) - c.usual) / float64(min(c.units, memory))
}

// fall is by how many dB the last speech, which ended at the given time, was
// quieter than usual; 0 = too little was heard to tell.
func (c *contour) fall(end time.Time) float64 {
	sum, n := 0, 0
	for _, s := range c.recent {
		if !s.end.IsZero() && end.Sub(s.end) < tail {
			sum += int(s.level)
			n++
		}
	}
	if n == 0 || c.units < enough {
		return 0
	}
	return float64(sum)/float64(n) - c.usual
}
