package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/client"
	"casey.internal/cdk/local"
	"casey.internal/cdk/local/aws/control"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/wire"
)

// guest is somebody in an interview without a browser. What goes wrong is
// returned, for many are there at the same time.
type guest struct {
	*client.Client
	at time.Time // of what happened last: what is waited for comes after it
}

// enter joins an interview.
func enter(ctx context.Context, stack *local.Stack) (*guest, error) {
	c, err := client.Join(ctx, client.Config{URL: stack.WS})
	if err != nil {
		return nil, err
	}
	return &guest{c, time.Now()}, nil
}

// await waits, saying nothing.
func (g *guest) await(ctx context.Context, what string, want func(client.Event) bool) error {
	e, err := g.Wait(ctx, g.at, want)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	g.at = e.At
	return nil
}

// answer says a sentence, into the greeting if need be, and waits until it is
// captioned.
func (g *guest) answer(ctx context.Context, text string) error {
	if _, err := g.Wait(ctx, time.Time{}, state(channel.Speaking)); err != nil {
		return fmt.Errorf("greeting: %w", err)
	}
	voice, err := client.Render(ctx, text, "en-us")
	if err != nil {
		return err
	}
	if err := g.Quiet(ctx, time.Second); err != nil {
		return err
	}
	g.at = time.Now()
	if err := g.Speak(ctx, voice); err != nil {
		return err
	}
	err = g.await(ctx, "caption of "+text, client.Told(func(c *channel.Caption) bool {
		return c.Role == interview.Candidate && plain(c.Text) == plain(text)
	}))
	return err
}

// hears waits until the interviewer says something aloud: a caption has it, and
// the packets of a second come.
func (g *guest) hears(ctx context.Context, line string) error {
	err := g.await(ctx, "caption of "+line, client.Told(func(c *channel.Caption) bool {
		return c.Role == interview.Interviewer && strings.Contains(c.Text, line) && c.Utterance > 0
	}))
	if err != nil {
		return err
	}
	for range 50 {
		if err := g.await(ctx, "voice of "+line, client.AnyPacket); err != nil {
			return err
		}
	}
	return nil
}

// nudge waits for the floor and gives it back.
func (g *guest) nudge(ctx context.Context) error {
	if err := g.await(ctx, "floor", state(channel.Listening)); err != nil {
		return err
	}
	return g.SendChannel([]byte(`{"type":"nudge"}`))
}

// over waits until signaling tells that the interview had to end, and why.
func (g *guest) over(ctx context.Context) error {
	e, err := g.Wait(ctx, time.Time{}, func(e client.Event) bool {
		switch e.Server.(type) {
		case *wire.Error, *wire.Bye:
			return true
		}
		return e.Closed != nil
	})
	if err != nil {
		return fmt.Errorf("end: %w", err)
	}
	if m, ok := e.Server.(*wire.Error); !ok || m.Code != "unavailable" || len(m.Message) < 20 {
		return fmt.Errorf("it ended by %+v, want an error with a reason", e)
	}
	return nil
}

// notices returns the guest's news of trouble.
func (g *guest) notices() (told []string) {
	for _, e := range g.Events() {
		if e.Channel == nil {
			continue
		}
		if _, event, err := channel.ParseServer(e.Channel); err == nil {
			if n, ok := event.(*channel.Notice); ok {
				told = append(told, n.Message)
			}
		}
	}
	return told
}

// setFault sets, or adds, how a stand-in misbehaves.
func setFault(t *testing.T, stack *local.Stack, service control.Service, f control.Fault) {
	t.Helper()
	if err := (control.Client{URL: stack.Standin}).Set(t.Context(), map[control.Service]control.Fault{service: f}); err != nil {
		t.Fatal(err)
	}
}

// standins returns the counts of the stand-ins.
func standins(t *testing.T, stack *local.Stack) control.State {
	t.Helper()
	s, err := control.Client{URL: stack.Standin}.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}
