package soak

import (
	"context"
	"fmt"
	"strings"
	"time"

	"casey.internal/cdk/client"
	"casey.internal/shared/channel"
	"casey.internal/shared/wire"
)

// visit is one way in which an interview begins and ends.
type visit struct {
	name string
	slow bool // the worker notices its end by a time limit
	// stay is the candidate's part until it closes socket and peer; cfg has
	// the address, and a road for all media.
	stay func(ctx context.Context, cfg client.Config) error
}

// visits are all ways, or those without a time limit.
func visits(brief bool) []visit {
	var chosen []visit
	for _, v := range []visit{
		{"never connects", true, neverConnect},
		{"peer vanishes", true, vanish},
		{"page is closed", true, closePage},
		{"ends", false, end},
		{"leaves", false, leave},
		{"leaves and comes back", false, comeBack},
		{"socket is lost", false, loseSocket},
		{"legacy client", false, legacy},
	} {
		if !brief || !v.slow {
			chosen = append(chosen, v)
		}
	}
	return chosen
}

// joinAndHear joins and returns when the interviewer is heard.
func joinAndHear(ctx context.Context, cfg client.Config) (*client.Client, error) {
	c, err := client.Join(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if _, err := c.Await(ctx, client.AnyPacket); err != nil {
		c.Close()
		return nil, fmt.Errorf("not heard: %w, only %s", err, story(c))
	}
	return c, nil
}

// story returns the candidate's account, for people to read.
func story(c *client.Client) string {
	var told []string
	for _, e := range c.Events() {
		switch {
		case e.Sent != "":
			told = append(told, "sent "+e.Sent)
		case e.Server != nil:
			told = append(told, fmt.Sprintf("%T", e.Server))
		case e.State != "":
			told = append(told, e.State)
		case e.Closed != nil:
			told = append(told, e.Closed.Error())
		}
	}
	return strings.Join(told, ", ")
}

// end talks a little and ends the interview.
func end(ctx context.Context, cfg client.Config) error {
	c, err := joinAndHear(ctx, cfg)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := sayEnd(ctx, c); err != nil {
		return err
	}
	return bye(ctx, c)
}

// sayEnd talks a little and says on the data channel that it is over.
func sayEnd(ctx context.Context, c *client.Client) error {
	if err := c.Quiet(ctx, time.Second); err != nil {
		return err
	}
	if _, err := c.Await(ctx, client.State("open")); err != nil {
		return err
	}
	return c.SendChannel(channel.EncodePage(channel.End{}))
}

func bye(ctx context.Context, c *client.Client) error {
	if _, err := c.Await(ctx, client.Message[*wire.Bye](nil)); err != nil {
		return fmt.Errorf("no good-bye: %w", err)
	}
	return nil
}

func leave(ctx context.Context, cfg client.Config) error {
	_, err := pause(ctx, cfg)
	return err
}

// pause leaves and returns what it takes to come back.
func pause(ctx context.Context, cfg client.Config) (*wire.Session, error) {
	c, err := joinAndHear(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	told, err := c.Await(ctx, client.Message[*wire.Session](nil))
	if err != nil {
		return nil, err
	}
	if err := c.Send(ctx, &wire.Leave{}); err != nil {
		return nil, err
	}
	return told.Server.(*wire.Session), bye(ctx, c)
}

func comeBack(ctx context.Context, cfg client.Config) error {
	again := cfg
	ticket, err := pause(ctx, cfg)
	if err != nil {
		return err
	}
	again.Session, again.Resume = ticket.Session, ticket.Resume
	if again.Road, err = client.NewRoad(); err != nil {
		return err
	}
	return end(ctx, again)
}

// loseSocket goes on without signaling, and ends all the same.
func loseSocket(ctx context.Context, cfg client.Config) error {
	c, err := joinAndHear(ctx, cfg)
	if err != nil {
		return err
	}
	defer c.Close()
	c.LoseSocket()
	if err := sayEnd(ctx, c); err != nil {
		return err
	}
	if _, err := c.Await(ctx, client.State("closed")); err != nil {
		return fmt.Errorf("the worker keeps the peer: %w", err)
	}
	return nil
}

// closePage goes without a word; its peer connection says that it is closed.
func closePage(ctx context.Context, cfg client.Config) error {
	c, err := joinAndHear(ctx, cfg)
	if err == nil {
		c.Close()
	}
	return err
}

// vanish is a laptop that is closed: nothing comes any more.
func vanish(ctx context.Context, cfg client.Config) error {
	c, err := joinAndHear(ctx, cfg)
	if err != nil {
		return err
	}
	cfg.Road.Cut(true)
	c.Close()
	return nil
}

// neverConnect is behind a firewall: it is answered, and no check gets through.
func neverConnect(ctx context.Context, cfg client.Config) error {
	cfg.Road.Cut(true)
	c, err := client.Join(ctx, cfg)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.Await(ctx, client.Message[*wire.Answer](nil)); err != nil {
		return fmt.Errorf("not answered: %w", err)
	}
	return nil
}

// legacy is the legacy client, which closes its peer without a word.
func legacy(ctx context.Context, cfg client.Config) error {
	cfg.Legacy = true
	c, err := client.Join(ctx, cfg)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.Await(ctx, client.State("open")); err != nil {
		return fmt.Errorf("not connected: %w", err)
	}
	return c.Quiet(ctx, time.Second)
}
