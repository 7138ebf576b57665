package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// CreateInbox makes an inbox queue and returns its URL. The name must be new
// with every boot: a deleted name stays taken for a minute.
func (q *Queue) CreateInbox(ctx context.Context, name string) (string, error) {
	return create(ctx, q.client, name)
}

// InboxURL returns the URL of an inbox before it is made: queues of one account and
// region differ in their names alone
// (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html).
func (q *Queue) InboxURL(name string) string {
	return q.dispatch[:strings.LastIndex(q.dispatch, "/")+1] + name
}

// SendInbox sends a message to a worker. ErrNoQueue: the worker is gone.
func (q *Queue) SendInbox(ctx context.Context, url string, m Inbox) error {
	return q.send(ctx, url, m)
}

// ReceiveInbox takes the messages of an inbox, and waits for the first at most
// wait, in whole seconds. What is none of ours is removed and reported as the
// error, beside the others.
func (q *Queue) ReceiveInbox(ctx context.Context, url string, wait time.Duration) ([]InboxDelivery, error) {
	messages, err := q.receive(ctx, url, MaxReceive, wait)
	if err != nil {
		return nil, err
	}
	var deliveries []InboxDelivery
	var errs []error
	for _, m := range messages {
		d := InboxDelivery{Receipt: aws.ToString(m.ReceiptHandle)}
		if err := json.Unmarshal([]byte(aws.ToString(m.Body)), &d.Inbox); err != nil {
			errs = append(errs, fmt.Errorf("decode inbox message: %w", err), q.remove(ctx, url, d.Receipt))
			continue
		}
		deliveries = append(deliveries, d)
	}
	return deliveries, errors.Join(errs...)
}

// DeleteInboxMessages removes messages that were received.
func (q *Queue) DeleteInboxMessages(ctx context.Context, url string, receipts ...string) error {
	var errs []error
	for _, receipt := range receipts {
		errs = append(errs, q.remove(ctx, url, receipt))
	}
	return errors.Join(errs...)
}

// DeleteInbox removes an inbox with what is in it. It is no error when it is
// gone already.
func (q *Queue) DeleteInbox(ctx context.Context, url string) error {
	_, err := q.client.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: &url})
	if err = named(err); err != nil && !errors.Is(err, ErrNoQueue) {
		return fmt.Errorf("delete %s: %w", url, err)
	}
	return nil
}
