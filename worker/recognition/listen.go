package recognition

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"casey.internal/worker/servicefailure"
)

const service = "recognition"

// Why streams end that the service did not end.
var (
	errEnded   = servicefailure.New(service, servicefailure.Broken, "stream ended")
	errRenewed = servicefailure.New(service, servicefailure.Broken, "replaced: somebody spoke and nothing was recognised")
)

// silentReplay is how much a new stream hears again when nobody was speaking
// when the last one broke: enough for a word that was just beginning.
const silentReplay = 5 * time.Second

// listen runs one stream. worked says whether it gave a result; err is nil when
// it came to its end after Finish.
func (e *Recognition) listen(parent context.Context) (worked bool, err error) {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	framing, err := e.config.Framing()
	if err != nil {
		return false, fmt.Errorf("begin a stream's audio: %w", err)
	}
	stream, err := e.recognizer.Start(ctx)
	if err != nil {
		return false, err
	}
	at := e.rewind()
	var sender sync.WaitGroup
	var unsent error
	ended := make(chan struct{})
	sender.Go(func() {
		if unsent = e.send(ctx, stream, framing, at); unsent != nil {
			letItEnd(unsent, ended)
			_ = stream.Close() // ends its results
		}
	})
	worked, err = e.read(ctx, stream, at)
	close(ended)
	cancel(errEnded)
	_ = stream.Close()
	sender.Wait()
	if err == nil || errors.Is(err, context.Canceled) { // the sender knows whether that is right
		err = unsent
	}
	e.suspect = e.suspect || errors.Is(err, errRenewed)
	return worked, err
}

// letItEnd gives a stream that takes no more audio a moment to say why: its
// results end with the service's reason, and sending fails for many.
func letItEnd(err error, ended <-chan struct{}) {
	if errors.Is(err, errRenewed) {
		return
	}
	select {
	case <-ended:
	case <-time.After(time.Second):
	}
}

// rewind returns where the audio of a new stream begins: after what is known
// for good, but not long before the point at which the last stream broke if
// nobody spoke then.
func (e *Recognition) rewind() time.Duration {
	select {
	case <-e.renew: // asked for while there was no stream
		e.suspect = true
	default:
	}
	from := e.covered
	if !e.speaking && !e.suspect {
		from = max(from, e.sent-silentReplay)
	}
	at, lost := e.tape.seek(from)
	e.dropped.Add(int64(lost))
	e.covered = max(e.covered, at)
	e.streams.Add(1)
	return at
}

// send gives the stream audio from position at on, as it is heard.
func (e *Recognition) send(ctx context.Context, s Stream, framing Framing, at time.Duration) error {
	for {
		select {
		case <-e.renew:
			return errRenewed
		default:
		}
		page, outcome, err := e.tape.next(ctx, at)
		switch {
		case err != nil:
			return err
		case outcome == over:
			return e.finishStream(ctx, s)
		case outcome == forgotten:
			return servicefailure.New(service, servicefailure.Broken, "more than %v behind", e.config.Keep)
		}
		chunk, err := framing.Frame(page.data)
		if err != nil {
			return fmt.Errorf("frame audio: %w", err)
		}
		if err := e.sendInTime(s, chunk); err != nil {
			return err
		}
		at = page.end
		e.sent = at
	}
}

// sendInTime sends a chunk, or closes the stream when that takes too long.
func (e *Recognition) sendInTime(s Stream, chunk []byte) error {
	guard := time.AfterFunc(e.config.Stuck, func() { _ = s.Close() })
	err := s.Send(chunk)
	if !guard.Stop() {
		return servicefailure.New(service, servicefailure.TimedOut, "audio was not taken for %v", e.config.Stuck)
	}
	return err
}

// finishStream ends the audio and waits for the results' end, not for ever.
func (e *Recognition) finishStream(ctx context.Context, s Stream) error {
	if err := s.CloseSend(); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-time.After(e.config.Drain):
		_ = s.Close()
	}
	return nil
}

// read passes on the results of a stream whose audio began at position origin.
func (e *Recognition) read(ctx context.Context, s Stream, origin time.Duration) (worked bool, err error) {
	timeline := timeline{
		stream: e.streams.Load(), origin: origin, known: e.covered,
	}
	var open Result // the last one, while it is partial
	for r, err := range s.Results() {
		if err != nil {
			return worked, err
		}
		worked = true
		r, fresh := timeline.place(r)
		if open.Partial && (open.ID != r.ID || !fresh) {
			if err := e.pass(ctx, Result{ID: open.ID, Start: open.Start, End: open.Start}); err != nil {
				return worked, err
			}
			open = Result{}
		}
		if !fresh {
			e.repeated.Add(1)
			continue
		}
		open = r
		e.speaking, e.suspect = r.Partial, false
		if !r.Partial {
			e.covered = max(e.covered, r.End)
		}
		if err := e.pass(ctx, r); err != nil {
			return worked, err
		}
	}
	return worked, nil
}

// pass passes a result on.
func (e *Recognition) pass(ctx context.Context, r Result) error {
	select {
	case e.results <- r:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
