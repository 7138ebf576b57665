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

// What a new stream is given again.
const (
	silentReplay = 5 * time.Second // when nobody was speaking as the last one broke: enough for a word that was just beginning
	lead         = time.Second     // before the first word, or voice, that has no final result
)

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
	o := &outlet{stream: stream, framing: framing}
	sender.Go(func() {
		unsent = r.send(ctx, o, at)
		r.lag.end()
		letItEnd(unsent, ended)
		_ = stream.Close() // ends its results
	})
	worked, err = r.read(ctx, stream, timeline{r.streams.Load(), &o.audio, r.gate.settle(at)})
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

// rewind returns where the audio of a new stream begins: after what is known for good, but
// not long before the words that are not, or the point at which the last stream broke if
// nobody spoke then. Silence that is heard again keeps the words after it waiting.
func (r *Recognition) rewind() time.Duration {
	select {
	case <-r.renew: // asked for while there was no stream
		r.suspect = true
	default:
	}
	from := r.gate.known()
	switch {
	case r.suspect:
	case r.speaking:
		from = max(from, r.began-lead)
	default:
		from = max(from, r.sent-silentReplay)
	}
	at, lost := r.tape.seek(from)
	r.dropped.Add(int64(lost))
	r.streams.Add(1)
	return at
}

// outlet is a stream as its sender has it. Positions are the tape's.
type outlet struct {
	stream  Stream
	framing Framing
	guard   *time.Timer   // closes a stream that does not take a chunk
	pace    time.Time     // when the next may be sent
	packets [][]byte      // of a chunk
	at      time.Duration // what comes next
	late    time.Duration // up to here it was withheld too long to wait for its pace
	audio   splices       // when what was sent was heard
	length  time.Duration // of what was sent
	end     time.Duration // of it
	refused int           // packets of it that were counted
}

// send gives the stream audio from position at on, as it is heard, but for the silence
// that is withheld, and returns why it does not go on.
func (r *Recognition) send(ctx context.Context, o *outlet, at time.Duration) error {
	r.gate.begin(at, r.tape.heard())
	r.lag.begin(at)
	o.at, o.end = at, at
	o.guard = time.AfterFunc(r.config.Stuck, func() { _ = o.stream.Close() })
	o.guard.Stop()
	for {
		select {
		case <-r.renew:
			return errRenewed
		case <-ctx.Done():
			return context.Cause(ctx)
		default:
		}
		wait, err := r.sendNext(ctx, o)
		if err != nil {
			return err
		}
		o.pace = time.Now().Add(wait)
	}
}

// waitForPace waits until the next chunk may be sent, which it mostly may by the time that
// it has been heard.
func (r *Recognition) waitForPace(ctx context.Context, o *outlet) error {
	wait := time.Until(o.pace)
	if wait <= 0 {
		return nil
	}
	select {
	case <-r.renew:
		return errRenewed
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(wait):
		return nil
	}
}

// sendNext sends the next chunk when it was heard, or withholds it, and returns how
// long the one after it has to wait.
func (r *Recognition) sendNext(ctx context.Context, o *outlet) (wait time.Duration, err error) {
	var end time.Duration
	if o.packets, end, err = r.tape.next(ctx, o.at, o.packets[:0]); err != nil {
		return 0, err
	}
	if err := r.waitForPace(ctx, o); err != nil {
		return 0, err
	}
	from, due := r.gate.next(o.at, end, r.tape.oldest())
	switch {
	case due && from < o.at:
		now := o.at
		o.at, _ = r.tape.seek(from)
		o.late = end
		r.withheld.Add(int64(o.at - now)) // until it is sent, or withheld again
		return 0, nil
	case due:
		if err := r.sendChunk(o, end); err != nil {
			return 0, err
		}
		if o.at >= o.late {
			wait = time.Duration(float64(end-o.at) / r.config.Speed)
		}
	default:
		r.withheld.Add(int64(end - o.at))
	}
	o.at = end
	r.sent = end
	r.lag.give(end)
	r.tape.settle(r.gate.known())
	return wait, nil
}

// sendChunk sends the next chunk, which ends at a position, or closes the stream when
// that takes too long.
func (r *Recognition) sendChunk(o *outlet, end time.Duration) error {
	chunk, err := o.framing.Frame(o.packets)
	if err != nil {
		return fmt.Errorf("frame audio: %w", err)
	}
	if f, ok := o.framing.(interface{ Refused() int }); ok {
		r.refused.Add(int64(f.Refused() - o.refused))
		o.refused = f.Refused()
	}
	if o.length == 0 || o.at != o.end {
		o.audio.add(o.length, o.at) // before results can come
	}
	o.guard.Reset(r.config.Stuck)
	err = o.stream.Send(chunk, end-o.at)
	if !o.guard.Stop() {
		return servicefailure.New(service, servicefailure.TimedOut, "audio was not taken for %v", r.config.Stuck)
	}
	o.length += end - o.at
	o.end = end
	r.gate.gone(end)
	return err
}

// read passes on the results of a stream.
func (r *Recognition) read(ctx context.Context, s Stream, timeline timeline) (worked bool, err error) {
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
			r.gate.await(false)
		}
		if !fresh {
			r.repeated.Add(1)
			continue
		}
		open = result
		r.speaking, r.began, r.suspect = result.Partial, result.began(), false
		r.gate.await(result.Partial)
		if !result.Partial {
			r.gate.settle(result.End)
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
