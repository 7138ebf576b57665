package peer

import (
	"errors"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"
)

const (
	maxInbound     = 64 << 10         // bytes of one message from a browser
	inboundBuffer  = 1 << 10          // what a reader begins with
	stuckAfter     = 10 * time.Second // a write that lasts so long has no reader
	queuedMessages = 256
	queuedBytes    = 1 << 20
)

// Errors of a message that is not sent.
var (
	ErrNoChannel       = errors.New("peer: the data channel is not open")
	ErrChannelFull     = errors.New("peer: too much waits for the data channel")
	ErrMessageTooLarge = errors.New("peer: the message is larger than the browser takes")
)

// channel is the queue before the data channel. Its owner is the writer
// goroutine, which alone waits for a slow network.
type channel struct {
	claimed atomic.Bool // the browser's first channel has come
	open    atomic.Bool
	queue   chan *message // pointers: it is mostly empty, and each session has one
	bytes   atomic.Int64  // in the queue
	data    atomic.Pointer[webrtc.DataChannel]
	writing atomic.Int64 // since when the present write lasts, in Unix ns; 0 = there is none
	lost    sync.Once    // guards Handler.ChannelLost
}

type message struct {
	data []byte
	text bool
}

func newChannel() *channel { return &channel{queue: make(chan *message, queuedMessages)} }

// stream has the methods that casey needs of a detached data channel.
type stream interface {
	ReadDataChannel(p []byte) (n int, text bool, err error)
	WriteDataChannel(p []byte, text bool) (n int, err error)
	Close() error
}

// Send queues a text message for the data channel. It never blocks: what a slow
// browser leaves waiting is bounded, and ErrChannelFull after that. data is
// copied.
func (p *Peer) Send(data []byte) error { return p.send(data, true) }

// SendBinary is Send for a binary message.
func (p *Peer) SendBinary(data []byte) error { return p.send(data, false) }

func (p *Peer) send(data []byte, text bool) error {
	c := p.channel
	switch {
	case !c.open.Load():
		return ErrNoChannel
	case len(data) > p.MaxMessageSize():
		return ErrMessageTooLarge
	case c.stuck(time.Now()):
		p.loseChannel()
		return ErrChannelFull
	}
	size := int64(len(data))
	if c.bytes.Add(size) > queuedBytes {
		c.bytes.Add(-size)
		return ErrChannelFull
	}
	select {
	case c.queue <- &message{slices.Clone(data), text}:
		return nil
	default:
		c.bytes.Add(-size)
		return ErrChannelFull
	}
}

// stuck reports whether nobody takes what is sent, although nothing says so: an
// association whose other end is gone keeps its connection (RFC 8831 6.2).
func (c *channel) stuck(now time.Time) bool {
	since := c.writing.Load()
	return since != 0 && now.Sub(time.Unix(0, since)) > stuckAfter
}

// loseChannel tells that the data channel is of no use any more.
func (p *Peer) loseChannel() {
	p.channel.open.Store(false)
	p.channel.lost.Do(func() {
		if !p.closing() {
			p.handler.ChannelLost()
		}
	})
}

// onDataChannel takes the browser's first data channel of a known label and
// closes any other.
func (p *Peer) onDataChannel(d *webrtc.DataChannel) {
	labels := p.network.cfg.Channels
	known := len(labels) == 0 || slices.Contains(labels, d.Label())
	first := known && p.channel.claimed.CompareAndSwap(false, true)
	d.OnOpen(func() {
		s, err := d.Detach()
		if err != nil {
			p.log.Warn("data channel not detached", "error", err)
			return
		}
		if !first {
			closeQuietly(s)
			return
		}
		p.channel.data.Store(d)
		p.start(func() { p.write(s) })
		p.start(func() {
			p.channel.open.Store(true)
			p.handler.Channel(d.Label(), d.Protocol())
			p.read(s)
			p.loseChannel()
		})
	})
}

// write sends what is queued until the peer closes or the channel fails.
func (p *Peer) write(s stream) {
	defer p.channel.open.Store(false)
	for {
		select {
		case m := <-p.channel.queue:
			p.channel.writing.Store(time.Now().UnixNano())
			_, err := s.WriteDataChannel(m.data, m.text)
			p.channel.writing.Store(0)
			p.channel.bytes.Add(-int64(len(m.data))) // now the channel counts it
			if err != nil {
				p.log.Debug("data channel write failed", "error", err)
				closeQuietly(s) // which ends its reader
				return
			}
		case <-p.done:
			return
		}
	}
}

// read hands the browser's texts to the handler until the channel closes. The
// buffer starts small, since there are as many as sessions, and grows once.
func (p *Peer) read(s stream) {
	defer closeQuietly(s)
	buffer := make([]byte, inboundBuffer)
	for {
		n, text, err := s.ReadDataChannel(buffer)
		switch {
		case errors.Is(err, io.ErrShortBuffer) && len(buffer) < maxInbound:
			buffer = make([]byte, maxInbound)
		case err != nil:
			p.log.Debug("data channel ended", "error", err)
			return
		case text && !p.closing():
			p.handler.Message(buffer[:n])
		}
	}
}

// closeQuietly closes what the other side may have closed already.
func closeQuietly(c io.Closer) { _ = c.Close() }
