package memory

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"casey.internal/shared/queue"
)

// SendDispatch is queue.Queue.SendDispatch.
func (q *Queue) SendDispatch(ctx context.Context, d queue.Dispatch) error {
	return q.send(ctx, dispatch, d)
}

// ReceiveDispatch is queue.Queue.ReceiveDispatch.
func (q *Queue) ReceiveDispatch(ctx context.Context, limit int, wait time.Duration) ([]queue.Delivery, error) {
	found, err := q.receive(ctx, dispatch, min(limit, queue.MaxReceive), wait)
	var deliveries []queue.Delivery
	for _, m := range found {
		d := queue.Delivery{Receipt: m.receipt, Received: m.received}
		if err := json.Unmarshal(m.body, &d.Dispatch); err != nil {
			return nil, fmt.Errorf("decode dispatch: %w", err)
		}
		deliveries = append(deliveries, d)
	}
	return deliveries, err
}

// Extend is queue.Queue.Extend.
func (q *Queue) Extend(_ context.Context, receipt string, d time.Duration) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	b := q.boxes[dispatch]
	for _, m := range b.messages {
		if m.receipt == receipt {
			m.visible = time.Now().Add(d)
			b.wake()
			return nil
		}
	}
	return fmt.Errorf("extend: %w", queue.ErrReceipt)
}

// Delete is queue.Queue.Delete.
func (q *Queue) Delete(_ context.Context, receipt string) error { return q.remove(dispatch, receipt) }

// DeadLetter is queue.Queue.DeadLetter.
func (q *Queue) DeadLetter(ctx context.Context, d queue.Delivery, _ string) error {
	return q.Delete(ctx, d.Receipt)
}
