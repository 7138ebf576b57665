// Package clock lets time pass.
package clock

import (
	"context"
	"time"
)

// Sleep returns when d has passed, or with the cause of ctx when that ends first. A d of
// nothing returns at once.
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
