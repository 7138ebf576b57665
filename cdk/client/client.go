// Package client is a person in an interview without a browser: the same
// messages, peer connection and data channel that a page makes, from pion.
// Tests, benches and chaos talk to casey through it.
package client

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/wire"
	"github.com/coder/websocket"
	"github.com/pion/webrtc/v4"
)

// Config says who joins, and how.
type Config struct {
	URL       string              // of the WebSocket, ws://host/ws
	Origin    string              // of the page that it pretends to be; empty = none
	Interview string              // name of the interview; empty = the default
	Label     string              // of the data channel; empty = "casey"
	Peer      interview.PeerName  // name of the peer connection; empty = a random one
	Repeat    time.Duration       // the offer is sent again after this long without an answer; 0 = 2 s, negative = never
	Session   interview.SessionID // go on with this interview, with its secret Resume
	Resume    string
	Want      interview.Want
	Road      *Road       // for all media; nil = the host's own sockets. Close closes it
	Watch     func(Event) // is told of every event; packets and the like are not kept then. Must not block
	Legacy    bool        // behave as the legacy client: data channel `downstream`, no peer name, nothing repeated
}

// Client is one person in one interview. It is safe for concurrent use.
type Client struct {
	cfg    Config
	socket *websocket.Conn
	peer   *webrtc.PeerConnection
	voice  *webrtc.TrackLocalStaticRTP

	mu      sync.Mutex
	log     []Event
	changed chan struct{} // closed and replaced with every event
	channel *webrtc.DataChannel
	answer  bool

	rtp    sender
	leave  context.CancelCauseFunc
	wg     sync.WaitGroup
	closed sync.Once
}

// Event is something that happened to a client. Exactly one of the
// fields beside At is set.
type Event struct {
	At      time.Time
	Sent    string // type of a message that was sent
	Server  any    // a message from signaling, as wire.ParseServer returns it
	Channel []byte // a message on the data channel
	Packet  *Packet
	State   string // of the peer connection; "open" when the data channel opened
	Closed  error  // the socket is gone
}

// Packet is one RTP packet of the interviewer's voice.
type Packet struct {
	Sequence  uint16
	Timestamp uint32
	Payload   []byte
}

// errLeft ends everything that a client runs.
var errLeft = errors.New("the client left")

// Join opens the socket and the peer connection and sends the offer. The
// client stays until Close.
func Join(ctx context.Context, cfg Config) (*Client, error) {
	if cfg.Label == "" {
		cfg.Label = "casey"
	}
	if cfg.Repeat == 0 {
		cfg.Repeat = 2 * time.Second
	}
	if cfg.Legacy {
		cfg.Label, cfg.Repeat = "downstream", -1
	} else if cfg.Peer == "" {
		cfg.Peer = interview.PeerName(rand.Text()[:12])
	}
	socket, err := dial(ctx, cfg.URL, cfg.Origin)
	if err != nil {
		return nil, err
	}
	run, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	c := &Client{cfg: cfg, socket: socket, changed: make(chan struct{}), leave: cancel}
	c.wg.Go(func() { c.read(run, socket) })
	if err := c.connect(run); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func dial(ctx context.Context, url, origin string) (*websocket.Conn, error) {
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	socket, response, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPHeader: header})
	if response != nil && response.Body != nil { // of a refusal
		defer func() { _ = response.Body.Close() }()
	}
	if err != nil {
		return nil, fmt.Errorf("join %s: %w", url, err)
	}
	socket.SetReadLimit(wire.MaxMessage)
	return socket, nil
}

// conn is the present WebSocket.
func (c *Client) conn() *websocket.Conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.socket
}

// connect makes the peer connection and sends its offer.
func (c *Client) connect(ctx context.Context) error {
	if err := c.newPeer(ctx); err != nil {
		return fmt.Errorf("peer connection: %w", err)
	}
	return c.Offer(ctx, wire.Offer{Interview: c.cfg.Interview, Session: c.cfg.Session, Resume: c.cfg.Resume, Want: c.cfg.Want}, nil)
}

