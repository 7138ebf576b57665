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

// Errors of streams that the service did not end.
var (
	errEnded   = servicefailure.New(service, servicefailure.Broken, "stream ended")
	errRenewed = servicefailure.New(service, servicefailure.Broken, "replaced: somebody spoke and nothing was recognised")
)

// silentReplay is the audio that a new stream gets again when nobody was speaking
// as the last one broke: enough for a word that was just beginning.
const silentReplay = 5 * time.Second

// runStream runs one stream. worked says whether it gave a result, err why it ended.
func (r *Recognition) runStream(parent context.Context) (worked bool, err error) {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	framing, err := r.config.Framing()
	if err != nil {
		return false, fmt.Errorf("begin a stream's audio: %w", err)
	}
	stream, err := r.recognizer.Start(ctx)
	if err != nil {
		return false, err
	}
	at := r.rewind()
	var sender sync.WaitGroup
	var unsent error
	ended := make(chan struct{})
	sender.Go(func() {
		unsent = r.send(ctx, stream, framing, at)
		letItEnd(unsent, ended)
		_ = stream.Close() // ends its results
	})
	worked, err = r.read(ctx, stream, at)
	close(ended)
	cancel(errEnded)
	_ = stream.Close()
	sender.Wait()
	if err == nil || errors.Is(err, context.Canceled) { // the sender knows why
		err = unsent
	}
	r.suspect = r.suspect || errors.Is(err, errRenewed)
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
func (r *Recognition) rewind() time.Duration {
	select {
	case <-r.renew: // asked for while there was no stream
		r.suspect = true
	default:
	}
	from := r.covered
	if !r.speaking && !r.suspect {
		from = max(from, r.sent-silentReplay)
	}
	at, lost := r.tape.seek(from)
	r.dropped.Add(int64(lost))
	r.covered = max(r.covered, at)
	r.streams.Add(1)
	return at
}

// send gives the stream audio from position at on, as it is heard, and returns
// why it does not go on.
func (r *Recognition) send(ctx context.Context, s Stream, framing Framing, at time.Duration) error {
	var packets [][]byte
	refused := 0             // that were counted
	pace := time.NewTimer(0) // until the next chunk may be sent
	defer pace.Stop()
	for {
		select {
		case <-r.renew:
			return errRenewed
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-pace.C:
		}
		var end time.Duration
		var err error
		packets, end, err = r.tape.next(ctx, at, packets[:0])
		if err != nil {
			return err
		}
		chunk, err := framing.Frame(packets)
		if err != nil {
			return fmt.Errorf("frame audio: %w", err)
		}
		if f, ok := framing.(interface{ Refused() int }); ok {
			r.refused.Add(int64(f.Refused() - refused))
			refused = f.Refused()
		}
		pace.Reset(time.Duration(float64(end-at) / r.config.Speed))
		if err := r.sendInTime(s, chunk, end-at); err != nil {
			return err
		}
		at = end
		r.sent = at
	}
}

// sendInTime sends a chunk, or closes the stream when that takes too long.
func (r *Recognition) sendInTime(s Stream, chunk []byte, length time.Duration) error {
	guard := time.AfterFunc(r.config.Stuck, func() { _ = s.Close() })
	err := s.Send(chunk, length)
	if !guard.Stop() {
		return servicefailure.New(service, servicefailure.TimedOut, "audio was not taken for %v", r.config.Stuck)
	}
	return err
}

// read passes on the results of a stream whose audio began at position origin.
func (r *Recognition) read(ctx context.Context, s Stream, origin time.Duration) (worked bool, err error) {
	timeline := timeline{
		stream: r.streams.Load(), origin: origin, known: r.covered,
	}
	var open Result // the last one, while it is partial
	for result, err := range s.Results() {
		if err != nil {
			return worked, err
		}
		worked = true
		result, fresh := timeline.place(result)
		if open.Partial && (open.ID != result.ID || !fresh) {
			if err := r.deliver(ctx, Result{ID: open.ID, Start: open.Start, End: open.Start}); err != nil {
				return worked, err
			}
			open = Result{}
		}
		if !fresh {
			r.repeated.Add(1)
			continue
		}
		open = result
		r.speaking, r.suspect = result.Partial, false
		if !result.Partial {
			r.covered = max(r.covered, result.End)
		}
		if err := r.deliver(ctx, result); err != nil {
			return worked, err
		}
	}
	return worked, nil
}

// deliver passes a result on.
func (r *Recognition) deliver(ctx context.Context, result Result) error {
	select {
	case r.results <- result:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
