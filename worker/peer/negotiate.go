package peer

import (
	"context"
	"fmt"

	"github.com/pion/webrtc/v4"
)

// AnswerSDP returns the newest answer, complete with candidates.
func (p *Peer) AnswerSDP() string {
	p.signaling.Lock()
	defer p.signaling.Unlock()
	return p.answer
}

// Restart answers an offer that restarts ICE on the same peer. It returns
// ErrFingerprint, and changes nothing, when the offer is of another peer.
func (p *Peer) Restart(ctx context.Context, offerSDP string) (answerSDP string, err error) {
	offer, err := parse(offerSDP)
	if err != nil {
		return "", err
	}
	p.signaling.Lock()
	defer p.signaling.Unlock()
	if offer.fingerprint != p.remote.fingerprint {
		return "", ErrFingerprint
	}
	if err := p.negotiate(ctx, offer); err != nil {
		return "", err
	}
	return p.answer, nil
}

// SameFingerprint reports whether offerSDP comes from the very peer connection
// of the browser that this peer belongs to; only such an offer can restart it.
func (p *Peer) SameFingerprint(offerSDP string) bool {
	f, err := Fingerprint(offerSDP)
	p.signaling.Lock()
	defer p.signaling.Unlock()
	return err == nil && f == p.remote.fingerprint
}

// negotiate applies an offer and keeps the answer. The caller holds p.signaling.
func (p *Peer) negotiate(ctx context.Context, offer description) error {
	offered := webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer.withCandidates(p.network.reachable)}
	if err := p.pc.SetRemoteDescription(offered); err != nil {
		return fmt.Errorf("%w: %w", ErrOffer, err)
	}
	answer, err := p.pc.CreateAnswer(nil)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrOffer, err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(answer); err != nil {
		return fmt.Errorf("%w: %w", ErrOffer, err)
	}
	select {
	case <-gathered:
	case <-ctx.Done():
		return fmt.Errorf("peer: gather candidates: %w", context.Cause(ctx))
	}
	p.remote, p.taken = offer, 0
	p.maxSize.Store(int64(offer.maxMessageSize))
	p.answer = withPtime(p.pc.LocalDescription().SDP, p.network.cfg.FrameMs)
	p.enter()
	p.release()
	return nil
}

// enter makes the peer known by the credentials of its answer. The caller holds
// p.signaling.
func (p *Peer) enter() {
	answer, err := parse(p.answer)
	if err != nil || p.ufrag == answer.ufrags[0] {
		return
	}
	p.network.sockets.holders.leave(p.ufrag) // ICE was restarted
	p.ufrag = answer.ufrags[0]
	p.network.sockets.holders.enter(tenant{
		credentials: credentials{p.ufrag, answer.password, p.remote.password}, evict: p.evict, shortcut: &p.shortcut,
	})
}

// evict ends a peer whose browser is gone, which its handler learns as if that
// had closed it.
func (p *Peer) evict() {
	p.start(func() {
		if err := p.pc.Close(); err != nil {
			p.log.Debug("evicted peer not closed cleanly", "error", err)
		}
	})
}
