package ecs

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

const (
	// protectFor is the time after which a protection ends by itself: soon after its worker died.
	protectFor = 20 * time.Minute
	// renewEvery is the interval at which it is asked for again.
	renewEvery = 5 * time.Minute
)

// Protection keeps the task from being stopped by scaling in and by
// deployments. It is the host's Guard.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
type Protection struct {
	client *http.Client
	url    string
	log    *slog.Logger

	mu   sync.Mutex // over the requests too: they must not overtake each other
	held bool
}

// NewProtection returns the protection of the task whose agent's address is
// uri. It is not taken.
func NewProtection(client *http.Client, uri string, log *slog.Logger) *Protection {
	return &Protection{client: client, url: uri + "/task-protection/v1/state", log: log}
}

// RefusedError says why the task is not protected. DEPLOYMENT_BLOCKED: more
// tasks are protected than are asked for.
type RefusedError struct{ Reason, Detail string }

func (e *RefusedError) Error() string {
	return fmt.Sprintf("ecs: protection refused: %s (%s)", e.Reason, e.Detail)
}

// Take implements host.Guard: when it returns nil the task is protected, until
// Release.
func (p *Protection) Take(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.set(ctx, true); err != nil {
		return err
	}
	p.held = true
	return nil
}

// Release implements host.Guard. What is not given back ends by itself.
func (p *Protection) Release(ctx context.Context) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = false
	if err := p.set(ctx, false); err != nil {
		p.log.Warn("protection not given back", "error", err)
	}
}

// Run keeps a protection that was taken from ending, until ctx is done.
func (p *Protection) Run(ctx context.Context) error {
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			p.renew(ctx)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (p *Protection) renew(ctx context.Context) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.held {
		return
	}
	if err := p.set(ctx, true); err != nil {
		p.log.Warn("protection not renewed, will be repeated", "error", err)
	}
}

// wanted is the state asked for.
type wanted struct {
	ProtectionEnabled bool
	ExpiresInMinutes  int `json:",omitempty"`
}

// outcome is the answer: exactly one of its fields is set.
type outcome struct {
	Protection *struct{ ProtectionEnabled bool } `json:"protection"`
	Failure    *struct{ Reason, Detail string }  `json:"failure"`
	Error      *struct{ Code, Message string }   `json:"error"`
}

func (p *Protection) set(ctx context.Context, on bool) error {
	state := wanted{ProtectionEnabled: on}
	if on {
		state.ExpiresInMinutes = int(protectFor / time.Minute)
	}
	var o outcome
	if err := call(ctx, p.client, http.MethodPut, p.url, state, &o); err != nil {
		return fmt.Errorf("ecs: set protection: %w", err)
	}
	switch {
	case o.Failure != nil:
		return &RefusedError{o.Failure.Reason, o.Failure.Detail}
	case o.Error != nil:
		return &RefusedError{o.Error.Code, o.Error.Message}
	case o.Protection == nil || o.Protection.ProtectionEnabled != on:
		return &RefusedError{"unchanged", "the agent did not say that it did"}
	}
	return nil
}
