package chaos

import (
	"context"
	"slices"
	"time"

	"casey.internal/cdk/client"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/wire"
	"github.com/pion/webrtc/v4"
)

// aim is why a client makes an offer, as in the page's negotiation.
type aim int

const (
	none       aim = iota
	restarting     // the same peer anew, then any other worker
	resuming       // any other worker
	moving         // any other worker, while the old one goes on
)

// patience is how long each try of an aim waits.
var (
	patient  = []time.Duration{2 * time.Second, 4 * time.Second, 6 * time.Second, 10 * time.Second, 14 * time.Second, 14 * time.Second, 14 * time.Second}
	patience = map[aim][]time.Duration{restarting: patient, resuming: patient[1:], moving: {4 * time.Second, 6 * time.Second}}
)

// holdOld is how long the old peer is kept for the new one's worker to begin.
const holdOld = 40 * time.Second

// ladder is where a client is in restoring what is lost.
type ladder struct {
	aim   aim
	tries int // made
	alarm *time.Timer
}

func newLadder() ladder {
	l := ladder{alarm: time.NewTimer(time.Hour)}
	l.alarm.Stop()
	return l
}

// done ends the climb.
func (l *ladder) done() {
	l.aim, l.tries = none, 0
	l.alarm.Stop()
}

// state follows the peer connections.
func (p *person) state(ctx context.Context, l *leg, state string) {
	current, next, old := p.legs()
	gone := slices.Contains([]string{"disconnected", "failed", "closed"}, state)
	switch {
	case state == "open" && l == next:
		p.ready()
	case l == next && state == "failed":
		p.again(ctx)
	case l == next:
	case l == old && gone && state != "disconnected":
		p.arrived() // it did not wait until the new one speaks
	case l == old:
	case l == current && p.legacy: // it waits for a word
	case gone && p.ladder.aim != restarting && p.ladder.aim != resuming:
		p.restore(ctx, restarting)
	case state == "connected" && p.ladder.aim == restarting && p.ladder.tries == 1:
		p.ladder.done()
		p.back()
	}
}

// suspect has the client look after its connection: a browser notices at once
// that its address is another one, pion does not.
func (p *person) suspect() {
	current, _, _ := p.legs()
	p.notes <- note{current, client.Event{State: "disconnected"}}
}

// restore begins to climb.
func (p *person) restore(ctx context.Context, why aim) {
	if why != moving {
		p.notice()
	}
	p.ladder.aim, p.ladder.tries = why, 0
	p.again(ctx)
}

// again makes the next try.
func (p *person) again(ctx context.Context) {
	waits := patience[p.ladder.aim]
	if p.ladder.tries >= len(waits) {
		p.giveUp()
		return
	}
	p.ladder.alarm.Reset(waits[p.ladder.tries])
	p.ladder.tries++
	if p.ladder.aim == restarting && p.ladder.tries == 1 {
		p.restart(ctx)
	} else {
		p.elsewhere(ctx)
	}
}

// giveUp is when no try is left. One that was to move stays, until its worker
// asks again or ends it.
func (p *person) giveUp() {
	if p.ladder.aim != moving {
		p.end(lost)
		return
	}
	p.ladder.done()
	p.mu.Lock()
	next := p.next
	p.next = nil
	p.mu.Unlock()
	p.drop(next)
}

// alarm is when a try, or the old peer after a move, was waited for long
// enough.
func (p *person) alarm(ctx context.Context) {
	if p.ladder.aim == none {
		p.arrived()
		return
	}
	p.again(ctx)
}

// ready makes the next leg the current one. After a move the old one is heard
// until the new one's worker has the session.
func (p *person) ready() {
	moves := p.ladder.aim == moving
	p.ladder.done()
	p.mu.Lock()
	before := p.old
	l, was := p.next, p.current
	p.current, p.next, p.old = l, nil, nil
	if moves {
		p.old, was = was, nil
	}
	p.mu.Unlock()
	p.drop(before)
	p.drop(was)
	<-l.joined
	_ = l.SendChannel(channel.EncodePage(channel.Take{})) // a peer that is lost meanwhile is restored
	if moves {
		p.ladder.alarm.Reset(holdOld)
	}
}

// arrived drops the old leg: the new one's worker has the session.
func (p *person) arrived() {
	p.ladder.alarm.Stop()
	p.mu.Lock()
	old := p.old
	p.old = nil
	if old != nil {
		p.moves()
	}
	p.mu.Unlock()
	p.drop(old)
}

func (p *person) restart(ctx context.Context) {
	current, _, _ := p.legs()
	offer := wire.Offer{Want: interview.WantRestart}
	p.tasks.Go(func() { _ = current.Offer(ctx, offer, &webrtc.OfferOptions{ICERestart: true}) }) // the next try follows
}

// elsewhere makes the next leg, in place of one that did not come.
func (p *person) elsewhere(ctx context.Context) {
	next := newLeg()
	p.mu.Lock()
	before := p.next
	p.next = next
	p.mu.Unlock()
	p.drop(before)
	p.tasks.Go(func() { _ = p.join(ctx, next, interview.WantElsewhere) }) // the next try follows
}
