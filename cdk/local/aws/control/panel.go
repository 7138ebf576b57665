package control

import (
	"math/rand/v2"
	"sync"
	"time"

	"casey.internal/cdk/local/aws/awswire"
)

// ring is the number of finished calls that are remembered.
const ring = 2048

// Counters count the calls to one service and what became of them since the
// start or the last reset.
type Counters struct {
	// Calls begun, Live ones that have not ended, and Errors: calls that ended
	// in one, told or not.
	Calls  int64 `json:"calls"`
	Live   int64 `json:"live"`
	Errors int64 `json:"errors"`
	// ForeignChunks are pieces of audio that carried the marker of another
	// stream than the one they arrived in.
	ForeignChunks int64 `json:"foreign_chunks"`
	// Denied counts final results that contradicted a word shown as stable.
	Denied int64 `json:"denied"`
	// Behind counts how often a stream was not heard as fast as it was spoken.
	Behind int64 `json:"behind"`
}

// Panel holds the faults, counters and the log of calls of all services. All
// methods may be used at the same time.
type Panel struct {
	mu    sync.Mutex
	desks map[Service]*desk
	log   []Record
	next  int64
}

type desk struct {
	usual    Fault
	fault    Fault
	scoped   []*Fault // those with Only, the newest first
	counters Counters
	cuts     int // how often the live streams were to be cut
	random   *rand.Rand
	tokens   float64
	filled   time.Time
}

// NewPanel returns a panel of services that behave. seed decides which calls a
// fail rate hits.
func NewPanel(seed uint64) *Panel {
	p := &Panel{desks: map[Service]*desk{}}
	for _, s := range Services {
		p.desks[s] = &desk{random: newRandom(seed, s)}
	}
	return p
}

func newRandom(seed uint64, s Service) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(len(s))))
}

// Set replaces the fault of one service, or adds one that is for some of its
// calls. Quotas that f leaves at 0 stay the usual ones; below 0 there is none.
func (p *Panel) Set(s Service, f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := p.desks[s]
	if f.Cut {
		d.cuts++
		f.Cut = false
	}
	if len(f.Only) > 0 {
		d.scoped = append([]*Fault{&f}, d.scoped...)
		return
	}
	if f.MaxConcurrent == 0 {
		f.MaxConcurrent = d.usual.MaxConcurrent
	}
	if f.TPS == 0 {
		f.TPS, f.Burst = d.usual.TPS, d.usual.Burst
	}
	d.fault, d.tokens, d.filled = f, float64(max(f.Burst, 1)), time.Now()
	if f.Seed != 0 {
		d.random = newRandom(f.Seed, s)
	}
}

// SetUsual sets the fault of one service to which Clear goes back, such as the
// account's quotas.
func (p *Panel) SetUsual(s Service, f Fault) {
	p.Set(s, f)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.desks[s].usual = f
}

// Clear gives every service its usual fault.
func (p *Panel) Clear() {
	for _, s := range Services {
		p.mu.Lock()
		usual := p.desks[s].usual
		p.desks[s].scoped = nil
		p.mu.Unlock()
		p.Set(s, usual)
	}
}

// Fault returns the fault of one service as it stands.
func (p *Panel) Fault(s Service) Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.desks[s].fault
}

// Counters returns the counts of one service.
func (p *Panel) Counters(s Service) Counters {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.desks[s].counters
}

// Reset forgets counts and log, and keeps the faults.
func (p *Panel) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log = nil
	for _, d := range p.desks {
		d.counters = Counters{Live: d.counters.Live}
	}
}

// Count adds what was found in streams to a service's counters: ForeignChunks, Denied and Behind.
func (p *Panel) Count(s Service, found Counters) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := &p.desks[s].counters
	c.ForeignChunks += found.ForeignChunks
	c.Denied += found.Denied
	c.Behind += found.Behind
}

// Begin counts a call, of which the request is given where it is text, and
// decides its fate. Its owner ends it with End.
func (p *Panel) Begin(s Service, request string) *Call {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	d := p.desks[s]
	p.next++
	d.counters.Calls++
	d.counters.Live++
	f := d.choose(request)
	c := &Call{
		panel: p, service: s, fault: *f, refusal: d.refusal(f, s, now), died: f.Error, cuts: d.cuts,
		record: Record{ID: p.next, Service: s, ReceivedUS: now.UnixMicro()},
	}
	if c.refusal == nil && len(f.Writes) > 0 {
		c.written, f.Writes = &f.Writes[0], f.Writes[1:]
	}
	return c
}

// choose returns the fault that befalls a request.
func (d *desk) choose(request string) *Fault {
	for _, f := range d.scoped {
		if f.befalls(request) {
			return f
		}
	}
	return &d.fault
}

// refusal returns the error with which the call that was just counted is
// refused, or nil.
func (d *desk) refusal(f *Fault, s Service, now time.Time) *awswire.Error {
	if f.FailNext > 0 {
		f.FailNext--
		return fault(s, f.Error)
	}
	if f.FailRate > 0 && d.random.Float64() < f.FailRate {
		return fault(s, f.Error)
	}
	if f.Throttle || f.MaxConcurrent > 0 && d.counters.Live > int64(f.MaxConcurrent) || !d.takeToken(now) {
		return throttling(s)
	}
	return nil
}

// takeToken takes a token of the rate quota.
func (d *desk) takeToken(now time.Time) bool {
	if d.fault.TPS <= 0 {
		return true
	}
	d.tokens = min(float64(max(d.fault.Burst, 1)), d.tokens+now.Sub(d.filled).Seconds()*d.fault.TPS)
	d.filled = now
	if d.tokens < 1 {
		return false
	}
	d.tokens--
	return true
}

// cut reports whether the streams of a service were to be cut since there had
// been so many cuts.
func (p *Panel) cut(s Service, since int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.desks[s].cuts > since
}

// end records a call that is over.
func (p *Panel) end(c *Call) {
	p.mu.Lock()
	defer p.mu.Unlock()
	counters := &p.desks[c.service].counters
	counters.Live--
	if c.record.Error != "" {
		counters.Errors++
	}
	if len(p.log) >= ring {
		p.log = append(p.log[:0], p.log[ring/4:]...)
	}
	p.log = append(p.log, c.record)
}
