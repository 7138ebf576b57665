package chaos

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/store"
)

// crowd is everybody who talks, and what they talk to.
type crowd struct {
	stack   *local.Stack
	store   *store.Store
	persons []*person
	running sync.WaitGroup
	stop    context.CancelFunc
}

// gather has n persons join, every tenth of them the original client, and
// returns when all of them are heard.
func gather(ctx context.Context, stack *local.Stack, n int, seed uint64) (*crowd, error) {
	run, stop := context.WithCancel(ctx)
	c := &crowd{stack: stack, store: store.New(stack.AWS(), "casey"), stop: stop}
	for i := range n {
		p := newPerson(stack.WS, seed+uint64(i), i%10 == 9)
		c.persons = append(c.persons, p)
		c.running.Go(func() {
			if err := p.run(run); err != nil {
				p.end(lost + ": " + err.Error())
			}
		})
	}
	joined, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	err := await(joined, func() bool {
		return !slices.ContainsFunc(c.persons, func(p *person) bool { return !p.begun() })
	})
	if err != nil {
		return c, fmt.Errorf("not everybody is heard: %w", err)
	}
	return c, nil
}

// disperse ends what is left of the crowd's clients.
func (c *crowd) disperse() {
	c.stop()
	c.running.Wait()
}

// begun reports whether anything was heard; the original client gets files on
// the channel.
func (p *person) begun() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.original || !p.heard.IsZero() || p.ended != ""
}

// calm reports whether what a fault did to the person is over: what had to be
// restored is, and the interviewer was heard since the fault was over.
func (p *person) calm(over time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	restored := p.trouble.noticed.IsZero() || !p.trouble.again.IsZero()
	return p.ended != "" || p.original || restored && p.heard.After(over)
}

func (p *person) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trouble = trouble{}
}

// await polls until the answer is yes or ctx ends.
func await(ctx context.Context, ask func() bool) error {
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for !ask() {
		select {
		case <-every.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// outcome is how a fault was survived.
type outcome struct {
	sessions, lost, ended, turns, turnsLost int
	again                                   []time.Duration // from what the client noticed to the voice
	gaps                                    []time.Duration // in replies that another worker ended
	why                                     []string
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
		p.mu.Lock()
		ended, t, turns := p.ended, p.trouble, len(p.final)
		p.mu.Unlock()
		o.sessions++
		o.turns += turns
		switch {
		case ended == "" && !p.calm(over), len(ended) >= len(lost) && ended[:len(lost)] == lost:
			o.lost++
			o.why = append(o.why, fmt.Sprintf("%s lost: %q", p.ticketID(), ended))
		case ended != "":
			o.ended++
		}
		switch {
		case t.gap > 0:
			o.gaps = append(o.gaps, t.gap)
		case !t.again.IsZero() && !t.moved:
			o.again = append(o.again, t.again.Sub(t.noticed))
		}
		missing := c.missing(ctx, p)
		o.turnsLost += len(missing)
		o.why = append(o.why, missing...)
	}
	return o
}

func (p *person) ticketID() interview.SessionID {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ticket.Session
}

// missing returns the turns that a person has heard to their end and that are
// not, word for word, part of the stored interview, waiting a little for those
// that are being written.
func (c *crowd) missing(ctx context.Context, p *person) (missing []string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_ = await(ctx, func() bool { // what is missing by then is lost
		counted, err := c.counted(ctx, p.ticketID())
		if err != nil {
			return false
		}
		missing = nil
		p.mu.Lock()
		defer p.mu.Unlock()
		for number, text := range p.final {
			if counted[number] != text {
				missing = append(missing, fmt.Sprintf("%s turn %d: heard %q, stored %q", p.ticket.Session, number, text, counted[number]))
			}
		}
		return len(missing) == 0
	})
	return missing
}

// counted is the stored interview, by the numbers of its turns.
func (c *crowd) counted(ctx context.Context, id interview.SessionID) (map[int]string, error) {
	texts := map[int]string{}
	if id == "" {
		return texts, nil
	}
	s, err := c.store.Session(ctx, id)
	if err != nil {
		return nil, err
	}
	turns, err := c.store.Turns(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, t := range interview.Count(s, turns) {
		texts[t.Number] = t.Text
	}
	return texts, nil
}

// farewell has everybody end their interview, and returns how many sessions
// are still not over when limit has passed.
func (c *crowd) farewell(ctx context.Context, limit time.Duration) (ghosts int, err error) {
	for _, p := range c.persons {
		p.mu.Lock()
		if current := p.current; current != nil && !p.original {
			_ = current.SendChannel(channel.Encode(0, channel.End{})) // who is away has left
		}
		p.mu.Unlock()
	}
	waiting, cancel := context.WithTimeout(ctx, limit/2)
	defer cancel()
	_ = await(waiting, func() bool { // the others leave without a word
		return !slices.ContainsFunc(c.persons, func(p *person) bool { return !p.original && p.reason() == "" })
	})
	c.disperse()
	over, stop := context.WithTimeout(ctx, limit)
	defer stop()
	err = await(over, func() bool {
		open, e := c.store.Unended(over)
		ghosts = len(slices.DeleteFunc(open, func(s interview.Session) bool { return s.State == interview.Paused }))
		return e == nil && ghosts == 0
	})
	if ghosts > 0 {
		err = nil
	}
	return ghosts, err
}
