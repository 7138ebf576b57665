package chaos

import (
	"context"

	"casey.internal/cdk/client"
	"casey.internal/shared/apperr"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/retry"
	"casey.internal/shared/wire"
	"github.com/pion/webrtc/v4"
)

// connection follows the peer connections.
func (p *person) connection(ctx context.Context, l *leg, state string) {
	current, next, old := p.legs()
	switch {
	case state == "open" && l == next:
		p.ready()
	case l == next && state == "failed":
		p.again(ctx)
	case l == next:
	case l == old && (state == "failed" || state == "closed"):
		p.arrived() // it did not wait until the new one speaks
	case l == old:
	case l == current && p.legacy: // it waits for a word
	case state == "connected":
		p.connected()
	case !p.ladder.restoring() && p.ladder.patience(state) > 0:
		p.notice()
		p.ladder.stutter.Reset(p.ladder.patience(state))
	}
}

// suspect has the client look after its connection: a browser notices at once
// that its address is another one, pion does not.
func (p *person) suspect() {
	current, _, _ := p.legs()
	p.notes <- note{current, client.Event{State: "disconnected"}}
}

// connected handles that the current peer is connected: it never went, or is back.
func (p *person) connected() {
	p.ladder.stutter.Stop()
	if step, trying := p.ladder.step(); trying && step.Peer == "same" {
		p.ladder.done()
	}
	if !p.ladder.restoring() {
		p.back()
	}
}

// restore begins to climb.
func (p *person) restore(ctx context.Context, why retry.Aim) {
	if why != retry.Move {
		p.notice()
	}
	p.ladder.begin(why)
	p.again(ctx)
}

// again makes the next try.
func (p *person) again(ctx context.Context) {
	if step, left := p.ladder.next(); left {
		p.try(ctx, step)
	} else {
		p.giveUp()
	}
}

// try makes an offer of the peer connection that there is, or of another one in
// place of one that did not come.
func (p *person) try(ctx context.Context, step retry.Step) {
	current, before, _ := p.legs()
	if step.Peer == "same" && current != nil {
		offer := wire.Offer{Want: step.Want}
		p.tasks.Go(func() { _ = current.Offer(ctx, offer, &webrtc.OfferOptions{ICERestart: true}) }) // the next try follows
		return
	}
	next := newLeg()
	p.mu.Lock()
	p.next = next
	p.mu.Unlock()
	p.drop(before)
	p.tasks.Go(func() { _ = p.join(ctx, next, step.Want) }) // the next try follows
}

// refused goes on after an offer was refused: at once when the worker that it
// wants is gone, else when the time of the try is over.
func (p *person) refused(ctx context.Context, m *wire.Rejected) {
	step, trying := p.ladder.step()
	if !trying || p.ladder.answered {
		return
	}
	if m.Code == string(apperr.Lost) && (step.Want == interview.WantRestart || step.Want == interview.WantFresh) {
		p.again(ctx)
	} else if p.ladder.waiting {
		p.ladder.resume(step)
	}
}

// giveUp handles that no try is left. One that was to move stays, until its worker
// asks again or ends it.
func (p *person) giveUp() {
	if p.ladder.aim != retry.Move {
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

// alarm handles that a try, or the old peer after a move, was waited for long
// enough.
func (p *person) alarm(ctx context.Context) {
	if p.ladder.aim == "" {
		p.arrived()
		return
	}
	p.again(ctx)
}

// ready makes the next leg the current one. After a move the old one is heard
// until the new one's worker has the session.
func (p *person) ready() {
	moves := p.ladder.aim == retry.Move
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
	_ = l.SendChannel(channel.Encode(0, channel.Take{})) // a peer that is lost meanwhile is restored
	if moves {
		p.ladder.alarm.Reset(p.ladder.plan.Leaving.Duration())
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
