package session

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
	"casey.internal/worker/peer"
)

const (
	// maxLegs limits the peers of a session that are open at a time, whatever its
	// browser offers.
	maxLegs = store.MaxOwnedPeers
	// maxEarlyPeers limits the peers whose candidates wait for their offer.
	maxEarlyPeers = 4
)

// browser is a session's browser as this worker reaches it, whether the
// session is its own or it waits to succeed the owner: the peers, what is sent
// to them and by signaling, and the mailbox for what comes from them.
type browser struct {
	*Mailbox
	cfg    Config
	id     interview.SessionID
	log    *slog.Logger
	writer *writer
	media  *media
	alarms alarms
	tasks  sync.WaitGroup
	stop   context.CancelCauseFunc // ends the tasks

	// What follows belongs to the goroutine of Run.
	legs     []*leg // oldest first; the last one connected is current
	current  *leg
	early    map[interview.PeerName][]wire.ICECandidate // for offers yet to come
	answered int                                        // peers
	reached  bool                                       // a peer was connected once
	heard    time.Time                                  // when anything came from the peer that was current last
	legacy   bool                                       // the page opened `downstream`: it can neither move nor resume
}

func newBrowser(cfg Config) *browser {
	if cfg.Max <= 0 {
		cfg.Max = DefaultMaxLength
	}
	if cfg.Mail == nil {
		cfg.Mail = NewMailbox()
	}
	b := &browser{Mailbox: cfg.Mail, cfg: cfg, id: cfg.Session.ID, early: map[interview.PeerName][]wire.ICECandidate{}, media: newMedia()}
	b.log = cfg.Log.With("session", string(b.id), "epoch", cfg.Session.Epoch)
	b.writer = newWriter(cfg.Post, cfg.Store, b.id, cfg.Session.Offer.Connection, b.log)
	return b
}

// begin starts the writer and the alarms. All tasks run in the context that it
// returns, until end.
func (b *browser) begin(ctx context.Context) context.Context {
	ctx, b.stop = context.WithCancelCause(ctx)
	b.alarms = newAlarms(b.cfg.Max)
	b.tasks.Go(func() { b.writer.run(ctx) })
	return ctx
}

// end returns when no peer and no task is left.
func (b *browser) end(cause error) {
	b.stop(cause)
	b.Abandon()
	for m := b.next(); m != nil; m = b.next() { // peers that were made too late to be taken
		if a, ok := m.(answered); ok && a.isNew && a.leg != nil {
			b.closePeer(a.leg)
		}
	}
}

// Answer makes the answer to the offer with which the session was claimed.
// Call it before Run. The error is an *apperr.Error when the offer is at fault.
func (b *browser) Answer(ctx context.Context, candidates []wire.ICECandidate) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	l, err := b.dial(ctx, b.cfg.Session.Offer)
	if err != nil {
		return fmt.Errorf("session: answer: %w", err)
	}
	b.add(l, candidates)
	return nil
}

// Announce posts the first answer. ErrGone says that nobody is there any more.
func (b *browser) Announce(ctx context.Context) error {
	return b.writer.write(ctx, b.encodeAnswer(b.legs[0]))
}

// Abandon closes what Answer opened when the session will not run.
func (b *browser) Abandon() {
	for _, l := range slices.Clone(b.legs) {
		b.remove(l)
	}
	b.tasks.Wait()
}

// dial answers an offer with a new leg.
func (b *browser) dial(ctx context.Context, o interview.Offer) (*leg, error) {
	l := &leg{mail: b.Mailbox, media: b.media, name: o.Peer, offer: o.SDP}
	p, err := b.cfg.Dial(ctx, o.SDP, l)
	if err != nil {
		return nil, err
	}
	l.peer, l.answer = p, p.AnswerSDP()
	return l, nil
}

// add makes a leg one of the session's; the oldest that is not in use goes when
// there are too many.
func (b *browser) add(l *leg, candidates []wire.ICECandidate) {
	b.answered++
	if len(b.legs) >= maxLegs {
		b.remove(b.legs[slices.IndexFunc(b.legs, func(other *leg) bool { return other != b.current })])
	}
	b.legs = append(b.legs, l)
	l.late = time.AfterFunc(connectWithin, func() { b.post(expired{l}) })
	for _, c := range append(candidates, b.early[l.name]...) {
		b.addCandidate(l, c)
	}
	delete(b.early, l.name)
}

// signal does with a message of the inbox what is the same for all sessions.
func (b *browser) signal(m queue.Inbox) error {
	switch {
	case m.Kind == queue.KindICE:
		b.candidate(m.Peer, m.ICECandidate)
	case m.Kind == queue.KindLeave:
		return ErrLeft
	case m.Kind == queue.KindNotice && m.Epoch > b.cfg.Session.Epoch:
		return ErrTaken
	}
	return nil
}

// candidate takes a browser's ICE candidate, which may overtake its offer.
func (b *browser) candidate(name interview.PeerName, c *wire.ICECandidate) {
	if c == nil {
		return
	}
	if i := slices.IndexFunc(b.legs, func(l *leg) bool { return l.name == name }); i >= 0 {
		b.addCandidate(b.legs[i], *c)
		return
	}
	waiting, known := b.early[name]
	if len(waiting) < wire.MaxCandidates && (known || len(b.early) < maxEarlyPeers) {
		b.early[name] = append(waiting, *c)
	}
}

