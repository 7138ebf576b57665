// Package cloudwatch keeps the usage log in Amazon CloudWatch Logs.
package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"casey.internal/worker/ledger"
)

// Log is a stream of a log group; it implements ledger.Log.
type Log struct {
	client        *cloudwatchlogs.Client
	group, stream string
	made          bool
}

// New returns the stream of a log group, which must exist; the stream is made
// with the first line. One goroutine may use it.
func New(cfg aws.Config, group, stream string) *Log {
	return &Log{client: cloudwatchlogs.NewFromConfig(cfg), group: group, stream: stream}
}

// Put writes lines.
//
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
func (l *Log) Put(ctx context.Context, lines []ledger.Line) error {
	if err := l.make(ctx); err != nil {
		return err
	}
	events := make([]types.InputLogEvent, 0, len(lines))
	for _, line := range lines {
		events = append(events, types.InputLogEvent{Timestamp: new(line.At.UnixMilli()), Message: &line.Text})
	}
	slices.SortStableFunc(events, func(a, b types.InputLogEvent) int { return int(*a.Timestamp - *b.Timestamp) }) // it must be in order
	_, err := l.client.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{LogGroupName: &l.group, LogStreamName: &l.stream, LogEvents: events})
	if err != nil {
		return fmt.Errorf("write %s: %w", l.group, err)
	}
	return nil
}

func (l *Log) make(ctx context.Context) error {
	if l.made {
		return nil
	}
	_, err := l.client.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &l.group, LogStreamName: &l.stream})
	if _, exists := errors.AsType[*types.ResourceAlreadyExistsException](err); err != nil && !exists {
		return fmt.Errorf("make a stream in %s: %w", l.group, err)
	}
	l.made = true
	return nil
}
