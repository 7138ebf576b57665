package local

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"casey.internal/shared/queue"
	"casey.internal/shared/store"
)

// dispatchQueue is the name of the queue that every worker polls.
const dispatchQueue = "casey-dispatch"

// setup makes the table and the dispatch queue as casey deploys them.
func setup(ctx context.Context, cfg aws.Config, table string) (string, error) {
	if err := store.CreateTable(ctx, cfg, table); err != nil {
		return "", err
	}
	return queue.Create(ctx, cfg, dispatchQueue)
}
