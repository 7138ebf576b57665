package chaos

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"casey.internal/cdk/client"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/retry"
	"casey.internal/shared/wire"
)

// lost is the end of an interview that nobody wanted or told of.
const lost = "lost"

// person is one candidate who talks, and whose client restores what is lost as
// casey's page does; the legacy client restores nothing.
type person struct {
	url    string
	legacy bool
	random *rand.Rand
	notes  chan note
	tasks  sync.WaitGroup

	// Owned by run.
	ladder   ladder
	reopen   *time.Timer
	failures int // of the socket, in a row

	mu       sync.Mutex
	offline  bool // nothing gets through
	current  *leg
	next     *leg // on its way
	old      *leg // heard until the worker of current has the session
	ticket   wire.Session
	final    map[int]string // the last caption of each turn
	heard    time.Time      // the last packet, or file, of the interviewer's voice
	ended    string         // why it is over; empty = it is not
	trouble  trouble
	past     []trouble // before that
	restored bool      // something was gone since they joined
}

// leg is one peer connection. Its Client is there once joined is closed, or
// it never will be.
type leg struct {
	*client.Client
	road   *client.Road
	joined chan struct{}
}

// note is an event of a leg.
type note struct {
	leg   *leg
	event client.Event
}

func newPerson(url string, seed uint64, legacy bool, plan retry.Plan) *person {
	p := &person{
		url: url, legacy: legacy, random: rand.New(rand.NewPCG(seed, 7)), notes: make(chan note, 4096),
		final: map[int]string{}, ladder: newLadder(plan), reopen: time.NewTimer(time.Hour),
	}
	p.reopen.Stop()
	return p
}

