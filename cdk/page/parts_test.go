package page_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"casey.internal/cdk/page"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/wire"
)

// requests watches what a browser asks a fake for, and lets some of it fail.
type requests struct {
	mu      sync.Mutex
	paths   []string
	missing *regexp.Regexp // what is not there; nil: everything is
}

func watch(f *fake) *requests {
	r := &requests{}
	served := f.Config.Handler
	f.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		r.mu.Lock()
		r.paths = append(r.paths, request.URL.Path)
		gone := r.missing != nil && r.missing.MatchString(request.URL.Path)
		r.mu.Unlock()
		if gone {
			http.NotFound(w, request) // as after a deploy, which has other hashes
			return
		}
		served.ServeHTTP(w, request)
	})
	return r
}

// miss has what a pattern matches be missing from now on; an empty one, nothing.
func (r *requests) miss(pattern string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.missing = nil
	if pattern != "" {
		r.missing = regexp.MustCompile(pattern)
	}
}

func (r *requests) asked() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.paths)
}

// TestThePageIsSmall adds up what a browser asks for at first sight: what only
// a report, an avatar, a file, another language or a test needs is apart from it.
func TestThePageIsSmall(t *testing.T) {
	site := bundle(t, page.Config{})
	index := get(site, http.MethodGet, "/").body
	for name, least := range map[string]int{
		"avatar": 300 << 10, "pdf": 300 << 10, "pdf-worker": 300 << 10,
		"results": 10 << 10, "documents": 1 << 10, "probe": 1 << 10, "de": 1 << 10, "es": 1 << 10,
	} {
		script := regexp.MustCompile(`name="` + name + `" content="(/` + name + `-\w+\.js)"`).FindStringSubmatch(index)
		if script == nil {
			t.Fatalf("the page does not say where the script %s is", name)
		}
		if size := len(get(site, http.MethodGet, script[1]).body); size < least {
			t.Errorf("the script %s has %d bytes", name, size)
		} else {
			t.Logf("the script %s has %d bytes", name, size)
		}
	}
	f := start(t, page.Config{})
	r := watch(f)
	p := browser.Start(t, browser.Options{})
	p.Open(f.URL)
	p.Wait(`!document.querySelector("#start").disabled`, soon)
	size, packed := 0, 0
	for _, path := range r.asked() {
		body := get(site, http.MethodGet, path).body
		size, packed = size+len(body), packed+zip9(t, body)
	}
	t.Logf("the page has %d bytes, %d compressed, in %q", size, packed, r.asked())
	if size > 120<<10 || size < 10<<10 {
		t.Errorf("the page has %d bytes", size)
	}
	if packed > 42<<10 {
		t.Errorf("the page has %d bytes, compressed", packed)
	}
}

// zip9 is how long a text is for a browser that takes it compressed.
func zip9(t *testing.T, body string) int {
	t.Helper()
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Len()
}

// unloaded is the sentence for a script that did not load.
const unloaded = `/A part of this page did not load. Check your connection, then try again/.test`

// TestPastInterviewsWhoseScriptIsMissing: the button says so, and works once it is there.
func TestPastInterviewsWhoseScriptIsMissing(t *testing.T) {
	for _, engine := range []browser.Engine{browser.Chromium, browser.Firefox} {
		t.Run(string(engine), func(t *testing.T) {
			f := start(t, page.Config{})
			r := watch(f)
			r.miss(`/results-`)
			p := browser.Start(t, browser.Options{Engine: engine})
			p.Open(f.URL)
			p.Click("#past")
			p.Wait(unloaded+`(`+text("#notice")+`) && `+view+` === "welcome"`, soon)
			r.miss("")
			p.Click("#past")
			p.Wait(view+` === "past" && /Keep your interviews in this browser/.test(`+progress+`)`, soon)
		})
	}
}

// TestAReportWhoseScriptIsMissing: nothing that was told of an interview is lost meanwhile.
func TestAReportWhoseScriptIsMissing(t *testing.T) {
	for _, engine := range []browser.Engine{browser.Chromium, browser.Firefox} {
		t.Run(string(engine), func(t *testing.T) {
			f := start(t, page.Config{})
			r := watch(f)
			r.miss(`/results-`)
			p, l := talkIn(t, f, engine, "/")
			converse(t, l)
			l.sendEvent(t, feedback())
			const sorry = unloaded + `(document.querySelector("#keep").textContent)`
			p.Wait(sorry, soon)
			l.send(t.Context(), wire.Bye{Reason: "ended"})
			p.Wait(view+` === "over" && `+sorry, soon)
			p.Do(`document.querySelector("#keep p").remove()`)
			choose(p, "#keep", "Try again") // it is still missing
			p.Wait(sorry, soon)
			r.miss("")
			const shown = report + `.checkVisibility() && /without a day of downtime/.test(` + report + `.innerText)`
			p.Wait(shown+` || ([...document.querySelectorAll("#keep button")].find((b) => b.textContent === "Try again")?.click(), false)`, soon) // a try that is on its way may fail yet
			choose(p, "#keep", "Keep my interviews")
			choose(p, "#keep", "Your past interviews")
			p.Click("#progress .entry")
			p.Wait(`/142 words a minute/.test(`+progress+`)`, soon)
		})
	}
}

