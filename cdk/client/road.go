package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Road is the way of a client's media: one UDP socket on the loopback
// address that can lose everything for a while, or change its port as a laptop
// does that changes networks. It is a net.PacketConn for ICE.
type Road struct {
	closed atomic.Bool
	cut    atomic.Bool

	mu     sync.Mutex
	socket *net.UDPConn
	addr   net.Addr // as ICE knows it
}

// NewRoad opens a road.
func NewRoad() (*Road, error) {
	socket, err := loopback()
	if err != nil {
		return nil, err
	}
	return &Road{socket: socket, addr: socket.LocalAddr()}, nil
}

func loopback() (*net.UDPConn, error) {
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, fmt.Errorf("open a road: %w", err)
	}
	return socket, nil
}

// Cut loses every packet of both directions until it is called with false.
func (r *Road) Cut(on bool) { r.cut.Store(on) }

// Rebind goes on from another port.
func (r *Road) Rebind() error {
	socket, err := loopback()
	if err != nil {
		return err
	}
	r.mu.Lock()
	old := r.socket
	r.socket = socket
	r.mu.Unlock()
	return old.Close()
}

func (r *Road) current() *net.UDPConn {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.socket
}

// ReadFrom implements net.PacketConn.
func (r *Road) ReadFrom(p []byte) (int, net.Addr, error) {
	for {
		socket := r.current()
		n, from, err := socket.ReadFrom(p)
		switch {
		case err != nil && !r.closed.Load() && socket != r.current():
		case err != nil:
			return n, from, err
		case !r.cut.Load():
			return n, from, nil
		}
	}
}

// WriteTo implements net.PacketConn.
func (r *Road) WriteTo(p []byte, to net.Addr) (int, error) {
	if r.cut.Load() {
		return len(p), nil
	}
	n, err := r.current().WriteTo(p, to)
	if errors.Is(err, net.ErrClosed) && !r.closed.Load() {
		return len(p), nil // it was replaced just now
	}
	return n, err
}

// Close implements net.PacketConn.
func (r *Road) Close() error {
	r.closed.Store(true)
	return r.current().Close()
}

// LocalAddr implements net.PacketConn.
func (r *Road) LocalAddr() net.Addr { return r.addr }

// SetDeadline implements net.PacketConn.
func (r *Road) SetDeadline(t time.Time) error { return r.current().SetDeadline(t) }

// SetReadDeadline implements net.PacketConn.
func (r *Road) SetReadDeadline(t time.Time) error { return r.current().SetReadDeadline(t) }

// SetWriteDeadline implements net.PacketConn.
func (r *Road) SetWriteDeadline(t time.Time) error { return r.current().SetWriteDeadline(t) }

// LoseSocket cuts the WebSocket; media goes on.
func (c *Client) LoseSocket() { c.recordError("cut", c.conn().CloseNow()) }

// Reopen opens another WebSocket for the same interview and says so.
func (c *Client) Reopen(ctx context.Context) error {
	socket, err := dial(ctx, c.cfg.URL, c.cfg.Origin)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.socket = socket
	c.mu.Unlock()
	c.wg.Go(func() { c.read(context.WithoutCancel(ctx), socket) })
	return nil
}
