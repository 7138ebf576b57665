package page_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/page"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/channel"
	"casey.internal/shared/wire"
)

// feedback is a report on what converse says, as whole as they get.
func feedback() channel.Report {
	return channel.Report{
		Written: true,
		Summary: "You told one story from start to end, and said what came of it.", Good: []string{"Numbers that a listener remembers", "Calm pauses"},
		Better: []string{"Say earlier what your own part was"},
		Scores: []channel.Score{{Name: "Structure", Score: 4, Of: 5, Comment: "Situation, task, action and result were all there."}, {Name: "Depth", Score: 3, Of: 5, Comment: "Why did you choose that way?"}},
		Questions: []channel.Question{{
			Turn: 2, Asked: "Tell me about a project that you are proud of.", Said: "You led a team of four that moved billing to a new service.",
			Strong: "It is short and has a result.", Missing: "What you yourself did, and how you knew that nobody noticed.", Score: 4, Of: 5,
			Stronger: "Last year I led a team of four that moved our billing to a new service. I planned the order in which customers moved, and not a single day of downtime followed.",
			Quotes:   []channel.Quote{{Turn: 2, Text: "without a day of downtime"}},
		}, {Turn: 4, Asked: "What was the hardest decision on the way?", Of: 5, Unsure: true}},
		Delivery: []channel.Measure{
			{Name: "pace", Value: 142, Low: 110, High: 160, Each: []float64{150, 134}},
			{Name: "wait", Value: 1.2, High: 3, Each: []float64{1.4, 1}},
			{Name: "pause", Value: 4.1, High: 3, Each: []float64{4.1, 0.8}},
			{Name: "length", Value: 48, Low: 20, High: 120, Each: []float64{60, 36}},
			{Name: "share", Value: 61, Low: 50, High: 85},
			{Name: "fillers", Value: 3.5, High: 3, Each: []float64{2, 5}, Parts: []channel.Part{{Text: "um", Times: 5}, {Text: "you know", Times: 2}}},
			{Name: "interruptions", Value: 1, High: 2},
		},
	}
}

const report = `document.querySelector("#report")`

func TestTheReportComesInParts(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p, l := talk(t, f, "/")
	converse(t, l)
	p.Click("#end")
	whole := feedback()
	l.sendEvent(t, channel.Report{Delivery: whole.Delivery, Questions: []channel.Question{{Turn: 2, Asked: whole.Questions[0].Asked, Of: 5}}})
	p.Wait(report+`.checkVisibility() && /More of it is being written/.test(`+report+`.innerText) && /142 words a minute/.test(`+report+`.innerText)`, soon)
	l.sendEvent(t, whole)
	p.Wait(`!/being written/i.test(`+report+`.innerText)`, soon)
	shown := browser.Value[string](p, report+`.innerText`)
	for _, part := range []string{
		whole.Summary, "4 of 5", "“without a day of downtime”", "What you yourself did", "A stronger answer", "unsure of this answer, so it is not judged",
		"usual: 110 to 160", "usual: up to 3", "um 5×, you know 2×", "61 %",
	} {
		if !strings.Contains(shown, part) {
			t.Errorf("the report lacks %q:\n%s", part, shown)
		}
	}
	if n := browser.Value[int](p, report+`.querySelectorAll(".gauge").length`); n != len(whole.Delivery) {
		t.Errorf("%d pictures", n)
	}
	if n := browser.Value[int](p, report+`.querySelectorAll(".play").length`); n != 0 {
		t.Errorf("%d answers can be heard that nobody recorded", n)
	}
}

// TestAReportIsHeardSavedAndPrinted goes through all that a person does with a
// report, of an interview that was recorded. Firefox with PulseAudio stands still in
// two of ten such recordings: its process that plays the sound waits for the page,
// under PulseAudio's lock, and the page for it. So it has its turn in `make e2e`.
func TestAReportIsHeardSavedAndPrinted(t *testing.T) {
	for _, engine := range []browser.Engine{browser.Chromium, browser.Firefox} {
		t.Run(string(engine), func(t *testing.T) {
			if testing.Short() && engine == browser.Firefox {
				t.Skip("make e2e runs this one")
			}
			f := start(t, page.Config{})
			p, l := talkIn(t, f, engine, "/?probe=1")
			p.Do(`document.querySelector("#record-on").click()`)
			p.Wait(`casey.recording`, soon)
			l.speak(t.Context(), t, 3*time.Second)
			l.sendEvent(t, channel.Caption{Turn: 2, Role: "candidate", Text: "Last year I led a team of four."})
			p.Wait(`document.querySelector(".said.candidate p")?.textContent === "Last year I led a team of four."`, soon)
			l.speak(t.Context(), t, 3*time.Second)
			l.sendEvent(t, channel.Caption{Turn: 2, Role: "candidate", Text: "Last year I led a team of four. We moved our billing to a new service without a day of downtime."})
			converse(t, l)
			l.sendEvent(t, feedback())
			p.Wait(report+`.checkVisibility()`, soon)
			l.send(t.Context(), wire.Bye{Reason: "ended"})
			p.Wait(report+`.querySelectorAll(".play").length === 3`, soon) // two answers, and what is quoted of one
			isHeard(t, p)
			isSaved(t, p)
			isPrinted(t, p)
		})
	}
}

