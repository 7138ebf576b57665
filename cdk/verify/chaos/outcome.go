package chaos

import (
	"context"
	"fmt"
	"slices"
	"time"

	"casey.internal/shared/interview"
)

// writtenWithin is the time within which what was heard is to be stored, once
// the fault is over.
const writtenWithin = 10 * time.Second

// outcome is the result of one fault.
type outcome struct {
	fault                                           string
	stopped                                         bool // the run was while it was under way: nothing else is known
	sessions, lost, ended, turns, turnsLost, ghosts int
	leftover                                        int             // workers that should have gone
	since, again                                    []time.Duration // from the fault, and from what the client noticed, to the voice
	moved                                           int
	gaps                                            []time.Duration // in replies that another worker ended
	why                                             []string
}

// look waits until everybody is heard again and compares what they heard with
// what is stored.
func (c *crowd) look(ctx context.Context, limit time.Duration) outcome {
	over := time.Now()
	settled, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	_ = await(settled, func() bool { // who is not heard by then is lost
		return !slices.ContainsFunc(c.persons, func(p *person) bool { return !p.calm(over) })
	})
	var o outcome
	for _, p := range c.persons {
		o.sessions++
		switch p.fate(over) {
		case lost:
			o.lost++
			o.why = append(o.why, fmt.Sprintf("%s lost: %q", p.id(), p.reason()))
		case ended:
			o.ended++
			o.why = append(o.why, fmt.Sprintf("%s ended: %q, legacy client: %t", p.id(), p.reason(), p.legacy))
		}
		for _, t := range p.troubles() {
			o.count(c, t)
		}
	}
	o.compare(ctx, c)
	return o
}

// count adds one trouble.
func (o *outcome) count(c *crowd, t trouble) {
	if t.moved {
		o.moved++
	}
	if t.gap > 0 {
		o.gaps = append(o.gaps, t.gap)
	}
	if !t.again.IsZero() {
		o.again = append(o.again, t.again.Sub(t.noticed))
		o.since = append(o.since, t.again.Sub(c.struck(t.noticed)))
	}
}

// compare adds what was heard and what of it is not stored.
func (o *outcome) compare(ctx context.Context, c *crowd) {
	for _, p := range c.persons {
		missing := c.missing(ctx, p)
		p.mu.Lock()
		o.turns += len(p.final)
		p.mu.Unlock()
		o.turnsLost += len(missing)
		o.why = append(o.why, missing...)
	}
}

// missing returns the turns that a person has heard to their end and that are
// not, word for word, part of the stored interview, waiting a little for those
// that are being written; and the replies that a move broke.
func (c *crowd) missing(ctx context.Context, p *person) (missing []string) {
	within, cancel := context.WithTimeout(ctx, writtenWithin)
	defer cancel()
	_ = await(within, func() bool { // what is missing by then is lost
		counted, err := c.counted(ctx, p.id())
		switch {
		case err == nil:
			missing = p.unheard(counted)
		case missing == nil:
			missing = []string{fmt.Sprintf("%s cannot be read: %v", p.id(), err)}
		}
		return len(missing) == 0
	})
	return missing
}

// unheard returns what a person heard otherwise than it is stored, but for what was taken
// back and said again since they were away.
func (p *person) unheard(counted []interview.Turn) (missing []string) {
	stored := map[int]interview.Turn{}
	for _, t := range counted {
		stored[t.Number] = t
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for number, text := range p.final {
		switch turn := stored[number]; {
		case turn.Text == text:
		case p.restored && takenBack(text, turn, counted):
		default:
			missing = append(missing, fmt.Sprintf("%s turn %d: heard %q, stored %q", p.ticket.Session, number, text, turn.Text))
		}
	}
	if p.restored {
		return missing // it noticed
	}
	for _, reply := range broken(counted) {
		missing = append(missing, fmt.Sprintf("%s moved in the middle of a reply: %s", p.ticket.Session, reply))
	}
	return missing
}

// counted is the stored interview.
func (c *crowd) counted(ctx context.Context, id interview.SessionID) ([]interview.Turn, error) {
	if id == "" {
		return nil, nil
	}
	s, err := c.store.Session(ctx, id)
	if err != nil {
		return nil, err
	}
	turns, err := c.store.Turns(ctx, id)
	if err != nil {
		return nil, err
	}
	return interview.Count(s, turns), nil
}
