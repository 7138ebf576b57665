package e2e

import (
	"strconv"
	"testing"
	"time"

	"casey.internal/cdk/verify/browser"
	"casey.internal/cdk/verify/room"
)

// onlyOne has the page find no microphone while there is none: PulseAudio gives
// who asks for any the monitor of a loudspeaker then.
const onlyOne = `(() => {
	const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
	navigator.mediaDevices.getUserMedia = (how) => window.none ? Promise.reject(new DOMException("", "NotFoundError")) : ask(how);
})()`

// told is what the page says besides.
const told = `document.querySelector("#notice").textContent`

// TestAMicrophoneIsUnpluggedAndComesBack takes the device away from a Firefox
// in an interview: it says so, and is heard again when the device is back.
func TestAMicrophoneIsUnpluggedAndComesBack(t *testing.T) {
	long(t)
	stack := start(t, quietly(25, 1))
	r, err := room.Open(t.Context(), room.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	p := browser.Start(t, browser.Options{Engine: browser.Firefox, Alone: true, Devices: true, Env: r.Env()})
	p.Inject(onlyOne)
	visit(p, stack, "interview=soundcheck&probe=1")
	live(p)
	hearsTone(t, p)
	heardAtCasey(t, p, r)

	p.Do(`window.none = true`)
	began := time.Now()
	if err := r.Unplug(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.Wait(told+`.includes("Plug it in again")`, connectLimit)
	t.Logf("told after %v", time.Since(began).Round(10*time.Millisecond))
	p.Screenshot("unplugged")
	p.Do(`window.none = false`)
	if err := r.Plug(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.Wait(told+`.includes("hears you again")`, connectLimit)
	p.Screenshot("plugged")
	heardAtCasey(t, p, r)
	hearsTone(t, p)
}

// heardAtCasey is that a voice in the room reaches the worker.
func heardAtCasey(t *testing.T, p *browser.Page, r *room.Room) {
	t.Helper()
	said := concatenated(artificial(t)[0])
	mark := browser.Value[int](p, `caseyLog.length`)
	if err := r.Say(t.Context(), said.pcm(), rate); err != nil {
		t.Fatal(err)
	}
	err := p.Browser.Wait(`caseyLog.slice(`+strconv.Itoa(mark)+`).some(e => e.name === "level" && e.event.dbov < 60)`, connectLimit)
	if err != nil {
		t.Fatalf("not heard: %v; the page says: %s", err, browser.Value[string](p, `JSON.stringify([caseyLog.filter(e => e.name.startsWith("level")).slice(-6), caseyLog.map(e => e.name)])`))
	}
}
