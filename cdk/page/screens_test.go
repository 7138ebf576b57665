package page_test

import (
	"testing"

	"casey.internal/cdk/page"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/channel"
	"casey.internal/shared/wire"
)

// TestEveryScreenFits takes a picture of each screen on desktop and phone, in
// dark and light, and checks that nothing is wider than the screen and that axe
// finds nothing serious.
func TestEveryScreenFits(t *testing.T) {
	f := start(t, page.Config{Local: true})
	p := browser.Start(t, browser.Options{})
	look := func(name string) {
		for _, screen := range []struct {
			name, scheme  string
			width, height int64
			phone, axe    bool
		}{
			{"desktop", "light", 1280, 800, false, true}, {"desktop-dark", "dark", 1280, 800, false, false}, {"phone", "light", 390, 844, true, false},
			{"phone-dark", "dark", 390, 844, true, true}, {"lying", "light", 844, 390, true, false}, {"small", "light", 780, 560, false, false},
		} {
			p.Screen(screen.width, screen.height, screen.phone)
			p.Prefer("prefers-color-scheme", screen.scheme)
			p.Do(settled)
			p.Screenshot(name + "-" + screen.name)
			if wide := browser.Value[int64](p, `Math.max(document.documentElement.scrollWidth, Math.ceil(document.querySelector("#end").getBoundingClientRect().right))`); wide > screen.width {
				t.Errorf("%s on %s is %d pixels wide", name, screen.name, wide)
			}
			if screen.axe {
				check(t, p, name+" on "+screen.name)
			}
		}
	}
	p.Inject(axe(t))
	p.Open(f.URL)
	p.Wait(`document.querySelector("#local").checkVisibility()`, soon)
	look("welcome")
	p.Click("#job summary")
	set(p, "#job-role", "Site reliability engineer")
	drop(p, "#job-cv", "photo.png", []byte("x"))
	p.Wait(jobCode+` === "unknown"`, soon)
	look("job-refused")
	p.Do(`document.querySelector("#job").scrollIntoView()`)
	look("job")
	p.Click("#forget-job")
	p.Click("#job summary")
	p.Click("#try")
	p.Wait(text("#check-words")+` === "Casey would hear you."`, soon)
	look("check")
	p.Click("#open-settings")
	look("settings")
	p.Do(`document.querySelector("#record-on").click(); document.querySelector("#latency-on").click()`)
	p.Click("#close-settings")
	p.Click("#start")
	l := next(t, f.lines, "data channel")
	converse(t, l)
	p.Wait(`casey.status === "live"`, soon)
	look("talk")
	p.Do(`document.querySelector("#captions-on").click()`)
	look("bare")
	p.Do(`document.querySelector("#captions-on").click()`)
	p.Click("#leave")
	p.Wait(`!document.querySelector("#files").hidden`, soon)
	look("paused")
	p.Click("#next")
	l = next(t, f.lines, "data channel")
	converse(t, l)
	l.sendEvent(t, feedback())
	p.Wait(`!document.querySelector("#report").hidden`, soon)
	p.Click("#end")
	l.send(t.Context(), wire.Bye{Reason: "ended"})
	p.Wait(view+` === "over"`, soon)
	look("over")
	p.Do(`document.querySelector("#report .delivery").scrollIntoView()`)
	look("report")
}

// settled waits for the colours to have changed and a frame to be drawn.
const settled = `new Promise(r => requestAnimationFrame(r)).then(() =>
	Promise.all(document.getAnimations().filter(a => a instanceof CSSTransition).map(a => a.finished.catch(() => 0))))`

func converse(t *testing.T, l *line) {
	t.Helper()
	l.sendEvent(t, channel.Phase{Name: "Experience", Index: 2, Of: 4})
	for i, said := range []channel.Caption{
		{Role: "interviewer", Text: "Welcome. I am Casey. Tell me about a project that you are proud of.", Final: true},
		{Role: "candidate", Text: "Last year I led a team of four. We moved our billing to a new service without a day of downtime.", Final: true},
		{Role: "interviewer", Text: "Without a day of downtime, that is something. What was the hardest decision on the way?", Final: true},
		{Role: "candidate", Text: "I think it was when to"},
	} {
		said.Turn = i + 1
		l.sendEvent(t, said)
	}
	l.sendEvent(t, channel.State{State: channel.Listening, Turn: 4})
}
