package e2e

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"casey.internal/cdk/client"
	"casey.internal/cdk/local"
	"casey.internal/shared/channel"
	"casey.internal/shared/wire"
	"casey.internal/worker/interviewer"
)

// TestNothingIsGivenAway holds every interview there is with somebody who says nothing,
// asks the interviewer to go on, and ends it: of all that reaches their browser, messages
// of the socket and events of the channel, nothing is for the interviewer alone.
func TestNothingIsGivenAway(t *testing.T) {
	t.Parallel()
	names := interviewer.BuiltIn().Names()
	stack := start(t, local.Config{Slots: len(names), Standin: exact()})
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var all sync.WaitGroup
	for _, name := range names {
		all.Go(func() {
			c, err := client.Join(ctx, client.Config{URL: stack.WS, Interview: name})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			defer c.Close()
			for _, says := range []channel.PageEvent{&channel.Nudge{}, &channel.End{}} { // when the interviewer has spoken
				at := time.Now()
				listening := client.Told(func(s *channel.State) bool { return s.State == channel.Listening })
				if _, err := c.AwaitAfter(ctx, at, listening); err != nil {
					t.Errorf("%s: never listened to: %v", name, err)
				}
				if err := c.SendChannel(channel.EncodePage(says)); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			if _, err := c.Await(ctx, client.Message[*wire.Bye](nil)); err != nil {
				t.Errorf("%s: no end: %v", name, err)
			}
			events, messages, sent := received(t, c)
			if err := interviewer.BuiltIn().GivesAway(sent); err != nil || events < 10 || messages < 3 {
				t.Errorf("%s: %d events, %d messages: %v", name, events, messages, err)
			}
		})
	}
	all.Wait()
}

// received is all that reached a client, as text.
func received(t *testing.T, c *client.Client) (events, messages int, text string) {
	t.Helper()
	var all strings.Builder
	for _, e := range c.Events() {
		switch {
		case e.Channel != nil:
			events++
			all.Write(e.Channel)
		case e.Server != nil:
			messages++
			data, err := json.Marshal(e.Server)
			if err != nil {
				t.Error(err)
			}
			all.Write(data)
		}
		all.WriteString("\n")
	}
	return events, messages, strings.ReplaceAll(all.String(), `\"`, `"`)
}
