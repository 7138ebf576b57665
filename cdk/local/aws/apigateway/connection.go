package apigateway

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// writeLimit is the longest that a client may take to accept a message before its
// connection counts as broken.
const writeLimit = 10 * time.Second

// errBusy is the error of post when too many posts wait for the socket already.
var errBusy = errors.New("the client's buffer is full")

// errGone is the error of post when the client went before the upgrade.
var errGone = errors.New("the client has gone")

// ending says how a connection ended: a WebSocket close code (RFC 6455, section
// 7.4) and a reason.
type ending struct {
	code   websocket.StatusCode
	reason string
}

var (
	goingAway         = ending{websocket.StatusGoingAway, "Going away"}
	binaryFrame       = ending{websocket.StatusUnsupportedData, "Binary frames are not supported"}
	tooBig            = ending{websocket.StatusMessageTooBig, "Message too big"}
	deleted           = ending{websocket.StatusNormalClosure, "Connection closed by the API"}
	goneBeforeUpgrade = ending{websocket.StatusAbnormalClosure, "Connection closed abnormally"}
)

// connection is one client's socket.
type connection struct {
	id        string
	at        time.Time
	ip, agent string
	principal string // whom the authorizer let in; "" without one

	idle, life time.Duration
	opened     chan struct{}   // closed when ws is there, or will never be
	ws         *websocket.Conn // nil if the client went before the upgrade
	last       atomic.Int64    // when something last passed, in Unix nanoseconds
	pending    atomic.Int32    // posts that wait for the socket
	closing    chan ending     // the first order to close it
	ended      chan struct{}
}

// close orders the connection closed and does not wait for it. Only the first
// order counts.
func (c *connection) close(how ending) {
	select {
	case c.closing <- how:
	default:
	}
}

// run hands each text message to receive until the socket ends.
func (c *connection) run(ctx context.Context, receive func(string)) ending {
	var watching sync.WaitGroup
	var ordered ending
	watching.Go(func() { ordered = c.watch() })
	err := c.read(ctx, receive)
	close(c.ended)
	watching.Wait()
	_ = c.ws.CloseNow()
	if ordered != (ending{}) {
		return ordered
	}
	return endingOf(err)
}

// read ends with the socket, or at the first thing a client must not send.
func (c *connection) read(ctx context.Context, receive func(string)) error {
	for {
		kind, body, err := c.ws.Read(ctx)
		switch {
		case errors.Is(err, websocket.ErrMessageTooBig):
			c.close(tooBig)
			return err
		case err != nil:
			return err
		case len(c.closing) > 0:
			return nil
		case kind != websocket.MessageText:
			c.close(binaryFrame)
			return nil
		}
		c.touch()
		receive(string(body))
	}
}

// watch closes the socket when it is ordered to, or when the connection is too
// old or silent; it tells if it did.
func (c *connection) watch() ending {
	life, idle := time.NewTimer(c.life), time.NewTimer(c.idle)
	defer life.Stop()
	defer idle.Stop()
	for {
		select {
		case how := <-c.closing:
			return c.shut(how)
		case <-c.ended:
			select {
			case how := <-c.closing:
				return c.shut(how)
			default:
				return ending{}
			}
		case <-life.C:
			return c.shut(goingAway)
		case <-idle.C:
			silent := time.Since(time.Unix(0, c.last.Load()))
			if silent >= c.idle {
				return c.shut(goingAway)
			}
			idle.Reset(c.idle - silent)
		}
	}
}

// shut sends the close frame and waits a little for the client's.
func (c *connection) shut(how ending) ending {
	_ = c.ws.Close(how.code, how.reason)
	return how
}

// post sends a text message to the client; it waits for an upgrade that is
// under way.
func (c *connection) post(ctx context.Context, body []byte) error {
	defer c.pending.Add(-1)
	if c.pending.Add(1) > maxPending {
		return errBusy
	}
	ctx, cancel := context.WithTimeout(ctx, writeLimit)
	defer cancel()
	select {
	case <-c.opened:
	case <-ctx.Done():
		return fmt.Errorf("wait for the upgrade: %w", ctx.Err())
	}
	if c.ws == nil {
		return errGone
	}
	if err := c.ws.Write(ctx, websocket.MessageText, body); err != nil {
		return fmt.Errorf("write to the client: %w", err)
	}
	c.touch()
	return nil
}

func (c *connection) touch() { c.last.Store(time.Now().UnixNano()) }

func (c *connection) lastActive() time.Time { return time.Unix(0, c.last.Load()) }

// endingOf reads how the client ended the connection out of the error of the
// last read.
func endingOf(err error) ending {
	if closed, ok := errors.AsType[websocket.CloseError](err); ok {
		return ending{closed.Code, closed.Reason}
	}
	return ending{websocket.StatusAbnormalClosure, "Connection closed abnormally"}
}
