package transcribe

import (
	"io"
	"sync"
	"time"
)

// uplink is the audio of a stream on its way: Send puts an event in, which the HTTP
// transport's goroutine takes out as the body of the request. It holds one event, so
// that Send blocks as long as the service takes none.
type uplink struct {
	frames frames

	mu      sync.Mutex
	changed sync.Cond // waited for by one: Send while there is something, Read while there is not
	buffer  []byte    // the last event
	unread  []byte    // what is left of it
	closed  bool
}

func newUplink(f frames) *uplink {
	u := &uplink{frames: f}
	u.changed.L = &u.mu
	return u
}

// send puts in one event of audio; io.ErrClosedPipe when there is nobody to take it.
func (u *uplink) send(audio []byte) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	for len(u.unread) > 0 && !u.closed {
		u.changed.Wait()
	}
	if u.closed {
		return io.ErrClosedPipe
	}
	u.buffer = u.frames.append(u.buffer[:0], audio, time.Now())
	u.unread = u.buffer
	u.changed.Signal()
	return nil
}

// Read implements io.Reader.
func (u *uplink) Read(p []byte) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for len(u.unread) == 0 && !u.closed {
		u.changed.Wait()
	}
	if u.closed {
		return 0, io.EOF
	}
	n := copy(p, u.unread)
	if u.unread = u.unread[n:]; len(u.unread) == 0 {
		u.changed.Signal()
	}
	return n, nil
}

// Close implements io.Closer: nothing more is taken or put in.
func (u *uplink) Close() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.closed = true
	u.changed.Broadcast()
	return nil
}
