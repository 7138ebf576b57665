package lambda

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// Schedule invokes the function at every tick until ctx is done, as an
// EventBridge rule would. Failures are logged: a rule does not stop for them.
// An invocation that outlasts its tick delays the next.
func (f *Function) Schedule(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			if err := f.tick(ctx, now); err != nil && ctx.Err() == nil {
				f.cfg.Log.Warn("scheduled invocation failed", "function", f.cfg.Name, "error", err)
			}
		}
	}
}

func (f *Function) tick(ctx context.Context, now time.Time) error {
	payload, err := json.Marshal(events.EventBridgeEvent{
		Version: "0", ID: requestID(), DetailType: "Scheduled Event", Source: "aws.events",
		AccountID: "000000000000", Time: now.UTC(), Region: "us-east-1",
		Resources: []string{"arn:aws:events:us-east-1:000000000000:rule/" + f.cfg.Name}, Detail: json.RawMessage(`{}`),
	})
	if err == nil {
		_, err = f.Invoke(ctx, payload)
	}
	return err
}
