package e2e

import (
	"syscall"
	"testing"

	"casey.internal/cdk/verify/browser"
)

const (
	view  = `document.body.dataset.view`
	label = `document.querySelector("#state span").textContent`
	title = `document.querySelector("#trouble h2").textContent`
)

// TestWhatDiesUnderAPage has another worker go on when one is killed, and the
// page say so when everything is gone.
func TestWhatDiesUnderAPage(t *testing.T) {
	long(t)
	inEngines(t, "", outlives)
}

func outlives(t *testing.T, e browser.Engine) {
	stack := start(t, quietly(25, 2))
	p := browser.Start(t, browser.Options{Engine: e})
	visit(p, stack, "interview=soundcheck&probe=1")
	live(p)
	hearsTone(t, p)
	session := browser.Value[string](p, `casey.session`)
	holder := "worker-1"
	if busy(t, stack, holder) == 0 {
		holder = "worker-2"
	}
	if err := stack.Kill(holder, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	p.Wait(label+` === "Reconnecting…"`, connectLimit)
	p.Screenshot("reconnecting")
	live(p)
	hearsNewTone(t, p)
	if again := browser.Value[string](p, `casey.session`); again != session {
		t.Errorf("the session is %s, was %s", again, session)
	}

	p.Click("#leave")
	p.Wait(view+` === "over"`, connectLimit)
	stack.Abort()
	stack.Stop()
	p.Click("#next")
	p.Wait(view+` === "trouble" && `+title+` === "Casey cannot be reached"`, connectLimit)
	p.Screenshot("gone")
}
