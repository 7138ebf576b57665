package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/verify/browser"
)

// TestTheFirstVisit goes from the first visit to casey's third turn by touch
// alone, on a phone: check of the microphone, two answers, a pause, the end.
// All of it is recorded; by Firefox, which with PulseAudio sometimes stands still
// as it records (TestAReportIsHeardSavedAndPrinted says how), in `make e2e` alone.
func TestTheFirstVisit(t *testing.T) {
	turns := artificial(t)
	stack := start(t, local.Config{Standin: exact("-sentences", vocabulary(t, turns))})
	inEngines(t, browser.Firefox, func(t *testing.T, e browser.Engine) { firstVisit(t, stack, e, turns) })
}

func firstVisit(t *testing.T, stack *local.Stack, e browser.Engine, turns [][]sentence) {
	p := attend(t, browser.Options{Engine: e})
	recorded := e == browser.Chromium || !testing.Short()
	p.Screen(390, 844, true)
	began := time.Now()
	reached := func(what string) { t.Logf("%s after %v", what, time.Since(began).Round(100*time.Millisecond)) }
	p.Open(stack.URL + "/?probe=1")
	p.Click("#try")
	p.Wait(`window.say && !document.querySelector("#listen").disabled`, connectLimit)
	p.speak(turns[0][0].sound)
	p.Wait(`document.querySelector("#check-words").textContent === "Casey would hear you."`, connectLimit)
	p.Screenshot("check")
	if recorded {
		p.Do(`document.querySelector("#record-on").click()`)
	}
	p.Click("#start")
	live(p.Page)
	p.Screenshot("live")
	reached("live")
	p.awaitReply(0)
	for n, said := range turns {
		mark := p.mark()
		p.speak(concatenated(said))
		p.awaitReply(mark)
		reached(fmt.Sprintf("casey's turn %d", n+2))
	}
	p.Screenshot("third")
	if n := browser.Value[int](p.Page, `document.querySelectorAll(".said.candidate").length`); n < len(turns) {
		t.Errorf("%d answers are on the page", n)
	}

	p.Click("#leave")
	p.Wait(view+` === "over" && document.querySelector("#next").textContent === "Continue your interview"`, connectLimit)
	p.Screenshot("paused")
	reached("paused")
	session := browser.Value[string](p.Page, `Object.values(localStorage).join()`)
	p.Click("#next")
	live(p.Page)
	if id := browser.Value[string](p.Page, `casey.session`); !strings.Contains(session, id) {
		t.Errorf("another interview went on: %s", id)
	}
	reached("live again")
	p.Click("#end")
	p.Wait(view+` === "over" && document.querySelector("#next").textContent === "Start another interview"`, replyLimit)
	if n := browser.Value[int](p.Page, `document.querySelectorAll(".said.candidate").length`); n < len(turns) {
		t.Errorf("%d answers are on the page at the end", n)
	}
	p.Wait(`!document.querySelector("#report").hidden`, replyLimit)
	p.Screenshot("over")
	reached("over")
	if recorded {
		checkFiles(p)
	}
}

// checkFiles is that the recordings are named for what they are, and can be played.
func checkFiles(p *person) {
	p.t.Helper()
	kinds := map[string]string{"webm": "1a45dfa3", "ogg": "4f676753"} // by their first bytes
	files := browser.Value[[]struct {
		Name, Begins string
		Seconds      float64
	}](p.Page, `(({ own, both }) => Promise.all([...document.querySelectorAll("#files a")].map(async ({ download }, n) => {
		const bytes = await [own, both][n].arrayBuffer();
		const begins = [...new Uint8Array(bytes.slice(0, 4))].map(b => b.toString(16).padStart(2, "0")).join("");
		const { duration } = await new AudioContext().decodeAudioData(bytes);
		return { Name: download, Begins: begins, Seconds: duration } })))(caseyLog.findLast(e => e.name === "recording").event)`)
	if len(files) != 2 {
		p.t.Errorf("%d recordings are offered", len(files))
	}
	for _, f := range files {
		kind := f.Name[strings.LastIndexByte(f.Name, '.')+1:]
		if kinds[kind] != f.Begins || f.Seconds < 1 {
			p.t.Errorf("%s begins with %s and lasts %.1f s", f.Name, f.Begins, f.Seconds)
		}
		p.t.Logf("%s lasts %.1f s", f.Name, f.Seconds)
	}
}
