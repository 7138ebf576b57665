package chaos

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"casey.internal/cdk/local/candidate"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/wire"
	"github.com/pion/webrtc/v4"
)

// patience is how long each try of a restore waits, as the page's client does:
// a restart of the same peer, then a new one elsewhere.
var patience = []time.Duration{2 * time.Second, 4 * time.Second, 6 * time.Second, 10 * time.Second, 14 * time.Second, 14 * time.Second, 14 * time.Second}

// reopenAfter is when a socket that closed is opened again.
const reopenAfter = time.Second

// holdOld is how long the old peer is kept for the new one to begin.
const holdOld = 40 * time.Second

// lost is the end of an interview that nobody wanted or told of.
const lost = "lost"

// person is one candidate who talks, and whose client restores what is lost.
type person struct {
	url      string
	original bool
	random   *rand.Rand
	notes    chan note
	tasks    sync.WaitGroup

	// Owned by run.
	restoring int // 1 + the try; 0 = not
	moving    bool
	alarm     *time.Timer
	reopen    *time.Timer

	mu      sync.Mutex
	current *leg
	next    *leg // on its way
	ticket  wire.Session
	final   map[int]string // the last caption of each turn
	heard   time.Time      // the last packet of the interviewer's voice
	ended   string         // why it is over; empty = it is not
	trouble trouble
	speaks  bool // the interviewer does
}

// trouble is what a fault did to a person.
type trouble struct {
	noticed time.Time // that the media or the worker was going; zero = not
	again   time.Time // the voice was heard again; zero = not yet
	moved   bool      // the worker asked to, and nothing was lost
	silence time.Time // the last packet of a reply that another worker ends; zero = none
	gap     time.Duration
}

// leg is one peer connection.
type leg struct {
	*candidate.Candidate
	road *candidate.Road
	open bool
}

// note is an event of a leg.
type note struct {
	leg   *leg
	event candidate.Event
}

func newPerson(url string, seed uint64, original bool) *person {
	p := &person{
		url: url, original: original, random: rand.New(rand.NewPCG(seed, 7)), notes: make(chan note, 4096),
		final: map[int]string{}, alarm: time.NewTimer(time.Hour), reopen: time.NewTimer(time.Hour),
	}
	p.alarm.Stop()
	p.reopen.Stop()
	return p
}

// run is the person's client until ctx is done or the interview is over.
func (p *person) run(ctx context.Context) error {
	defer p.tasks.Wait()
	first, err := p.join(ctx, interview.WantNothing)
	if err != nil {
		return err
	}
	p.become(first)
	defer p.close()
	p.tasks.Go(func() { p.talk(ctx) })
	for p.reason() == "" {
		select {
		case n := <-p.notes:
			p.take(ctx, n)
		case <-p.alarm.C:
			p.try(ctx)
		case <-p.reopen.C:
			p.rejoin(ctx)
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// join makes a peer connection on a socket of its own.
func (p *person) join(ctx context.Context, want interview.Want) (*leg, error) {
	road, err := candidate.NewRoad()
	if err != nil {
		return nil, err
	}
	l := &leg{road: road}
	p.mu.Lock()
	ticket := p.ticket
	p.mu.Unlock()
	c, err := candidate.Join(ctx, candidate.Config{
		URL: p.url, Session: ticket.Session, Resume: ticket.Resume, Want: want, Road: road, Original: p.original,
		Watch: func(e candidate.Event) {
			select {
			case p.notes <- note{l, e}:
			default: // a person who cannot keep up misses packets, like any page
			}
		},
	})
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	l.Candidate = c
	p.mu.Unlock()
	return l, nil
}

// become makes a leg the one that is talked on; the one before goes.
func (p *person) become(l *leg) {
	p.mu.Lock()
	old := p.current
	p.current, p.next = l, nil
	p.mu.Unlock()
	p.drop(old)
	p.restoring, p.moving = 0, false
	p.alarm.Stop()
}

func (p *person) drop(l *leg) {
	if l != nil {
		p.tasks.Go(l.Close)
	}
}

func (p *person) close() {
	p.mu.Lock()
	current, next := p.current, p.next
	p.current, p.next = nil, nil
	p.mu.Unlock()
	p.drop(current)
	p.drop(next)
}

func (p *person) reason() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended
}

func (p *person) end(why string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = why
}

// take handles what happened on a leg.
func (p *person) take(ctx context.Context, n note) {
	p.mu.Lock()
	current, next := p.current, p.next
	p.mu.Unlock()
	if n.leg != current && n.leg != next {
		return
	}
	e := n.event
	switch {
	case e.Packet != nil:
		p.listen(n.leg, e.At)
	case e.Channel != nil:
		p.read(n.leg, e.Channel)
	case e.Server != nil:
		p.told(ctx, n.leg, e.Server)
	case e.State != "":
		p.state(ctx, n.leg, e.State)
	case e.Closed != nil && n.leg == current:
		p.reopen.Reset(reopenAfter)
	}
}

// listen notes that the interviewer is heard.
func (p *person) listen(l *leg, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := &p.trouble; l == p.current && !t.silence.IsZero() {
		t.gap, t.silence = at.Sub(t.silence), time.Time{}
	}
	p.heard = at
	if t := &p.trouble; l == p.current && !t.noticed.IsZero() && t.again.IsZero() && p.restoring == 0 && !p.moving {
		t.again = at
	}
}

// read notes the captions; the first event on a new leg makes it the one.
func (p *person) read(l *leg, data []byte) {
	if l == p.upcoming() && p.moving {
		p.moves()
		p.become(l)
	}
	_, event, err := channel.ParseServer(data)
	if err != nil {
		return // MP3, for the original client
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *channel.Caption:
		if e.Final && e.Turn > 0 && e.Text != "" {
			p.final[e.Turn] = e.Text
		}
	case *channel.State:
		p.speaks = e.State == channel.Speaking
	}
}

// moves notes that another worker goes on, perhaps in the middle of a reply.
func (p *person) moves() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trouble.moved = true
	if p.speaks {
		p.trouble.silence = p.heard
	}
}

func (p *person) upcoming() *leg {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.next
}

// told does what signaling says.
func (p *person) told(ctx context.Context, l *leg, message any) {
	switch m := message.(type) {
	case *wire.Session:
		p.mu.Lock()
		p.ticket = *m
		p.mu.Unlock()
	case *wire.Error:
		p.end("error " + m.Code)
	case *wire.Bye:
		if !m.Resumable || p.original {
			p.end("bye " + m.Reason)
		} else if p.restoring == 0 {
			p.restore(ctx, true)
		}
	case *wire.Move:
		if l != p.upcoming() && p.restoring == 0 && !p.moving && !p.original {
			p.notice()
			p.moving = true
			p.elsewhere(ctx)
			p.alarm.Reset(patience[1])
		}
	}
}

func (p *person) notice() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.trouble.noticed.IsZero() || !p.trouble.again.IsZero() {
		p.trouble = trouble{noticed: time.Now()}
	}
}

