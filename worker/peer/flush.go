package peer

import (
	"time"

	"github.com/pion/webrtc/v4"
)

// A peer that closes waits so long, at most, for the browser to have what was
// sent to it: often the last words of an interview.
const (
	flushWithin = 500 * time.Millisecond
	flushEvery  = 5 * time.Millisecond
)

// flush waits until the browser has acknowledged all that was sent on the data
// channel, as long as it can be reached.
func (p *Peer) flush() {
	deadline := time.Now().Add(flushWithin)
	again := time.NewTicker(flushEvery)
	defer again.Stop()
	for p.pending() && time.Now().Before(deadline) {
		<-again.C
	}
}

// pending reports whether the browser may still get something.
func (p *Peer) pending() bool {
	if p.closing() || !p.channel.open.Load() || p.pc.ConnectionState() != webrtc.PeerConnectionStateConnected {
		return false
	}
	return p.channel.bytes.Load() > 0 || p.channel.data.Load().BufferedAmount() > 0
}
