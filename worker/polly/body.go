package polly

import (
	"cmp"
	"context"
	"errors"
	"io"
	"sync"

	"casey.internal/worker/servicefailure"
)

// maxBody is a limit, in bytes, above the sound of any text of MaxText characters.
const maxBody = 8 << 20

// body is an answer of Polly that is received at the network's speed and read
// at the caller's.
type body struct {
	cancel context.CancelCauseFunc
	done   chan struct{} // closed when all has been received, or nothing more will be

	mu    sync.Mutex
	more  sync.Cond
	data  []byte
	ended error // io.EOF when the answer is complete
}

// receiver has the functions by which a body tells its call how it is received.
type receiver struct {
	progress func()                  // something came
	cancel   context.CancelCauseFunc // of the call
	ended    func(err error)         // nothing more comes; nil = complete
}

// receive starts to receive from; the body's Close waits for its end.
func receive(ctx context.Context, from io.ReadCloser, r receiver) *body {
	b := &body{cancel: r.cancel, done: make(chan struct{})}
	b.more.L = &b.mu
	go func() {
		defer close(b.done)
		err := b.fill(from, r.progress)
		_ = from.Close() // read to its end, or of no interest any more
		err = servicefailure.Why(ctx, service, err)
		b.end(err)
		r.cancel(nil)
		r.ended(err)
	}()
	return b
}

// fill reads to the answer's end.
func (b *body) fill(from io.Reader, progress func()) error {
	piece := make([]byte, 4096)
	for size := 0; size <= maxBody; {
		n, err := from.Read(piece)
		size += n
		if n > 0 {
			progress()
			b.append(piece[:n])
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return servicefailure.New(service, servicefailure.Broken, "an answer of more than %d bytes", maxBody)
}

func (b *body) append(piece []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.data = append(b.data, piece...)
	b.more.Signal()
}

func (b *body) end(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = cmp.Or(err, io.EOF)
	b.more.Signal()
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.data) == 0 && b.ended == nil {
		b.more.Wait()
	}
	if len(b.data) == 0 {
		return 0, b.ended
	}
	n := copy(p, b.data)
	b.data = b.data[n:]
	return n, nil
}

// Close implements io.Closer: what has not been received yet is not wanted.
func (b *body) Close() error {
	b.cancel(context.Canceled)
	<-b.done
	return nil
}