// captioned are the times at which the answer was seen as text, at first and at last, in
// seconds of the recording.
const captioned = `(() => {
	const { began } = caseyLog.find(e => e.name === "recording").event;
	const seen = caseyLog.filter(e => e.name === "caption" && e.event.turn === 2 && !e.event.final).map(e => (e.at - began) / 1000);
	return [seen[0], seen.at(-1)] })()`

// isHeard checks that answer and quote are played from their places: the answer began
// 1.2 s before it was seen as text, and the quote comes when 69 of its 94 letters are said.
func isHeard(t *testing.T, p *browser.Page) {
	sources := map[string]bool{}
	place := func(button string) float64 {
		p.Do(`void (window.places = [], HTMLMediaElement.prototype.play = function () { places.push([this.currentTime, this.src]); return Promise.resolve() })`)
		p.Click(button)
		p.Wait(`places.length === 1`, soon)
		sources[browser.Value[string](p, `places[0][1]`)] = true
		return browser.Value[float64](p, `places[0][0]`)
	}
	answer, quote := place("#report article > .play"), place("#report blockquote .play")
	seen := browser.Value[[]float64](p, captioned)
	began := seen[0] - 1.2
	if quoted := began + (seen[1]-began)*69/94; math.Abs(answer-began) > 0.5 || math.Abs(quote-quoted) > 0.5 || quote < answer+1.5 {
		t.Errorf("the answer is played from %.1f s, the quote from %.1f s; it was seen from %.1f to %.1f s", answer, quote, seen[0], seen[1])
	}
	p.Click("#report .side input")
	if alone := place("#report blockquote .play"); math.Abs(alone-quote) > 0.1 || len(sources) != 2 {
		t.Errorf("one side alone is played from %.1f s, of %d files", alone, len(sources))
	}
}

func TestAReloadedPageHasTheReport(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	whole, err := json.Marshal(feedback())
	if err != nil {
		t.Fatal(err)
	}
	f.report = whole
	p, l := talk(t, f, "/")
	converse(t, l)
	p.Click("#end")
	l.send(t.Context(), wire.Bye{Reason: "ended"})
	p.Wait(view+` === "over"`, soon)
	p.Open(f.URL)
	p.Wait(view+` === "over" && /142 words a minute/.test(`+report+`.innerText) && `+state+` === "The interview is over"`, soon)
	p.Do(`window.saved = []; HTMLAnchorElement.prototype.click = function () { saved.push(fetch(this.href).then(r => r.text())) }`)
	p.Do(report + `.querySelectorAll(".keep button")[3].click()`)
	if said := browser.Value[string](p, `saved[0]`); !strings.Contains(said, "**You:** Last year I led a team of four.") {
		t.Errorf("the transcript is %q", said)
	}
	p.Click("#next")
	p.Do(view + ` === "welcome" && document.querySelector("#start").click()`) // where there are several to choose from
	next(t, f.lines, "data channel")
	p.Wait(`casey.status === "live" && !`+report+`.checkVisibility()`, soon)
	if kept := browser.Value[[]string](p, `Object.keys(sessionStorage).filter(key => key.endsWith(":over") || key === "casey:said")`); len(kept) > 0 {
		t.Errorf("of the interview before is kept %q", kept)
	}
}

// isSaved checks the files that the report offers.
func isSaved(t *testing.T, p *browser.Page) {
	p.Do(`void (window.saved = [], HTMLAnchorElement.prototype.click = function () { saved.push(fetch(this.href).then(r => r.text()).then(text => [this.download.replace(/[0-9-]+/, "-"), text])) })`)
	p.Do(report + `.querySelectorAll(".keep button").forEach(b => b.textContent.startsWith("Save") && b.click())`)
	for i, want := range []struct{ name, part, other string }{
		{"casey-report.md", "## Tell me about a project that you are proud of.", "**You:** Last year I led a team of four."},
		{"casey-report.json", `"stronger": "Last year I led`, `"role": "candidate"`},
		{"casey-transcript.md", "**Interviewer:** Welcome. I am Casey.", "**You:** I think it was when to"},
	} {
		got := browser.Value[[]string](p, `saved[`+string(rune('0'+i))+`]`)
		if got[0] != want.name || !strings.Contains(got[1], want.part) || !strings.Contains(got[1], want.other) {
			t.Errorf("%s has %s", got[0], got[1])
		}
	}
}

// isPrinted looks at what a printer gets: the report alone, all of it.
func isPrinted(t *testing.T, p *browser.Page) {
	if document := p.Print("report"); len(document) < 10000 {
		t.Errorf("printed are %d bytes", len(document))
	}
	p.Screen(794, 1123, false) // A4
	p.Do(`[...document.styleSheets].flatMap(sheet => [...sheet.cssRules]).filter(rule => rule.media?.mediaText === "print").forEach(rule => { rule.media.mediaText = "all" })`)
	for _, part := range []string{"#face", "#controls", "#captions", ".keep", "header"} {
		if browser.Value[bool](p, `document.querySelector("`+part+`").checkVisibility()`) {
			t.Errorf("%s is printed", part)
		}
	}
	if cut := browser.Value[bool](p, `[document.documentElement, document.body, document.querySelector("main"), document.querySelector(".talk")].some(e => getComputedStyle(e).overflowY !== "visible")`); cut {
		t.Error("what does not fit on a page is cut off")
	}
	if height := browser.Value[float64](p, report+`.getBoundingClientRect().height`); height < 500 || height > 2500 {
		t.Errorf("the report is %.0f pixels high", height)
	}
}
