package page_test

import (
	"testing"
	"time"

	"casey.internal/cdk/page"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/interview"
	"casey.internal/shared/wire"
)

// TestASocketThatIsDeadAndSaysItIsOpen has the gateway take what the page sends
// and answer nothing, as a network does that the computer has left. The page
// has its worker again by another socket, seconds later.
func TestASocketThatIsDeadAndSaysItIsOpen(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p, l := talk(t, f, "/?probe=1")
	next(t, f.offers, "offer")
	l.deaf.Store(true)
	p.Do(`casey.restart()`)
	began := time.Now()
	if offer := next(t, f.offers, "offer by another socket"); offer.Want == interview.WantNothing || offer.Session != "s-1" {
		t.Errorf("the offer is want %q, session %q", offer.Want, offer.Session)
	}
	p.Wait(`casey.status === "live"`, soon)
	t.Logf("live again after %v", time.Since(began).Round(10*time.Millisecond))
	next(t, f.lines, "second data channel").until(t, p, heard)
}

func TestADataChannelDiesAlone(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p, l := talk(t, f, "/")
	next(t, f.offers, "offer")
	if err := l.channel.Close(); err != nil {
		t.Fatal(err)
	}
	if offer := next(t, f.offers, "second offer"); offer.Want != interview.WantFresh || offer.Session != "s-1" {
		t.Errorf("the offer is want %q, session %q", offer.Want, offer.Session)
	}
	next(t, f.lines, "second data channel")
	p.Wait(`casey.status === "live"`, soon)
}

// TestAnInterviewGoesOnInAnotherTab has a second client with the same ticket,
// as a duplicated tab has.
func TestAnInterviewGoesOnInAnotherTab(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p, _ := talk(t, f, "/")
	p.Do(`window.offers = 0; casey.on("sent", ({ type }) => type === "offer" && offers++)
		window.copy = new casey.constructor(); copy.connect(location.origin, { resume: true })`)
	next(t, f.lines, "data channel of the other tab")
	p.Wait(view+` === "over" && `+state+` === "It goes on in another tab"`, soon)
	p.Screenshot("another-tab")
	p.Wait(`copy.status === "live"`, soon)
	if n := browser.Value[int](p, `offers`); n > 0 {
		t.Errorf("%d offers more of the first tab", n)
	}
}

func TestWhatThePageCannotDoIsToldAndLeavesNoMicrophoneOpen(t *testing.T) {
	t.Parallel()
	for name, lack := range map[string]string{
		"no peer connections": `delete window.RTCPeerConnection`,
		"bad ICE servers": `(() => { const Real = RTCPeerConnection;
			window.RTCPeerConnection = class extends Real { constructor() { super({ iceServers: [{ urls: "nonsense" }] }) } } })()`,
	} {
		t.Run(name, func(t *testing.T) {
			f := start(t, page.Config{})
			f.answers = func(*connection, *wire.Offer) []any { return []any{} }
			p := browser.Start(t, browser.Options{})
			p.Inject(lack + `;
				const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices); window.opened = [];
				navigator.mediaDevices.getUserMedia = async (how) => { const stream = await open(how); opened.push(...stream.getTracks()); return stream }`)
			p.Open(f.URL)
			p.Click("#start")
			p.Wait(view+` === "trouble" && `+text("#trouble h2")+` === "Your browser makes no connection"`, soon)
			if live := browser.Value[int](p, `opened.filter(track => track.readyState === "live").length`); live > 0 || browser.Value[int](p, `opened.length`) == 0 {
				t.Errorf("%d microphones are open", live)
			}
		})
	}
}
