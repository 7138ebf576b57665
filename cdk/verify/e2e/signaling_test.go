package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"casey.internal/cdk/client"
	"casey.internal/cdk/local"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/wire"
)

// TestTheToneIsHeard lets real browsers hear the sound check over every road.
func TestTheToneIsHeard(t *testing.T) {
	t.Parallel()
	stack := start(t, quietly(25, 1))
	inEngines(t, browser.Chromium, func(t *testing.T, e browser.Engine) { hearsEveryRoad(t, stack, e) })
}

func hearsEveryRoad(t *testing.T, stack *local.Stack, e browser.Engine) {
	p := browser.Start(t, browser.Options{Engine: e})
	for _, road := range []struct{ name, query string }{
		{"URL without ws", "ws=" + url.QueryEscape(socket(stack))},
		{"URL with ws", "ws=" + url.QueryEscape(socket(stack)+"/ws")},
		{"UDP", "transport=udp"},
		{"TCP only", "transport=tcp"},
	} {
		visit(p, stack, "interview=soundcheck&probe=1&"+road.query)
		live(p)
		hearsTone(t, p)
		t.Logf("%s: heard", road.name)
	}
	p.Wait(`casey.peer.stats().then(all => [...all.values()].some(s =>
		s.type === "candidate-pair" && s.nominated && all.get(s.localCandidateId).protocol === "tcp"))`, connectLimit)
	p.Wait(`caseyLog.some(e => e.name === "level" && e.event.dbov < 60)`, connectLimit)
}

// TestTheToneIsHeardAgain reloads the page and restarts ICE.
func TestTheToneIsHeardAgain(t *testing.T) {
	t.Parallel()
	stack := start(t, quietly(25, 1))
	inEngines(t, browser.Chromium, func(t *testing.T, e browser.Engine) { hearsAgain(t, stack, e) })
}

func hearsAgain(t *testing.T, stack *local.Stack, e browser.Engine) {
	p := browser.Start(t, browser.Options{Engine: e})
	visit(p, stack, "interview=soundcheck&probe=1")
	live(p)
	hearsTone(t, p)
	session := browser.Value[string](p, `casey.session`)

	p.Do(`casey.restart()`)
	p.Wait(`casey.status === "live"`, connectLimit)
	hearsNewTone(t, p)

	visit(p, stack, "interview=soundcheck&probe=1") // the reload: the page resumes by itself
	live(p)
	hearsTone(t, p)
	if again := browser.Value[string](p, `casey.session`); again != session {
		t.Errorf("after the reload the session is %s, want %s", again, session)
	}
	if w := browser.Value[string](p, `caseyLog.find(e => e.name === "sent" && e.event.type === "offer").event.want`); w != "fresh" {
		t.Errorf("the reloaded page wanted %q, want fresh", w)
	}
	if n := busy(t, stack, "worker-1"); n != 1 {
		t.Errorf("%d sessions, want the one", n)
	}
	p.Click("#end") // for the next one
	p.Wait(view+` === "over"`, connectLimit)
}

// TestTheNextOneWaits fills the only slot: the next is told its place, and is
// served when the first leaves.
func TestTheNextOneWaits(t *testing.T) {
	t.Parallel()
	stack := start(t, quietly(1, 1))
	first := join(t, stack)
	connected(t, first)

	p := browser.Start(t, browser.Options{})
	visit(p, stack, "interview=soundcheck&probe=1")
	p.Wait(`casey.status === "waiting"`, connectLimit)
	ahead := browser.Value[int](p, `caseyLog.findLast(e => e.name === "received" && e.event.type === "waiting").event.ahead`)
	if ahead != 0 {
		t.Errorf("%d are ahead, want none", ahead)
	}
	second := join(t, stack)
	e, err := second.Await(within(t, connectLimit), client.Message[*wire.WaitingTurn](nil))
	if err != nil {
		t.Fatal(err)
	}
	if got := e.Server.(*wire.WaitingTurn).Ahead; got != 1 {
		t.Errorf("%d are ahead of the second, want 1", got)
	}
	second.Close()
	if err := first.Send(t.Context(), &wire.End{}); err != nil {
		t.Fatal(err)
	}
	live(p)
	hearsTone(t, p)
}

// TestPacking has ten candidates join two workers: the second stays empty while
// the first has room.
func TestPacking(t *testing.T) {
	t.Parallel()
	stack := start(t, quietly(25, 2))
	ranked(t, stack)
	for range 10 {
		connected(t, join(t, stack))
	}
	one, two := busy(t, stack, "worker-1"), busy(t, stack, "worker-2")
	if max(one, two) != 10 || min(one, two) != 0 {
		t.Errorf("the workers hold %d and %d sessions, want 10 and 0", one, two)
	}
}

// ranked waits until the workers know of each other: of two that are empty only
// the first by id takes sessions.
func ranked(t *testing.T, stack *local.Stack) {
	t.Helper()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for deadline := time.Now().Add(connectLimit); ; <-again.C {
		one, two := ready(t, stack, "worker-1"), ready(t, stack, "worker-2")
		if one.Worker > two.Worker {
			one, two = two, one
		}
		if one.Status == "ok" && two.Reason == "not needed" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the first is %+v, the second %+v", one, two)
		}
	}
}

// readiness is whether a worker takes sessions, and why not.
type readiness struct{ Worker, Status, Reason string }

func ready(t *testing.T, stack *local.Stack, worker string) (r readiness) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, stack.WorkerURL(worker)+"/ready", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

func join(t *testing.T, stack *local.Stack) *client.Client {
	t.Helper()
	c, err := client.Join(t.Context(), client.Config{URL: socket(stack) + "/ws", Interview: "soundcheck"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func connected(t *testing.T, c *client.Client) {
	t.Helper()
	if _, err := c.Await(within(t, connectLimit), client.AnyPacket); err != nil {
		t.Fatal(err)
	}
}

// within is the test's context with a limit.
func within(t *testing.T, limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

// busy asks a worker how many sessions it holds.
func busy(t *testing.T, stack *local.Stack, worker string) int {
	t.Helper()
	m, err := stack.Metrics(t.Context(), worker)
	if err != nil {
		t.Fatal(err)
	}
	return int(m["active"])
}
