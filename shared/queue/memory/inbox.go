package memory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"casey.internal/shared/queue"
)

// InboxURL is queue.Queue.InboxURL.
func (q *Queue) InboxURL(name string) string { return "memory:inbox/" + name }

// CreateInbox is queue.Queue.CreateInbox.
func (q *Queue) CreateInbox(_ context.Context, name string) (string, error) {
	url := q.InboxURL(name)
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.boxes[url] == nil {
		q.boxes[url] = newBox()
	}
	return url, nil
}

// SendInbox is queue.Queue.SendInbox.
func (q *Queue) SendInbox(ctx context.Context, url string, m queue.Inbox) error {
	return q.send(ctx, url, m)
}

// ReceiveInbox is queue.Queue.ReceiveInbox.
func (q *Queue) ReceiveInbox(ctx context.Context, url string, wait time.Duration) ([]queue.InboxDelivery, error) {
	found, err := q.receive(ctx, url, queue.MaxReceive, wait)
	var deliveries []queue.InboxDelivery
	for _, m := range found {
		d := queue.InboxDelivery{Receipt: m.receipt}
		if err := json.Unmarshal(m.body, &d.Inbox); err != nil {
			return nil, fmt.Errorf("decode inbox message: %w", err)
		}
		deliveries = append(deliveries, d)
	}
	return deliveries, err
}

// DeleteInboxMessages is queue.Queue.DeleteInboxMessages.
func (q *Queue) DeleteInboxMessages(_ context.Context, url string, receipts ...string) error {
	var errs []error
	for _, receipt := range receipts {
		errs = append(errs, q.remove(url, receipt))
	}
	return errors.Join(errs...)
}

// DeleteInbox is queue.Queue.DeleteInbox.
func (q *Queue) DeleteInbox(_ context.Context, url string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if b := q.boxes[url]; b != nil {
		delete(q.boxes, url)
		b.wake()
	}
	return nil
}
