package faults

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
)

// receive passes a long poll on and lets it end even if the caller has gone:
// the stand-in would otherwise hand the next message to nobody, and it would be
// missing until its visibility timeout. SQS notices that a poller has died.
func (q *Queues) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		cut(w)
		return
	}
	ctx, like := context.WithoutCancel(r.Context()), r.Header.Clone()
	answer, status, err := q.store.send(ctx, like, "AmazonSQS.ReceiveMessage", body)
	switch {
	case err != nil:
		cut(w)
	case status != http.StatusOK:
		q.store.forward(w, r, body) // for the whole error, headers included
	case r.Context().Err() != nil:
		q.giveBack(ctx, like, body, answer)
	default:
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = w.Write(answer)
	}
}

// giveBack makes messages visible again that nobody has received.
func (q *Queues) giveBack(ctx context.Context, like http.Header, poll, answer []byte) {
	var queue struct {
		QueueURL string `json:"QueueUrl"`
	}
	var received struct {
		Messages []struct{ ReceiptHandle string }
	}
	if json.Unmarshal(poll, &queue) != nil || json.Unmarshal(answer, &received) != nil {
		return
	}
	for _, m := range received.Messages {
		in := map[string]any{"QueueUrl": queue.QueueURL, "ReceiptHandle": m.ReceiptHandle, "VisibilityTimeout": 0}
		if err := q.store.call(ctx, like, "AmazonSQS.ChangeMessageVisibility", in, nil); err != nil {
			q.log.Debug("message of a dead poll stays hidden", "error", err)
		}
	}
}
