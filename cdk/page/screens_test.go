package page_test

import (
	"encoding/base64"
	"os"
	"sync/atomic"
	"testing"

	"casey.internal/cdk/page"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/channel"
	"casey.internal/shared/wire"
)

// screens are those on which each view is looked at; `make test` has time for the
// widest in light and the narrowest in dark.
var screens = []struct {
	name, scheme  string
	width, height int64
	phone, short  bool
}{
	{"desktop", "light", 1280, 800, false, true}, {"desktop-dark", "dark", 1280, 800, false, false}, {"phone", "light", 390, 844, true, false},
	{"phone-dark", "dark", 360, 740, true, true}, {"lying", "light", 844, 390, true, false}, {"small", "light", 780, 560, false, false},
}

// look takes a picture of a view on each screen, and checks that nothing is wider
// than it and that axe finds nothing serious.
func look(t *testing.T, p *browser.Page, name string) {
	t.Helper()
	for _, screen := range screens {
		if testing.Short() && !screen.short {
			continue
		}
		p.Screen(screen.width, screen.height, screen.phone)
		p.Prefer("prefers-color-scheme", screen.scheme)
		p.Do(settled)
		p.Screenshot(name + "-" + screen.name)
		if wide := browser.Value[int64](p, `Math.max(document.documentElement.scrollWidth, Math.ceil(document.querySelector("#end").getBoundingClientRect().right))`); wide > screen.width {
			t.Errorf("%s on %s is %d pixels wide", name, screen.name, wide)
		}
		check(t, p, name+" on "+screen.name)
	}
}

// TestEveryScreenFits goes through an interview, from the choice to how the
// interviews went one after the other, and looks at each view.
func TestEveryScreenFits(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{Local: true})
	var away atomic.Bool // nobody answers
	f.answers = func(*connection, *wire.Offer) []any {
		if away.Load() {
			return []any{}
		}
		return nil
	}
	p := browser.Start(t, browser.Options{})
	p.Inject(axe(t))
	p.Open(f.URL)
	p.Wait(`document.querySelector("#local").checkVisibility()`, soon)
	look(t, p, "welcome")
	p.Click("#job summary")
	set(p, "#job-role", "Site reliability engineer")
	drop(p, "#job-cv", "photo.png", []byte("x"))
	p.Wait(jobCode+` === "unknown"`, soon)
	look(t, p, "job-refused")
	p.Do(`document.querySelector("#job").scrollIntoView()`)
	look(t, p, "job")
	p.Click("#forget-job")
	p.Click("#job summary")
	p.Click("#try")
	p.Wait(text("#check-words")+` === "Casey would hear you."`, soon)
	look(t, p, "check")
	p.Click("#open-settings")
	look(t, p, "settings")
	p.Do(`document.querySelector("#record-on").click(); document.querySelector("#latency-on").click()`)
	p.Click("#close-settings")
	p.Click("#start")
	l := next(t, f.lines, "data channel")
	converse(t, l)
	p.Wait(`casey.status === "live"`, soon)
	look(t, p, "talk")
	l.sendEvent(t, exhibit(t))
	l.sendEvent(t, channel.Phase{Name: "Advice", Index: 4, Of: 4, Left: 25_000})
	p.Wait(text("#clock")+` === "Less than a minute left" && document.querySelector("#exhibit img").naturalWidth > 0`, soon)
	look(t, p, "exhibit")
	p.Do(`document.querySelector("#captions-on").click()`)
	look(t, p, "bare")
	p.Do(`document.querySelector("#captions-on").click()`)
	const heard = `document.querySelector("#heard").ariaValueNow`
	l.sendEvent(t, channel.Level{DBOv: 20})
	p.Wait(heard+` > 0`, soon)
	away.Store(true)
	_ = l.peer.Close()
	p.Wait(`casey.status === "restoring" && `+heard+` === "0"`, soon)
	look(t, p, "reconnecting")
	away.Store(false)
	next(t, f.lines, "data channel")
	p.Wait(`casey.status === "live"`, soon)
	p.Click("#leave")
	p.Wait(`!document.querySelector("#files").hidden`, soon)
	look(t, p, "paused")
	p.Click("#next")
	l = next(t, f.lines, "data channel")
	l.sendEvent(t, channel.Phase{Name: "Advice", Index: 4, Of: 4, Left: 1})
	converse(t, l)
	l.sendEvent(t, feedback())
	p.Wait(`!document.querySelector("#report").hidden`, soon)
	p.Click("#end")
	l.send(t.Context(), wire.Bye{Reason: "ended"})
	p.Wait(view+` === "over" && document.querySelector("#keep h2")`, soon)
	look(t, p, "over")
	p.Do(`document.querySelector("#report .delivery").scrollIntoView()`)
	look(t, p, "report")
	choose(p, "#keep", "Keep my interviews")
	choose(p, "#keep", "Your past interviews")
	p.Wait(`document.querySelector(".entry")`, soon)
	p.Do(past)
	choose(p, "#progress", "Back")
	choose(p, "#keep", "Your past interviews")
	p.Wait(`document.querySelectorAll(".trends li").length > 3`, soon)
	look(t, p, "past")
	p.Click("#progress .entry")
	p.Wait(`document.querySelector("#progress .report")`, soon)
	look(t, p, "past-report")
	choose(p, "#progress", "Practise this question again")
	look(t, p, "practise")
}

// past puts two older interviews beside the one that is kept.
const past = `new Promise((done) => {
	const open = indexedDB.open("casey");
	open.onsuccess = () => {
		const all = open.result.transaction("interviews", "readwrite"), store = all.objectStore("interviews");
		store.getAll().onsuccess = ({ target }) => [2, 9].forEach((days, i) => {
			const entry = structuredClone(target.result[0]);
			entry.id += days;
			entry.at -= days * 24 * 3600 * 1000;
			entry.report.scores.forEach(s => s.score -= 1 + i % 2);
			entry.report.delivery.forEach(d => d.value *= 1 + days / 20);
			store.put(entry);
		});
		all.oncomplete = () => { open.result.close(); done(); };
	};
})`

// exhibit is one of those that come with casey.
func exhibit(t *testing.T) channel.Exhibit {
	t.Helper()
	drawn, err := os.ReadFile("../../worker/interviewer/interviews/case-costs.svg")
	if err != nil {
		t.Fatal(err)
	}
	url := "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(drawn)
	return channel.Exhibit{Title: "Sales and costs of forty shops, in million dollars", URL: url, Alt: "Bars for three years"}
}

// settled waits for a frame, and has changes of colour and place be over.
const settled = `new Promise(r => requestAnimationFrame(r)).then(() =>
	document.getAnimations().filter(a => a instanceof CSSTransition).forEach(a => a.finish()))`

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
