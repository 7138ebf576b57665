package page_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"casey.internal/cdk/page"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/wire"
)

// progress is the part of the page with past interviews, as text.
const progress = `document.querySelector("#progress").innerText`

// choose clicks the button with a text in a part of the page, once it is there.
func choose(p *browser.Page, part, label string) {
	p.Wait(fmt.Sprintf(`(b => b && (b.click(), true))([...document.querySelectorAll(%q)].find(b => b.checkVisibility() && b.textContent === %q))`, part+" button", label), soon)
}

// finish brings a report and ends an interview.
func finish(t *testing.T, p *browser.Page, l *line) {
	t.Helper()
	converse(t, l)
	l.sendEvent(t, feedback())
	p.Wait(report+`.checkVisibility()`, soon)
	l.send(t.Context(), wire.Bye{Reason: "ended"})
	p.Wait(view+` === "over"`, soon)
}

func TestPastInterviewsAreKeptAndDeleted(t *testing.T) {
	for _, engine := range []browser.Engine{browser.Chromium, browser.Firefox} {
		t.Run(string(engine), func(t *testing.T) {
			f := start(t, page.Config{})
			p, l := talkIn(t, f, engine, "/")
			finish(t, p, l)
			p.Wait(`/Keep your interviews in this browser/.test(`+text("#keep")+`)`, soon)
			if kept := browser.Value[int](p, `new Promise(r => { const open = indexedDB.open("casey"); open.onsuccess = () => { r(open.result.transaction("interviews").objectStore("interviews").count()); open.result.close() } }).then(c => new Promise(r => { c.onsuccess = () => r(c.result) }))`); kept != 0 {
				t.Errorf("%d interviews are kept without consent", kept)
			}
			choose(p, "#keep", "Keep my interviews")
			p.Wait(`/is kept in this browser/.test(`+text("#keep")+`)`, soon)
			p.Open(f.URL) // another visit
			p.Click("#past")
			p.Wait(`/Interview coach/.test(`+progress+`) && /3.5 of 5/.test(`+progress+`)`, soon)
			p.Click("#progress .entry")
			p.Wait(`/without a day of downtime/.test(`+progress+`) && /142 words a minute/.test(`+progress+`)`, soon)
			choose(p, "#progress article", "Practise this question again")
			p.Wait(view+` === "welcome" && `+text("#focus q")+` === "Tell me about a project that you are proud of."`, soon)
			p.Click("#past")
			p.Wait(`/Interview coach/.test(`+progress+`)`, soon)
			choose(p, "#progress", "Delete all")
			choose(p, "#progress", "No, keep")
			choose(p, "#progress li", "Delete")
			choose(p, "#progress li", "Yes, delete")
			p.Wait(`/Deleted/.test(`+progress+`) && !/Interview coach/.test(`+progress+`)`, soon)
			choose(p, "#progress", "Keep no more")
			p.Wait(`/no more are kept/.test(`+progress+`) && /Keep your interviews/.test(`+progress+`)`, soon)
		})
	}
}

// TestNothingOfPastInterviewsLeavesTheBrowser looks at every request that the page
// makes while interviews are kept, shown, exported and deleted.
func TestNothingOfPastInterviewsLeavesTheBrowser(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var requests []string
	f := start(t, page.Config{})
	served := f.Config.Handler
	f.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		requests = append(requests, r.Method+" "+r.URL.String())
		mu.Unlock()
		served.ServeHTTP(w, r)
	})
	p, l := talk(t, f, "/")
	finish(t, p, l)
	p.Do(`window.told = []; casey.on("sent", message => told.push(message))`)
	mu.Lock()
	requests = nil
	mu.Unlock()
	choose(p, "#keep", "Keep my interviews")
	p.Wait(`/is kept in this browser/.test(`+text("#keep")+`)`, soon)
	choose(p, "#keep", "Your past interviews")
	p.Wait(`/Interview coach/.test(`+progress+`)`, soon)
	p.Do(`window.saved = []; HTMLAnchorElement.prototype.click = function () { saved.push(fetch(this.href).then(r => r.text())) }`)
	choose(p, "#progress", "Save all as JSON")
	var exported struct {
		Interviews []struct {
			Interview, Title, Name string
			Lines                  []struct{ Role, Text string }
			Report                 json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(browser.Value[string](p, `saved[0]`)), &exported); err != nil {
		t.Fatal(err)
	}
	if all := exported.Interviews; len(all) != 1 || all[0].Title != "Interview coach" || len(all[0].Lines) != 4 || !strings.Contains(string(all[0].Report), "Calm pauses") {
		t.Errorf("exported is %+v", all)
	}
	p.Click("#progress .entry")
	p.Wait(`/142 words a minute/.test(`+progress+`)`, soon)
	if sent := browser.Value[[]string](p, `performance.getEntriesByType("resource").map(e => e.name).filter(n => !n.startsWith("blob:") && !/\.(js|css|json)$|^data:/.test(n))`); len(sent) > 0 {
		t.Errorf("the page asked for %q", sent)
	}
	if told := browser.Value[int](p, `told.length`); told > 0 {
		t.Errorf("the page sent %d messages", told)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(requests) > 0 {
		t.Errorf("the server was asked for %q", requests)
	}
}

// TestABrowserThatKeepsNothing says so, and only to who asked it to keep something.
func TestABrowserThatKeepsNothing(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p := browser.Start(t, browser.Options{})
	p.Inject(`Object.defineProperty(window, "indexedDB", { get() { throw new DOMException("no", "SecurityError") } })`)
	p.Open(f.URL)
	p.Click("#start")
	l := next(t, f.lines, "data channel")
	p.Wait(`casey.status === "live"`, soon)
	finish(t, p, l)
	p.Click("#next")
	p.Click("#past")
	p.Wait(`/does not let the page keep anything/.test(`+progress+`)`, soon)
	choose(p, "#progress", "Back")
	p.Click("#start")
	l = next(t, f.lines, "data channel")
	finish(t, p, l)
	if said := browser.Value[string](p, text("#keep")); said != "" {
		t.Errorf("nobody asked, and the page says %q", said)
	}
}
