package pipeline

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/worker/recognition"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/session"
)

// streamLifetime limits how long a stream is kept for an interview that does not begin.
const streamLifetime = 45 * time.Second

// Prepare implements session.Preparer: it starts the stream of recognition,
// since an account may have only so many (Amazon Transcribe quotas: 25). Any
// other trouble is recognition's to live with.
func (t *Talk) Prepare(ctx context.Context, id interview.SessionID) (session.Talk, error) {
	latest := new(turnCounter)
	r := t.config.Recognizer(id, latest.number)
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	stream, err := r.Start(life)
	if err != nil {
		end()
		if f, ok := errors.AsType[*servicefailure.Error](err); ok && f.Kind == servicefailure.Throttled {
			return nil, fmt.Errorf("%w: %w", session.ErrNoRoom, err)
		}
		return t, nil
	}
	e := &earlyStream{Recognizer: r, stream: stream, end: end}
	e.mu.Lock()
	e.late = time.AfterFunc(streamLifetime, e.dropStream)
	e.mu.Unlock()
	ready := *t
	ready.turns = latest
	ready.config.Recognizer = func(interview.SessionID, func() int) recognition.Recognizer { return e }
	return &ready, nil
}

// earlyStream is a recogniser whose first stream was started before it was needed.
type earlyStream struct {
	recognition.Recognizer
	end context.CancelFunc // of the first stream

	mu     sync.Mutex
	late   *time.Timer
	stream recognition.Stream // nil = taken, or dropped
}

// Start implements recognition.Recognizer.
func (e *earlyStream) Start(ctx context.Context) (recognition.Stream, error) {
	stream := e.takeStream()
	if stream == nil {
		return e.Recognizer.Start(ctx)
	}
	context.AfterFunc(ctx, e.end)
	return stream, nil
}

func (e *earlyStream) takeStream() recognition.Stream {
	e.mu.Lock()
	defer e.mu.Unlock()
	stream := e.stream
	e.stream = nil
	e.late.Stop()
	return stream
}

func (e *earlyStream) dropStream() {
	if stream := e.takeStream(); stream != nil {
		e.end()
		_ = stream.Close() // nothing was heard on it
	}
}
