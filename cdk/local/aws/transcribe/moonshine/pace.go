package moonshine

import "time"

const (
	// step is the least time between two partial results, and between two looks at speech.
	step = 300 * time.Millisecond
	// rest is how many times as long as a look took the next one waits: looking takes half the time
	// at most.
	rest = 2
	// tolerable is how far an ear may be behind and still show partial results.
	tolerable = 500 * time.Millisecond
	// alarming is how far an ear is behind when it says so.
	alarming = 1500 * time.Millisecond
	// waiting is how long nothing has to come for an ear to be sure that nothing had queued up.
	waiting = 5 * time.Millisecond
)

// pace decides when to look, so that an ear keeps up with the audio.
type pace struct {
	next   time.Duration // on the audio's clock: no look at speech before
	debt   time.Duration // by how much hearing took longer than speaking
	left   time.Time     // when the ear was last done
	warned bool
}

// came notes that audio came, and when: who had to wait for it is not behind.
func (p *pace) came(now time.Time) {
	if now.Sub(p.left) > waiting {
		p.debt, p.warned = 0, false
	}
}

// done notes that so much audio was heard since it came. It returns by how much the ear is behind
// where that has to be told.
func (p *pace) done(came, now time.Time, audio time.Duration) time.Duration {
	p.left = now
	p.debt = max(0, p.debt+now.Sub(came)-audio)
	if p.warned || p.debt < alarming {
		return 0
	}
	p.warned = true
	return p.debt
}

// looked notes how long a look at speech took that was at a time of the audio.
func (p *pace) looked(at, took time.Duration) {
	p.next = at + max(step, rest*took)
	if p.behind() {
		p.next = at + max(alarming, rest*took)
	}
}

// behind tells whether partial results have to wait.
func (p *pace) behind() bool { return p.debt > tolerable }