// TestAReaderThatIsMissing: a file whose reader does not load is not called broken.
func TestAReaderThatIsMissing(t *testing.T) {
	f := start(t, page.Config{})
	r := watch(f)
	p := browser.Start(t, browser.Options{})
	p.Open(f.URL)
	p.Click("#job summary")
	for _, missing := range []string{`/documents-`, `/pdf-[A-Z0-9]+\.js`, `/pdf-worker-`} {
		r.miss(missing)
		drop(p, "#job-cv", "cv.pdf", pdf([]string{"Ten years of buses"}, ""))
		p.Wait(jobCode+` === "unloaded"`, soon)
		if words := browser.Value[string](p, text("#job-words")); !strings.Contains(words, "Check your connection") {
			t.Errorf("without %s: %s", missing, words)
		}
		set(p, "#job-role", "Driver") // takes the sentence away
		p.Wait(jobCode+` === ""`, soon)
	}
	p.Open(f.URL)
	r.miss("")
	p.Click("#job summary")
	drop(p, "#job-cv", "cv.pdf", pdf([]string{"Ten years of buses"}, ""))
	p.Wait(`document.querySelector("#job-cv").value === "Ten years of buses"`, soon)
}

// TestTheWayBack: the browser's own button leads from past interviews to what was seen
// before them, and not away.
func TestTheWayBack(t *testing.T) {
	for _, engine := range []browser.Engine{browser.Chromium, browser.Firefox} {
		t.Run(string(engine), func(t *testing.T) {
			f := start(t, page.Config{})
			p, l := talkIn(t, f, engine, "/")
			finish(t, p, l)
			choose(p, "#keep", "Keep my interviews")
			choose(p, "#keep", "Your past interviews")
			const list = view + ` === "past" && document.querySelector("#progress .entries")`
			p.Wait(list, soon)
			p.Click("#progress .entry")
			p.Wait(`document.querySelector("#progress .report")`, soon)
			p.Do(`history.back()`)
			p.Wait(list, soon)
			p.Do(`history.back()`)
			p.Wait(view+` === "over" && /is kept in this browser/.test(`+text("#keep")+`)`, soon)
			p.Click("#past")
			p.Wait(list, soon)
			choose(p, "#progress", "Back")
			p.Wait(view+` === "over"`, soon)
		})
	}
}

// TestLettersOfTwiceTheSize: who has the browser write larger sees all of it on a phone.
func TestLettersOfTwiceTheSize(t *testing.T) {
	f := start(t, page.Config{Local: true})
	p := browser.Start(t, browser.Options{Flags: map[string]string{"blink-settings": "defaultFontSize=32"}})
	p.Screen(360, 740, true)
	p.Open(f.URL)
	p.Wait(`!document.querySelector("#start").disabled`, soon)
	if size := browser.Value[string](p, `getComputedStyle(document.body).fontSize`); size != "34px" {
		t.Errorf("letters have %s", size)
	}
	within := func(name string) {
		t.Helper()
		p.Do(settled)
		p.Screenshot(name)
		if outside := browser.Value[[]string](p, `[...document.querySelectorAll("button, select, input, h1, h2, p, li, summary, label")]
			.filter(e => e.checkVisibility() && !e.closest(".unseen, [type=file]"))
			.filter(e => (r => r.width > 0 && (r.right > innerWidth + 1 || r.left < -1))(e.getBoundingClientRect()) || e.matches(".buttons button") && e.scrollWidth > e.clientWidth)
			.map(e => (e.id || e.className || e.tagName) + ": " + e.textContent.slice(0, 40))`); len(outside) > 0 {
			t.Errorf("%s is cut off: %q", name, outside)
		}
	}
	within("large-welcome")
	p.Click("#start")
	l := next(t, f.lines, "data channel")
	converse(t, l)
	p.Wait(`casey.status === "live"`, soon)
	within("large-talk")
	finish(t, p, l)
	within("large-over")
	choose(p, "#keep", "Keep my interviews")
	p.Wait(`/is kept in this browser/.test(`+text("#keep")+`)`, soon)
	p.Do(past)
	p.Click("#past")
	p.Wait(`document.querySelectorAll(".trends li").length > 3`, soon)
	within("large-past")
}

// TestTheScreenStaysOn: phones stop the microphone of who talks and touches nothing.
func TestTheScreenStaysOn(t *testing.T) {
	f := start(t, page.Config{})
	p := browser.Start(t, browser.Options{})
	p.Inject(`window.locks = []; Object.defineProperty(navigator, "wakeLock", { value: { request: async (kind) => {
		const lock = { kind, released: false, release: async () => { lock.released = true } };
		locks.push(lock);
		return lock;
	} } })`)
	p.Open(f.URL)
	p.Click("#start")
	l := next(t, f.lines, "data channel")
	const held = `locks.filter(l => !l.released).length`
	p.Wait(`casey.status === "live" && `+held+` === 1`, soon)
	p.Do(`locks[0].release().then(() => document.dispatchEvent(new Event("visibilitychange")))`) // as after another app
	p.Wait(`locks.length === 2 && `+held+` === 1`, soon)
	l.send(t.Context(), wire.Bye{Reason: "ended"})
	p.Wait(view+` === "over" && `+held+` === 0`, soon)
}