// run is the person's client until ctx is done or the interview is over.
func (p *person) run(ctx context.Context) error {
	ctx, leave := context.WithCancel(ctx)
	defer p.tasks.Wait()
	defer p.close()
	defer leave()
	first := newLeg()
	p.mu.Lock()
	p.current = first
	p.mu.Unlock()
	if err := p.join(ctx, first, interview.WantNothing); err != nil {
		return err
	}
	p.tasks.Go(func() { p.talk(ctx) })
	for p.reason() == "" {
		select {
		case n := <-p.notes:
			p.follow(ctx, n)
		case <-p.ladder.alarm.C:
			p.alarm(ctx)
		case <-p.ladder.stutter.C:
			p.restore(ctx, retry.Restart)
		case <-p.reopen.C:
			p.rejoin(ctx)
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

func newLeg() *leg { return &leg{joined: make(chan struct{})} }

// errOffline is the reason that nobody is reached.
var errOffline = errors.New("no network")

// reachable returns errOffline while there is no network.
func (p *person) reachable() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.offline {
		return errOffline
	}
	return nil
}

// goOffline takes the network away, or gives it back. The page's socket is gone
// with it; the legacy client has no other, and keeps it as TCP does.
func (p *person) goOffline(on bool) {
	current, next, old := p.legs()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.offline = on
	for _, l := range []*leg{current, next, old} {
		if l == nil || l.Client == nil {
			continue
		}
		l.road.Cut(on)
		if on && !p.legacy {
			l.LoseSocket()
		}
	}
}

// join makes a leg's peer connection on a socket of its own.
func (p *person) join(ctx context.Context, l *leg, want interview.Want) error {
	defer close(l.joined)
	if err := p.reachable(); err != nil {
		return err
	}
	road, err := client.NewRoad()
	if err != nil {
		return err
	}
	p.mu.Lock()
	ticket := p.ticket
	p.mu.Unlock()
	c, err := client.Join(ctx, client.Config{
		URL: p.url, Session: ticket.Session, Resume: ticket.Resume, Want: want, Road: road, Legacy: p.legacy,
		Watch: func(e client.Event) {
			select {
			case p.notes <- note{l, e}:
			default: // a person who cannot keep up misses packets, like any page
			}
		},
	})
	if err != nil {
		_ = road.Close() // nothing was sent on it
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	l.Client, l.road = c, road
	return nil
}

// drop closes a leg, which may be on its way still.
func (p *person) drop(l *leg) {
	if l == nil {
		return
	}
	p.tasks.Go(func() {
		<-l.joined
		if l.Client != nil {
			l.Close()
		}
	})
}

func (p *person) close() {
	p.mu.Lock()
	legs := []*leg{p.current, p.next, p.old}
	p.current, p.next, p.old = nil, nil, nil
	p.mu.Unlock()
	for _, l := range legs {
		p.drop(l)
	}
}

// legs are those that are there: the current one, the next and the old.
func (p *person) legs() (current, next, old *leg) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.current, p.next, p.old
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

func (p *person) id() interview.SessionID {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ticket.Session
}

// follow handles what happened on a leg.
func (p *person) follow(ctx context.Context, n note) {
	current, next, old := p.legs()
	if n.leg != current && n.leg != next && n.leg != old {
		return
	}
	e := n.event
	switch {
	case e.Packet != nil:
		p.listen(n.leg, e.At)
	case e.Channel != nil:
		p.read(n.leg, e)
	case e.Server != nil:
		p.signal(ctx, n.leg, e.Server)
	case e.State != "":
		p.connection(ctx, n.leg, e.State)
	case e.Closed != nil && n.leg == current:
		p.reopenLater()
	}
}

// read notes what the page shows. The first event on a new leg says that its
// worker has the session.
func (p *person) read(l *leg, e client.Event) {
	current, next, old := p.legs()
	if l == next {
		return
	}
	if l == current && old != nil {
		p.arrived()
	}
	_, event, err := channel.ParseServer(e.Channel)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil && p.legacy {
		p.heard = e.At // an MP3
	}
	switch e := event.(type) {
	case *channel.Caption:
		if e.Final && e.Turn > 0 && e.Text != "" {
			p.final[e.Turn] = e.Text
		}
	case *channel.State:
		p.doing(e.State)
	}
}

// signal does what signaling says.
func (p *person) signal(ctx context.Context, l *leg, message any) {
	current, _, _ := p.legs()
	switch m := message.(type) {
	case *wire.Session:
		p.mu.Lock()
		p.ticket = *m
		p.mu.Unlock()
	case *wire.Error:
		p.end("error " + m.Code)
	case *wire.Bye:
		switch {
		case !m.Resumable || p.legacy:
			p.end("bye " + m.Reason)
		case p.ladder.aim == "":
			p.restore(ctx, retry.Resume)
		}
	case *wire.Rejected:
		if m.Of == "offer" {
			p.refused(ctx, m)
		}
	case *wire.Answer:
		if step, trying := p.ladder.step(); trying && (step.Peer == "same") == (l == current) {
			p.ladder.answer()
		}
	case *wire.WaitingTurn:
		if _, trying := p.ladder.step(); trying && !p.ladder.answered {
			p.ladder.wait()
		}
	case *wire.Move:
		if l == current && p.ladder.aim == "" && !p.legacy {
			p.restore(ctx, retry.Move)
		}
	}
}

// reopenLater has the socket opened again, the later the more often it failed.
func (p *person) reopenLater() {
	p.failures++
	p.reopen.Reset(p.ladder.reopenAfter(p.failures))
}

// rejoin opens the socket again and says whose it is, or makes the offer anew
// that was lost with it.
func (p *person) rejoin(ctx context.Context) {
	p.mu.Lock()
	current, ticket := p.current, p.ticket
	p.mu.Unlock()
	if p.legacy || current == nil || current.Client == nil {
		return
	}
	if p.reachable() != nil || current.Reopen(ctx) != nil {
		p.reopenLater()
		return
	}
	p.failures = 0
	if step, trying := p.ladder.step(); trying && !p.ladder.answered {
		p.try(ctx, step)
		return
	}
	_ = current.Send(ctx, &wire.Hello{Session: ticket.Session, Resume: ticket.Resume}) // lost with the socket, which is opened again
}
