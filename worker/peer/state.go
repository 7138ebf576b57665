package peer

import (
	"time"

	"github.com/pion/webrtc/v4"
)

// State is the state of a peer's connection.
type State int

// The states of a peer, in their usual order. Disconnected can become Connected
// again; Failed only by Restart, which begins with Connecting.
const (
	Connecting State = iota
	Connected
	Disconnected // nothing heard for 3 s
	Failed       // nothing heard for 10 s more
	Closed       // the browser closed it
)

// SilentAfter is for how long nothing was heard of a peer that becomes Disconnected,
// and SilentFor at most: it is looked at that often.
const (
	SilentAfter = 3 * time.Second
	SilentFor   = SilentAfter + keepAlive
)

const unknown State = -1

func (s State) String() string {
	return [...]string{"connecting", "connected", "disconnected", "failed", "closed"}[s]
}

// stateChanged tells the handler where the connection stands now. Pion starts a
// goroutine for each change, in any order, so the state is asked for, not told.
func (p *Peer) stateChanged() {
	p.stateMu.Lock()
	defer p.stateMu.Unlock()
	s, ok := stateOf(p.pc.ConnectionState())
	if !ok || s == p.state || p.closing() {
		return
	}
	p.state = s
	if s == Connected && !p.connected.Swap(true) {
		p.shortcut.open()
	}
	p.handler.State(s)
}

func stateOf(s webrtc.PeerConnectionState) (State, bool) {
	switch s {
	case webrtc.PeerConnectionStateConnecting:
		return Connecting, true
	case webrtc.PeerConnectionStateConnected:
		return Connected, true
	case webrtc.PeerConnectionStateDisconnected:
		return Disconnected, true
	case webrtc.PeerConnectionStateFailed:
		return Failed, true
	case webrtc.PeerConnectionStateClosed:
		return Closed, true
	}
	return unknown, false
}