// state follows the peer connections.
func (p *person) state(ctx context.Context, l *leg, state string) {
	gone := state == "disconnected" || state == "failed" || state == "closed"
	switch {
	case state == "open" && l == p.upcoming():
		l.open = true
		_ = l.SendChannel(channel.Encode(0, channel.Take{})) // a peer that is lost meanwhile is tried again
		if p.moving {
			p.alarm.Reset(holdOld) // the old worker ends its sentence, or waits for the end of ours
		} else {
			p.become(l)
		}
	case l == p.upcoming():
	case gone && p.original:
		if state != "disconnected" {
			p.end("peer " + state)
		}
	case gone && p.moving: // the worker did not wait
		p.moving = false
		p.restore(ctx, true)
	case gone && p.restoring == 0:
		p.restore(ctx, false)
	case state == "connected" && p.restoring == 1:
		p.restoring = 0
		p.alarm.Stop()
	}
}

// restore begins the ladder, at its second rung when there is nothing to
// restart.
func (p *person) restore(ctx context.Context, gone bool) {
	p.notice()
	if gone {
		p.restoring = 1
	}
	p.try(ctx)
}

// try makes the next try.
func (p *person) try(ctx context.Context) {
	if p.moving {
		p.moving = false // the old worker asks again
		p.mu.Lock()
		next := p.next
		p.next = nil
		p.mu.Unlock()
		p.drop(next)
		return
	}
	if p.restoring >= len(patience) {
		p.end(lost)
		return
	}
	wait := patience[p.restoring]
	p.restoring++
	if p.restoring == 1 {
		p.restart(ctx)
	} else {
		p.elsewhere(ctx)
	}
	p.alarm.Reset(wait)
}

func (p *person) restart(ctx context.Context) {
	p.mu.Lock()
	current := p.current
	p.mu.Unlock()
	_ = current.Offer(ctx, wire.Offer{Want: interview.WantRestart}, &webrtc.OfferOptions{ICERestart: true}) // the next try follows
}

func (p *person) elsewhere(ctx context.Context) {
	p.mu.Lock()
	before := p.next
	p.next = nil
	p.mu.Unlock()
	p.drop(before)
	l, err := p.join(ctx, interview.WantElsewhere)
	if err != nil {
		return // the next try follows
	}
	p.mu.Lock()
	p.next = l
	p.mu.Unlock()
}

// rejoin opens the socket again and says whose it is.
func (p *person) rejoin(ctx context.Context) {
	p.mu.Lock()
	current, ticket := p.current, p.ticket
	p.mu.Unlock()
	if p.original {
		return
	}
	if err := current.Reopen(ctx); err != nil {
		p.reopen.Reset(reopenAfter)
		return
	}
	_ = current.Send(ctx, &wire.Hello{Session: ticket.Session, Resume: ticket.Resume}) // lost with the socket, which is opened again
}
