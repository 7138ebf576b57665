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
func TestTheFirstVisit(t *testing.T) {
	long(t)
	turns := artificial(t)
	stack := start(t, local.Config{Standin: exact("-sentences", vocabulary(t, turns))})
	p := attend(t, browser.Options{})
	p.Screen(390, 844, true)
	began := time.Now()
	reached := func(what string) { t.Logf("%s after %v", what, time.Since(began).Round(100*time.Millisecond)) }
	p.Open(stack.URL)
	p.Click("#try")
	p.Wait(`window.say && !document.querySelector("#listen").disabled`, connectLimit)
	p.speak(turns[0][0].sound)
	p.Wait(`document.querySelector("#check-words").textContent === "Casey would hear you."`, connectLimit)
	p.Screenshot("check")
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
	p.Screenshot("over")
	reached("over")
}