// addCandidate gives a leg a candidate. One that is refused is not missed: the
// browser's own checks arrive all the same.
func (b *browser) addCandidate(l *leg, c wire.ICECandidate) {
	if err := l.peer.AddICECandidate(c); err != nil {
		b.log.Debug("ICE candidate refused", "error", err)
	}
}

// repeated reports whether an offer has been answered, and posts that answer
// again.
func (b *browser) repeated(o *interview.Offer) bool {
	b.writer.moveTo(o.Connection)
	i := slices.IndexFunc(b.legs, func(l *leg) bool { return l.name == o.Peer && l.offer == o.SDP })
	if i >= 0 {
		b.postAnswer(b.legs[i])
	}
	return i >= 0
}

func (b *browser) postAnswer(l *leg) { b.writer.send(b.encodeAnswer(l)) }

func (b *browser) encodeAnswer(l *leg) []byte {
	return wire.Encode(wire.Answer{SDP: wire.Description{Type: "answer", SDP: l.answer}, Session: b.id, Peer: l.name})
}

// connected makes a leg the current one; older ones go. It reports false when
// the leg was that before.
func (b *browser) connected(l *leg) bool {
	if !l.mute {
		l.late.Stop()
	}
	b.alarms.away.Stop()
	if l == b.current {
		return false // back after an interruption
	}
	for len(b.legs) > 0 && b.legs[0] != l {
		b.remove(b.legs[0])
	}
	b.current, b.reached = l, true
	return true
}

// away starts the time in which the candidate may return.
func (b *browser) away() {
	b.alarms.away.Reset(returnWithin)
	b.silent()
}

// silent tells the Talk that nothing comes from the candidate any more.
func (b *browser) silent() {
	if b.current != nil {
		b.heard = b.current.lastHeard()
	}
	b.media.notify(Away{Since: b.heard})
}

// deserted reports whether no peer is left, and none is on its way.
func (s *Session) deserted() bool { return s.current == nil && len(s.legs) == 0 && !s.answering }

// channelLost waits for the page to come with another peer, as it does where it has
// noticed. One that has not notices that this peer is closed then.
func (b *browser) channelLost(l *leg) {
	if !b.has(l) {
		return
	}
	b.log.Info("data channel lost")
	l.open, l.mute = nil, true
	l.late.Stop()
	l.late = time.AfterFunc(muteFor, func() { b.post(stayedMute{l}) })
}

// expired drops a peer that never connected, and reports whether it did.
func (b *browser) expired(l *leg) bool {
	never := l.state != peer.Connected && l != b.current && b.has(l)
	if never {
		b.remove(l)
	}
	return never
}

func (b *browser) has(l *leg) bool { return slices.Contains(b.legs, l) }

// changed notes a peer's state, and reports false for a peer that is removed.
func (b *browser) changed(m legState) bool {
	m.leg.state = m.state
	return b.has(m.leg)
}

// unreached reports whether there is no peer, connected or to be.
func (b *browser) unreached() bool { return b.current == nil && len(b.legs) == 0 }

// opened notes that a leg's data channel is open.
func (b *browser) opened(m legChannel) {
	b.legacy = b.legacy || m.label == channel.Downstream
	m.leg.open = &Opened{Label: m.label, Protocol: m.protocol, MaxMessageSize: m.leg.peer.MaxMessageSize()}
}

// parse reads what the page says on the current leg's data channel; nil =
// nothing. What cannot be read is counted, and the Talk is told of it where it is no event
// of another version.
func (b *browser) parse(m legMessage) channel.PageEvent {
	if m.leg != b.current {
		return nil
	}
	event, err := channel.Parse(m.data)
	if err != nil {
		b.media.dropped.Add(1)
		b.log.Debug("channel message refused", "error", err)
		if why := apperr.Of(err); why.Code != apperr.Unknown { // a newer page may say more
			b.media.notify(Refused{why})
		}
		return nil
	}
	return event
}

// remove closes a leg, outside of the session's goroutine since that may take
// a while.
func (b *browser) remove(l *leg) {
	b.legs = slices.DeleteFunc(b.legs, func(other *leg) bool { return other == l })
	if b.current == l {
		b.current, b.heard = nil, l.lastHeard()
		b.media.leg.CompareAndSwap(l, nil)
	}
	l.late.Stop()
	b.tasks.Go(func() { b.closePeer(l) })
}

func (b *browser) closePeer(l *leg) {
	if err := l.peer.Close(); err != nil {
		b.log.Debug("peer not closed cleanly", "error", err)
	}
}

// sendInbox tells another worker in which epoch the session is.
func (b *browser) sendInbox(ctx context.Context, inbox string, m queue.Inbox) {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	m.Session = b.id
	if err := b.cfg.Tell.SendInbox(ctx, inbox, m); err != nil {
		b.log.Info("other worker not told", "kind", m.Kind, "error", err)
	}
}
