package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"casey.internal/shared/httpbody"
	"casey.internal/shared/interview"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// deadSuffix makes the name, and the URL, of the queue of dispatch messages
// that were put aside.
const deadSuffix = "-dead"

// DeadName returns the name of the queue of dispatch messages that were put
// aside, given the dispatch queue's.
func DeadName(dispatch string) string { return dispatch + deadSuffix }

// Queue is the dispatch queue and whatever inboxes there are. It is safe for
// use by many goroutines.
type Queue struct {
	client   *sqs.Client
	dispatch string
}

// New returns the queues; dispatchURL is the dispatch queue's (Create says
// which shape).
func New(cfg aws.Config, dispatchURL string) *Queue {
	client := sqs.NewFromConfig(cfg, func(o *sqs.Options) { o.HTTPClient = httpbody.Client(cfg.HTTPClient) })
	return &Queue{client: client, dispatch: dispatchURL}
}

// Create makes the dispatch queue and the one for messages put aside, and
// returns the dispatch queue's URL. Queues that exist stay as they are.
func Create(ctx context.Context, cfg aws.Config, name string) (string, error) {
	client := sqs.NewFromConfig(cfg)
	for _, n := range []string{DeadName(name), name} {
		if _, err := create(ctx, client, n); err != nil {
			return "", err
		}
	}
	out, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name})
	if err != nil {
		return "", fmt.Errorf("find queue %s: %w", name, err)
	}
	return *out.QueueUrl, nil
}

func create(ctx context.Context, client *sqs.Client, name string) (string, error) {
	out, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{
		QueueName: &name,
		Attributes: map[string]string{
			string(types.QueueAttributeNameVisibilityTimeout): seconds(interview.Visibility),
		},
	})
	if err != nil {
		return "", fmt.Errorf("create queue %s: %w", name, err)
	}
	return *out.QueueUrl, nil
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

// SendDispatch says that an offer waits.
func (q *Queue) SendDispatch(ctx context.Context, d Dispatch) error {
	return q.send(ctx, q.dispatch, d)
}

// send puts v, as JSON, into a queue.
func (q *Queue) send(ctx context.Context, url string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	text := string(body)
	if _, err := q.client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &text}); err != nil {
		return fmt.Errorf("send to %s: %w", url, named(err))
	}
	return nil
}

// named gives SQS's errors that callers act on their names here.
func named(err error) error {
	if _, gone := errors.AsType[*types.QueueDoesNotExist](err); gone {
		return errors.Join(ErrNoQueue, err)
	}
	_, invalid := errors.AsType[*types.ReceiptHandleIsInvalid](err)
	_, idle := errors.AsType[*types.MessageNotInflight](err)
	if invalid || idle {
		return errors.Join(ErrReceipt, err)
	}
	return err
}

// receive waits at most wait, in whole seconds, for up to limit messages.
func (q *Queue) receive(ctx context.Context, url string, limit int, wait time.Duration) ([]types.Message, error) {
	out, err := q.client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl:                    &url,
		MaxNumberOfMessages:         int32(min(limit, MaxReceive)),
		WaitTimeSeconds:             int32(min(wait, MaxWait) / time.Second),
		VisibilityTimeout:           int32(interview.Visibility / time.Second),
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameApproximateReceiveCount},
	})
	if err != nil {
		return nil, fmt.Errorf("receive from %s: %w", url, named(err))
	}
	return out.Messages, nil
}

// ReceiveDispatch takes up to limit dispatch messages (at most MaxReceive),
// and waits for the first at most wait, in whole seconds, at most MaxWait. A
// message that is none is put aside. Let a poll end by itself where you can:
// a message may be given to a poll that was broken off, and is back only after
// interview.Visibility.
func (q *Queue) ReceiveDispatch(ctx context.Context, limit int, wait time.Duration) ([]Delivery, error) {
	messages, err := q.receive(ctx, q.dispatch, limit, wait)
	if err != nil {
		return nil, err
	}
	var deliveries []Delivery
	var errs []error
	for _, m := range messages {
		d := Delivery{Receipt: aws.ToString(m.ReceiptHandle)}
		d.Received, _ = strconv.Atoi(m.Attributes[string(types.MessageSystemAttributeNameApproximateReceiveCount)])
		if err := json.Unmarshal([]byte(aws.ToString(m.Body)), &d.Dispatch); err != nil {
			errs = append(errs, q.putAside(ctx, d.Receipt, aws.ToString(m.Body), "not a dispatch message"))
			continue
		}
		deliveries = append(deliveries, d)
	}
	return deliveries, errors.Join(errs...)
}

// Extend makes a received dispatch message invisible for d from now on, in
// whole seconds; 0 = visible again at once. ErrReceipt: it is too late.
func (q *Queue) Extend(ctx context.Context, receipt string, d time.Duration) error {
	_, err := q.client.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{
		QueueUrl: &q.dispatch, ReceiptHandle: &receipt, VisibilityTimeout: int32((d + time.Second - 1) / time.Second),
	})
	if err != nil {
		return fmt.Errorf("extend: %w", named(err))
	}
	return nil
}

// Delete removes a dispatch message that was received. It is no error when it
// is gone already.
func (q *Queue) Delete(ctx context.Context, receipt string) error {
	return q.remove(ctx, q.dispatch, receipt)
}

func (q *Queue) remove(ctx context.Context, url, receipt string) error {
	_, err := q.client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: &receipt})
	if err = named(err); err != nil && !errors.Is(err, ErrReceipt) {
		return fmt.Errorf("delete from %s: %w", url, err)
	}
	return nil
}

// DeadLetter puts a dispatch message that cannot be handled aside, with the
// reason, for a person to look at.
func (q *Queue) DeadLetter(ctx context.Context, d Delivery, reason string) error {
	body, err := json.Marshal(d.Dispatch)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	return q.putAside(ctx, d.Receipt, string(body), reason)
}

func (q *Queue) putAside(ctx context.Context, receipt, body, reason string) error {
	dead := q.dispatch + deadSuffix
	_, err := q.client.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl: &dead, MessageBody: &body,
		MessageAttributes: map[string]types.MessageAttributeValue{
			"reason": {DataType: new("String"), StringValue: &reason},
		},
	})
	if err != nil {
		return fmt.Errorf("put aside: %w", err)
	}
	return q.Delete(ctx, receipt)
}
