package soak

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"casey.internal/shared/interview"
	"casey.internal/shared/store"
)

// stored is the content of queues and table.
type stored struct {
	queues, messages  int64
	running           int64 // rows of sessions that neither ended nor are paused
	workers           int64
	lasting, expiring int64 // rows without and with a time at which they expire
}

// stores asks both.
type stores struct {
	queues *sqs.Client
	table  *dynamodb.Client
}

func newStores(cfg aws.Config) stores {
	return stores{sqs.NewFromConfig(cfg), dynamodb.NewFromConfig(cfg)}
}

func (s stores) look(ctx context.Context) (stored, error) {
	var all stored
	if err := all.countMessages(ctx, s.queues); err != nil {
		return all, err
	}
	return all, all.countRows(ctx, s.table)
}

func (a *stored) countMessages(ctx context.Context, client *sqs.Client) error {
	queues, err := client.ListQueues(ctx, &sqs.ListQueuesInput{})
	if err != nil {
		return fmt.Errorf("count messages: %w", err)
	}
	a.queues = int64(len(queues.QueueUrls))
	counts := []types.QueueAttributeName{
		types.QueueAttributeNameApproximateNumberOfMessages, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
		types.QueueAttributeNameApproximateNumberOfMessagesDelayed,
	}
	for _, url := range queues.QueueUrls {
		out, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: counts})
		if err != nil {
			return fmt.Errorf("count messages: %w", err)
		}
		for _, n := range out.Attributes {
			count, err := strconv.ParseInt(n, 10, 64)
			if err != nil {
				return fmt.Errorf("count messages: %w", err)
			}
			a.messages += count
		}
	}
	return nil
}

func (a *stored) countRows(ctx context.Context, client *dynamodb.Client) error {
	table := "casey"
	pages := dynamodb.NewScanPaginator(client, &dynamodb.ScanInput{TableName: &table, ConsistentRead: aws.Bool(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("count rows: %w", err)
		}
		for _, row := range page.Items {
			a.countRow(row)
		}
	}
	return nil
}

func (a *stored) countRow(row map[string]dynamodbtypes.AttributeValue) {
	text := func(name string) string {
		if s, ok := row[name].(*dynamodbtypes.AttributeValueMemberS); ok {
			return s.Value
		}
		return ""
	}
	if _, expires := row[store.TableShape().Expires].(*dynamodbtypes.AttributeValueMemberN); expires {
		a.expiring++
	} else {
		a.lasting++
	}
	switch state := interview.State(text("state")); {
	case strings.HasPrefix(text("pk"), "worker"):
		a.workers++
	case state == interview.Waiting, state == interview.Claimed, state == interview.Answered, state == interview.Moving:
		a.running++
	}
}