// Offer makes an offer of the current peer connection and sends it, and again
// until there is an answer or an error. The peer's name and description are
// filled in.
func (c *Client) Offer(ctx context.Context, offer wire.Offer, opts *webrtc.OfferOptions) error {
	sdp, err := c.peer.CreateOffer(opts)
	if err != nil {
		return fmt.Errorf("create offer: %w", err)
	}
	if err := c.peer.SetLocalDescription(sdp); err != nil {
		return fmt.Errorf("set local description: %w", err)
	}
	c.mu.Lock()
	c.answer = false
	c.mu.Unlock()
	offer.SDP = wire.Description{Type: "offer", SDP: sdp.SDP}
	offer.Peer = c.cfg.Peer
	if err := c.Send(ctx, &offer); err != nil {
		return err
	}
	if c.cfg.Repeat > 0 {
		c.wg.Go(func() { c.repeat(ctx, &offer) })
	}
	return nil
}

// repeat sends the same offer again until it is answered, refused or waits.
func (c *Client) repeat(ctx context.Context, offer *wire.Offer) {
	since := 0
	for {
		quiet, cancel := context.WithTimeout(ctx, c.cfg.Repeat)
		e, next, err := c.next(quiet, since, settlesOffer)
		cancel()
		switch {
		case ctx.Err() != nil:
			return
		case err == nil && lost(e):
			since = next
		case err == nil:
			return
		}
		if c.Send(ctx, offer) != nil {
			return
		}
	}
}

// lost reports whether API Gateway itself failed: the message that was sent is
// to be counted as lost.
func lost(e Event) bool { _, failed := e.Server.(*wire.GatewayError); return failed }

func settlesOffer(e Event) bool {
	switch e.Server.(type) {
	case *wire.Answer, *wire.Error, *wire.WaitingTurn, *wire.Rejected, *wire.GatewayError:
		return true
	}
	return e.Closed != nil
}

// Send sends one message of wire.
func (c *Client) Send(ctx context.Context, message wire.Message) error {
	data := wire.Encode(message)
	return c.SendRaw(ctx, wire.TypeOf(data), data)
}

// SendRaw sends data as one text frame; of names it in the log of events.
func (c *Client) SendRaw(ctx context.Context, of string, data []byte) error {
	c.record(Event{Sent: of})
	if err := c.conn().Write(ctx, websocket.MessageText, data); err != nil {
		return fmt.Errorf("send %s: %w", of, err)
	}
	return nil
}

// read takes messages off the socket until it closes.
func (c *Client) read(ctx context.Context, socket *websocket.Conn) {
	for {
		_, data, err := socket.Read(ctx)
		if err != nil {
			c.record(Event{Closed: err})
			return
		}
		message, err := wire.ParseServer(data)
		if err != nil {
			c.record(Event{Closed: err})
			return
		}
		c.handle(message)
		c.record(Event{Server: message})
	}
}

// handle does with a message what a page does.
func (c *Client) handle(message wire.Message) {
	switch m := message.(type) {
	case *wire.Answer:
		c.mu.Lock()
		first := !c.answer
		c.answer = true
		c.mu.Unlock()
		if first {
			c.apply(m)
		}
	case *wire.ServerICE:
		c.recordError("add candidate", c.peer.AddICECandidate(webrtc.ICECandidateInit{
			Candidate: m.Candidate.Candidate, SDPMid: m.Candidate.SDPMid, SDPMLineIndex: m.Candidate.SDPMLineIndex,
		}))
	}
}

func (c *Client) apply(m *wire.Answer) {
	c.recordError("set remote description", c.peer.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: m.SDP.SDP}))
}

func (c *Client) recordError(what string, err error) {
	if err != nil {
		c.record(Event{State: what + ": " + err.Error()})
	}
}

// Close leaves: peer connection and socket are closed, and everything that
// the client ran has ended when it returns.
func (c *Client) Close() {
	c.closed.Do(func() {
		c.leave(errLeft)
		if c.peer != nil {
			c.recordError("close", c.peer.GracefulClose())
		}
		c.recordError("close", c.conn().CloseNow())
		if c.cfg.Road != nil {
			c.recordError("close", c.cfg.Road.Close())
		}
		c.wg.Wait()
	})
}
