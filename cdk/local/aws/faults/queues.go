package faults

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"

	"casey.internal/shared/clock"
)

// Queues is SQS as it is: an http.Handler in front of a stand-in that delivers
// once, in order and at once.
//
// A message that is sent is acknowledged when its queue is known to exist, and
// delivered later, perhaps twice.
type Queues struct {
	injector  *Injector
	store     *upstream
	log       *slog.Logger
	delivered sync.WaitGroup
}

// NewQueues returns the proxy in front of endpoint.
func NewQueues(endpoint string, injector *Injector, log *slog.Logger) (*Queues, error) {
	store, err := newUpstream(endpoint)
	if err != nil {
		return nil, err
	}
	return &Queues{injector: injector, store: store, log: log}, nil
}

// Close waits until what is under way has been delivered. Nothing may be sent
// any more.
func (q *Queues) Close() {
	q.delivered.Wait()
	q.store.close()
}

// ServeHTTP passes a request on, late or with consequences.
func (q *Queues) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s := q.injector.Settings()
	if !admit(w, r, s.QueuesAway, milliseconds(s.QueuesSlowMS)) {
		return
	}
	switch operation(r) {
	case "ReceiveMessage":
		q.receive(w, r)
	case "SendMessage":
		q.send(w, r, s)
	default:
		q.store.proxy.ServeHTTP(w, r)
	}
}

func (q *Queues) send(w http.ResponseWriter, r *http.Request, s Settings) {
	if !s.delays() {
		q.store.proxy.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		cut(w)
		return
	}
	q.accept(w, r, body)
}

// message is the part of a SendMessage request that matters here.
type message struct {
	QueueURL   string               `json:"QueueUrl"`
	Body       *string              `json:"MessageBody"`
	Attributes map[string]attribute `json:"MessageAttributes"`
}

// accept acknowledges a message and sends its copies on their way. What cannot
// be acknowledged here (a queue that is not there; nonsense) goes straight to
// the stand-in.
func (q *Queues) accept(w http.ResponseWriter, r *http.Request, body []byte) {
	var m message
	if json.Unmarshal(body, &m) != nil || m.Body == nil || !q.exists(r, m.QueueURL) {
		q.store.forward(w, r, body)
		return
	}
	copies := 1
	if q.injector.chance(func(s Settings) float64 { return s.Duplicate }) {
		copies = 2
	}
	like := r.Header.Clone()
	ctx := context.WithoutCancel(r.Context())
	for range copies {
		q.delivered.Go(func() { q.deliver(ctx, like, body) })
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	_ = json.NewEncoder(w).Encode(m.acknowledgement()) // a sender that has gone needs none
}

// acknowledgement returns SQS's answer.
func (m message) acknowledgement() map[string]string {
	answer := map[string]string{"MessageId": newID(), "MD5OfMessageBody": bodySum(*m.Body)}
	if len(m.Attributes) > 0 {
		answer["MD5OfMessageAttributes"] = attributesSum(m.Attributes)
	}
	return answer
}

func (q *Queues) exists(r *http.Request, queue string) bool {
	in := map[string]any{"QueueUrl": queue, "AttributeNames": []string{"QueueArn"}}
	return q.store.call(r.Context(), r.Header, "AmazonSQS.GetQueueAttributes", in, nil) == nil
}

// deliver hands one copy to the stand-in when its time has come.
func (q *Queues) deliver(ctx context.Context, like http.Header, body []byte) {
	s := q.injector.Settings()
	delay := q.injector.between(milliseconds(s.DelayMinMS), milliseconds(s.DelayMaxMS))
	if q.injector.chance(func(Settings) float64 { return 0.5 }) {
		delay += q.injector.between(0, milliseconds(s.ShuffleMS))
	}
	_ = clock.Sleep(ctx, delay) // ctx has no end
	_, status, err := q.store.send(ctx, like, "AmazonSQS.SendMessage", body)
	if err != nil || status != http.StatusOK {
		q.log.Debug("queue message lost: its queue has gone meanwhile", "status", status, "error", err)
	}
}

// newID has the shape of SQS's message ids.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
