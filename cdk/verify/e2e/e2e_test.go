// Package e2e uses casey as a person does: the whole local stack, a real
// Chromium or Firefox, real speech. Its tests run one after the other.
package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/page"
	"casey.internal/cdk/verify/browser"
)

// connectLimit is the longest that a page may take to be connected on a busy
// machine.
const connectLimit = 30 * time.Second

// long keeps a test for `make e2e`: all of them together take more real time
// than `make test` should.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("make e2e runs this one")
	}
}

// inEngines plays a scene in both engines, in `make test` in one of them alone.
func inEngines(t *testing.T, short browser.Engine, scene func(*testing.T, browser.Engine)) {
	for _, e := range []browser.Engine{browser.Chromium, browser.Firefox} {
		if testing.Short() && e != short {
			continue
		}
		t.Run(string(e), func(t *testing.T) { scene(t, e) })
	}
}

// slack returns the number of ms by which a page may be late that should not be
// later than strict says. `make e2e` holds it to that; `make test` also runs on
// busy machines, and looks for what a wrong clock does.
func slack(strict float64) float64 {
	if testing.Short() {
		return strict + 200
	}
	return strict
}

// most returns the number of n words that must be understood: nine of ten. A busy
// machine breaks sound on its way through Chromium, so `make test` asks for
// fewer.
func most(n, tenths int) int {
	if !testing.Short() {
		tenths = 9
	}
	return (n*tenths + 9) / 10
}

// start runs a stack that serves casey's page, if no other, and stops with the
// test.
func start(t *testing.T, cfg local.Config) *local.Stack {
	t.Helper()
	if cfg.Page == nil {
		site, err := page.Bundle(page.Config{Local: true})
		if err != nil {
			t.Fatal(err)
		}
		cfg.Page = site
	}
	cfg.OwnAddress = true // as `make run` does: Firefox needs it
	stack, err := local.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stack.Stop()
		if t.Failed() {
			for _, e := range stack.Logs().Entries() {
				t.Log(e)
			}
		}
	})
	return stack
}

// visit opens the page with a query and presses Start.
func visit(p *browser.Page, stack *local.Stack, query string) {
	p.Open(stack.URL + "/?" + query)
	p.Wait(`window.casey`, connectLimit)
	p.Click("#start")
}

// live waits until the interview is connected.
func live(p *browser.Page) {
	p.Wait(`window.casey?.status === "live"`, connectLimit)
}

// hearsTone waits until what the page plays is loud and its strongest
// frequency that of the sound check.
func hearsTone(t *testing.T, p *browser.Page) {
	t.Helper()
	err := p.Browser.Wait(`caseyProbe.level() > 0.01 && Math.abs(caseyProbe.tone() - 440) < 12`, connectLimit)
	if err != nil {
		t.Fatalf("no tone: %v; the page says: %s", err, browser.Value[string](p, sounds))
	}
}

// sounds is the page's own account of what it plays.
const sounds = `casey.peer.stats().then(all => JSON.stringify({ status: casey.status, probe: caseyProbe.state(), level: caseyProbe.level(), tone: caseyProbe.tone(),
	events: caseyLog.slice(-8).map(e => e.name), levels: caseyLog.findLast(e => e.name === "levels"),
	stats: [...all.values()].filter(s => s.type === "inbound-rtp" || s.type === "candidate-pair" || s.type === "media-playout") }))`

// hearsNewTone is hearsTone for a page that heard it before: packets of the
// present peer connection must arrive.
func hearsNewTone(t *testing.T, p *browser.Page) {
	t.Helper()
	const packets = `(async () => { let n = 0;
		for (const s of (await casey.peer.stats()).values())
			if (s.type === "inbound-rtp" && s.kind === "audio") n += s.packetsReceived;
		return n })()`
	before := browser.Value[int](p, packets)
	p.Wait(fmt.Sprintf(`(%s).then(n => n > %d)`, packets, before+25), connectLimit)
	hearsTone(t, p)
}

// quietly has the stack kind, without the AI services.
func quietly(slots, workers int) local.Config {
	return local.Config{NoStandin: true, Slots: slots, Workers: workers}
}

// exact are the stand-ins' arguments for tests that say sentences of the
// vocabulary and compare what is heard with them, and more.
func exact(more ...string) []string {
	return append([]string{"-ear", "grammar", "-voice", "espeak"}, more...)
}

// socket returns the stack's WebSocket URL without /ws.
func socket(stack *local.Stack) string {
	return strings.TrimSuffix(strings.Replace(stack.URL, "http", "ws", 1), "/ws")
}
