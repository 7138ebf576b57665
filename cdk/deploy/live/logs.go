package live

import (
	"context"
	"fmt"
	"io"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// logsEvery is how often new lines are asked for.
const logsEvery = 2 * time.Second

// Logs writes the lines of a log group since a time, and new ones as they come,
// until ctx is done.
func (a *Account) Logs(ctx context.Context, group string, since time.Time, w io.Writer) error {
	client := cloudwatchlogs.NewFromConfig(a.cfg)
	seen := map[string]int64{} // times, of the last millisecond, which is asked for again
	from := since.UnixMilli()
	for {
		pages := cloudwatchlogs.NewFilterLogEventsPaginator(client, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: &group, StartTime: &from})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return unlessOver(ctx, fmt.Errorf("read %s: %w", group, err))
			}
			for _, e := range page.Events {
				if id := aws.ToString(e.EventId); seen[id] == 0 {
					seen[id] = aws.ToInt64(e.Timestamp)
					from = max(from, seen[id])
					_, _ = fmt.Fprintln(w, aws.ToString(e.Message))
				}
			}
		}
		maps.DeleteFunc(seen, func(_ string, at int64) bool { return at < from }) // nobody is going to be told of those again
		select {
		case <-time.After(min(logsEvery, a.every)):
		case <-ctx.Done():
			return nil
		}
	}
}

// unlessOver is err, but nil when ctx is done: then it is no failure.
func unlessOver(ctx context.Context, err error) error {
	select {
	case <-ctx.Done():
		return nil
	default:
		return err
	}
}
