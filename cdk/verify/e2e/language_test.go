package e2e

import (
	"strings"
	"testing"

	"casey.internal/cdk/local"
	"casey.internal/cdk/verify/browser"
)

// TestAnInterviewInGerman: what the page says and what the interviewer says is German, to
// a candidate who says nothing: the local ear knows English alone, and the page says so.
func TestAnInterviewInGerman(t *testing.T) {
	long(t)
	stack := start(t, local.Config{Standin: exact()})
	p := attend(t, browser.Options{})
	p.Screen(1280, 800, false)
	p.Open(stack.URL + "/?interview=behavioural&language=de&probe=1")
	p.Wait(`document.documentElement.lang === "de" && document.querySelector("#start").textContent === "Gespräch beginnen"`, connectLimit)
	if got := browser.Value[string](p.Page, `document.querySelector("#local-foreign").innerText`); !strings.HasPrefix(got, "Sie kann nur Englisch") {
		t.Errorf("the page says of its ear %q", got)
	}
	p.Screenshot("welcome")
	p.Click("#start")
	live(p.Page)
	const said = `[...document.querySelectorAll(".said.interviewer p")].map(p => p.innerText).join(" ")`
	p.Wait(`caseyProbe.level() > 0.02 && caseyLog.some(e => e.name === "visemes")`, connectLimit)
	p.Wait(label+` === "Hört Ihnen zu" && `+said+`.startsWith("Guten Tag, ich bin Morgan.") && `+said+`.includes("der anderer Meinung war.")`, connectLimit)
	p.Screenshot("talk")
	p.Click("#nudge")
	p.Wait(said+`.includes("Es eilt nicht. Erzählen Sie mir von einer Situation") && `+label+` === "Hört Ihnen zu"`, connectLimit)
	if got := browser.Value[string](p.Page, `document.querySelector("#phase").textContent`); got != "Zusammenarbeit · 1 von 3" {
		t.Errorf("the phase is %q", got)
	}
	p.Click("#end")
	p.Wait(view+` === "over" && `+label+` === "Das Gespräch ist vorbei"`, connectLimit)
	if browser.Value[bool](p.Page, `document.querySelector("#report").checkVisibility()`) {
		t.Error("there is a report of nothing")
	}
	p.Screenshot("over")
}
