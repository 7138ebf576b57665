package ecs

import (
	"context"
	"fmt"
	"net/netip"
	"time"
)

const (
	addressWithin = 30 * time.Second // all attempts
	addressEvery  = 2 * time.Second
)

// Interfaces knows the public address of the network interface with a MAC
// address; "" = it has none, or none yet. (Private addresses would not do: two
// VPCs may have the same.)
type Interfaces interface {
	Public(ctx context.Context, mac string) (string, error)
}

// PublicAddress returns the address that browsers reach the task by. The task
// itself is not told: it asks for its network interface. It tries for half a
// minute, since an address may be there a little later than the task.
func PublicAddress(ctx context.Context, t Task, interfaces Interfaces) (netip.Addr, error) {
	ctx, cancel := context.WithTimeout(ctx, addressWithin)
	defer cancel()
	for {
		public, err := interfaces.Public(ctx, t.MAC)
		if err == nil && public != "" {
			return netip.ParseAddr(public)
		}
		select {
		case <-time.After(addressEvery):
		case <-ctx.Done():
			if err == nil {
				err = context.Cause(ctx)
			}
			return netip.Addr{}, fmt.Errorf("ecs: no public address for %s: %w", t.MAC, err)
		}
	}
}
