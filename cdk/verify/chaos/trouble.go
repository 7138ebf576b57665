package chaos

import (
	"time"

	"casey.internal/shared/channel"
)

// trouble is the effect of a fault on a person.
type trouble struct {
	noticed time.Time // that the media or the worker was gone; zero = not
	again   time.Time // the voice was heard again, or can be; zero = not yet
	moved   bool      // another worker went on, and nothing was gone
	silence time.Time // the last packet before another worker went on in the middle of a reply; zero = none
	arrived time.Time // when that worker did
	rest    bool      // it has something left to say
	gap     time.Duration
}

// notice is called when something is gone.
func (p *person) notice() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.restored = true
	if p.trouble.noticed.IsZero() || !p.trouble.again.IsZero() {
		p.past = append(p.past, p.trouble)
		p.trouble = trouble{noticed: time.Now()}
	}
}

// back notes that the same peer is connected again: its worker, which never
// missed anybody, may have nothing to say.
func (p *person) back() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := &p.trouble; !t.noticed.IsZero() && t.again.IsZero() {
		t.again = time.Now()
	}
}

// moves notes that another worker goes on, perhaps in the middle of a reply.
// The caller holds mu.
func (p *person) moves() {
	p.past = append(p.past, p.trouble)
	p.trouble = trouble{moved: true, arrived: time.Now()}
	if time.Since(p.heard) < longestGap {
		p.trouble.silence = p.heard
	}
}

// longestGap is after what silence the interviewer was not in the middle of a
// reply: the candidate has spoken since.
const longestGap = 3 * shortest

// goesOn is the time within which the worker that goes on says that it is to
// speak, if the reply was not over.
const goesOn = 2 * time.Second

// doing notes what the interviewer does. One who has nothing left to say after
// a move listens. The caller holds mu.
func (p *person) doing(d channel.Doing) {
	if t := &p.trouble; d != channel.Listening && time.Since(t.arrived) < goesOn {
		t.rest = true
	}
}

// listen notes that the interviewer is heard.
func (p *person) listen(l *leg, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l == p.next {
		return
	}
	p.heard = at
	t := &p.trouble
	if l == p.current && p.old == nil && !t.silence.IsZero() {
		if t.rest {
			t.gap = at.Sub(t.silence)
		}
		t.silence = time.Time{}
	}
	if l == p.current && !t.noticed.IsZero() && t.again.IsZero() && p.next == nil {
		t.again = at
	}
}

// forget begins anew.
func (p *person) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trouble, p.past = trouble{}, nil
}

// troubles are all since forget.
func (p *person) troubles() []trouble {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append(p.past[:len(p.past):len(p.past)], p.trouble)
}

// begun reports whether the interviewer was heard.
func (p *person) begun() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.heard.IsZero() || p.ended != ""
}

// calm reports whether what a fault did to the person is over: what had to be
// restored is, and the interviewer was heard since the fault was over.
func (p *person) calm(over time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	restored := p.trouble.noticed.IsZero() || !p.trouble.again.IsZero()
	return p.ended != "" || restored && p.heard.After(over)
}

// fate returns the state of the interview, given when the fault was over.
func (p *person) fate(over time.Time) string {
	why := p.reason()
	switch {
	case why == "" && p.calm(over):
		return alive
	case why == "" || len(why) >= len(lost) && why[:len(lost)] == lost:
		return lost
	}
	return ended
}

// The fates of a session.
const (
	alive = "alive"
	ended = "ended"
)
