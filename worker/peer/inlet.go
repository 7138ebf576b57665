package peer

import (
	"io"
	"slices"
	"sync"

	"github.com/pion/transport/v4/packetio"
)

// inlet takes what pion has decrypted of one stream (webrtc.SettingEngine.BufferFactory).
// It keeps the first packets, at which pion looks to learn what they are. Once
// somebody listens each packet is handled where it was decrypted: by way of pion's own
// buffer, its reader and its interceptors it would be handed over and copied once more.
type inlet struct {
	mu      sync.Mutex
	changed sync.Cond // first or closed
	first   [][]byte
	listen  func(packet []byte) // nil = nobody does
	closed  bool
}

// mostFirst bounds the packets that are kept until somebody listens.
const mostFirst = 32

func newInlet(listen func(packet []byte)) *inlet {
	i := &inlet{listen: listen}
	i.changed.L = &i.mu
	return i
}

// Write implements io.Writer. It does not keep packet, and never fails.
func (i *inlet) Write(packet []byte) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case i.closed:
	case i.listen != nil:
		i.listen(packet)
	case len(i.first) < mostFirst:
		i.first = append(i.first, slices.Clone(packet))
		i.changed.Signal()
	}
	return len(packet), nil
}

// Read implements io.Reader: pion looks at the first packet.
func (i *inlet) Read(b []byte) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for len(i.first) == 0 && !i.closed {
		i.changed.Wait()
	}
	if i.closed {
		return 0, io.EOF
	}
	n := copy(b, i.first[0])
	i.first = i.first[1:]
	return n, nil
}

// hand has every packet from now on given to listen, one at a time, first those that were kept. The
// packet is valid only during the call.
func (i *inlet) hand(listen func(packet []byte)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, packet := range i.first {
		listen(packet)
	}
	i.first, i.listen = nil, listen
}

// take has a packet listened to, if somebody listens already.
func (i *inlet) take(packet []byte) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.closed || i.listen == nil {
		return false
	}
	i.listen(packet)
	return true
}

// Close implements io.Closer.
func (i *inlet) Close() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.closed, i.first = true, nil
	i.changed.Broadcast()
	return nil
}

// inlets are those of a peer's microphones, by SSRC.
type inlets struct {
	mu  sync.Mutex
	all map[uint32]*inlet
}

// enter returns a new inlet for a stream.
func (all *inlets) enter(ssrc uint32) *inlet {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.all == nil {
		all.all = map[uint32]*inlet{}
	}
	i := newInlet(nil)
	all.all[ssrc] = i
	return i
}

// of returns the inlet of a stream; nil when there is none.
func (all *inlets) of(ssrc uint32) *inlet {
	all.mu.Lock()
	defer all.mu.Unlock()
	return all.all[ssrc]
}

// buffer is a webrtc.SettingEngine.BufferFactory.
func (p *Peer) buffer(kind packetio.BufferPacketType, ssrc uint32) io.ReadWriteCloser {
	if kind == packetio.RTCPBufferPacket {
		return newInlet(p.reports.read)
	}
	return p.shortcut.inlets.enter(ssrc)
}
