package chaos

import (
	"context"
	"slices"
	"time"
)

const (
	// deployWithin is the longest that the sessions may take to leave workers
	// of an old revision: those look every 30 s, and a turn may have to end.
	deployWithin = 2 * time.Minute
	// endWithin is the longest that the workers may take to end then.
	endWithin = 30 * time.Second
)

// newRevision deploys another revision as ECS does: it starts as many workers
// of the new one, and stops each old one once that is not protected any more.
func newRevision(w world) fault {
	return fault{
		name: "new revision",
		strike: func(ctx context.Context, c *crowd) error {
			old := c.workers()
			c.strike()
			w.ecs.Deploy()
			for range old {
				if _, err := w.stack.AddWorker(ctx); err != nil {
					return err
				}
			}
			ctx, cancel := context.WithTimeout(ctx, deployWithin)
			defer cancel()
			_ = await(ctx, func() bool { // who is left then is seen by after
				w.stopUnprotected()
				return c.left(ctx, old) <= c.legacyClients()
			})
			return nil
		},
		after: func(ctx context.Context) int {
			ctx, cancel := context.WithTimeout(ctx, endWithin)
			defer cancel()
			left := 0
			_ = await(ctx, func() bool {
				w.stopUnprotected()
				protected, free := w.ecs.Outdated()
				left = len(protected) + len(free)
				return left == 0
			})
			return left
		},
	}
}

// stopUnprotected stops the tasks of old revisions that nothing protects.
func (w world) stopUnprotected() {
	_, free := w.ecs.Outdated()
	for _, name := range free {
		w.stack.StopWorker(name)
		w.ecs.Stopped(name)
	}
}

// left returns the number of sessions of workers that are still there.
func (c *crowd) left(ctx context.Context, workers []string) (sessions int) {
	for _, name := range c.workers() {
		if slices.Contains(workers, name) {
			sessions += c.active(ctx, name)
		}
	}
	return sessions
}
