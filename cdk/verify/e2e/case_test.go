package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/channel"
)

// theirAnswers are what the candidate of a case says, by what they are asked; the first
// that fits and has not been said.
var theirAnswers = []struct{ asked, said string }{
	{"finding out why", "I would split profit into sales and costs, and look at each of them over the last three years."},
	{"look at first", "Could you repeat the question, please?"},
	{"look at first", "I would look at the costs first, because sales are growing while profit falls."},
	{"tell you", "Did the opening hours change in these years?"},
	{"", "Then it would tell me whether the longer evenings bring more than they cost."},
	{"this chart", "Sales went up from twenty to twenty four million, but staff went up from seven to eleven."},
	{"profit go", "It goes into staff, which costs four million more, as much as sales have grown."},
	{"staff cost", "Four million dollars more, and that is nearly sixty percent."},
	{"the evenings?", "In the evening an average shop sells for forty five dollars an hour and pays sixty for staff, so it loses money."},
	{"single shops", "I would like to know where the shops are, since a place in the centre may be busy at night."},
	{"elsewhere", "In the centre they bring thirty five dollars an hour, and everywhere else they lose about the same."},
	{"one minute", "Close at seven in the suburbs and at the stations, and keep the evenings in the centre, because only those shops earn money then."},
	{"go wrong", "Some guests may be lost for good, so I would try it in five shops for a month before I decide."},
	{"example", "At the stations an evening hour brings twenty one dollars and costs sixty."},
	{"", "I have nothing to add to that."},
}

// shortly is how long the case takes here.
const shortly = "8m"

// TestACaseByVoice holds a whole case interview on the local stack, as somebody does
// who has nothing else: three exhibits, a fact that is asked for, advice, and the
// report. What was said, all events and the report are written to build/spoken-case,
// to be read.
func TestACaseByVoice(t *testing.T) {
	long(t)
	relay := startRelay(t)
	stack := start(t, local.Config{WorkerEnv: append(relay.env(), "CASEY_MAX_INTERVIEW="+shortly)})
	p := attend(t, browser.Options{Alone: true})
	speak := newSpeaker(t)
	visit(p.Page, stack, "interview=case&probe=1")
	i := &conversing{person: p, relay: relay}
	i.greeting()
	const most = 20
	used := make([]bool, len(theirAnswers))
	for n := 0; !i.over(); n++ {
		if n == most {
			t.Fatalf("not over after %d answers", most)
		}
		asked, _ := i.replies[len(i.replies)-1].said()
		said := next(used, asked)
		i.answer([]sentence{{plain(said), "candidate", speak(said)}})
	}
	i.Wait(`!document.querySelector("#report").hidden && caseyLog.findLast(e => e.name === "report")?.event.written`, replyLimit)
	i.Screenshot("case-report")
	i.keepCase()
}

// next is what the candidate says to a question.
func next(used []bool, asked string) string {
	for n, a := range theirAnswers {
		last := n == len(theirAnswers)-1
		if last || !used[n] && a.asked != "" && strings.Contains(asked, plain(a.asked)) || !used[n] && a.asked == "" && used[n-1] {
			used[n] = true
			return a.said
		}
	}
	return ""
}

// over reports whether the interview has ended by itself.
func (p *person) over() bool {
	return browser.Value[bool](p.Page, `document.body.dataset.view === "over"`)
}

var quotes = regexp.MustCompile(`“([^”]*)”`)

// keepCase writes down what the interview was, and checks what can be.
func (i *conversing) keepCase() {
	i.t.Helper()
	root, err := local.Root()
	if err != nil {
		i.t.Fatal(err)
	}
	folder := filepath.Join(root, "build", "spoken-case")
	events := browser.Value[[]string](i.Page, `caseyLog.filter(e => !["viseme", "levels", "level", "sent", "heard"].includes(e.name))
		.map(e => JSON.stringify({ ms: Math.round(e.at), name: e.name, event: { ...e.event, words: undefined, marks: undefined } }))`)
	report := browser.Value[channel.Report](i.Page, `caseyLog.findLast(e => e.name === "report").event`)
	written, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		i.t.Fatal(err)
	}
	transcript := browser.Value[[]string](i.Page, `[...document.querySelectorAll(".said")].map(e => (e.classList.contains("candidate") ? "- " : "+ ") + e.querySelector("p").textContent)`)
	if err := errors.Join(
		os.MkdirAll(folder, 0o755),
		os.WriteFile(filepath.Join(folder, "transcript.txt"), []byte(strings.Join(transcript, "\n")+"\n"), 0o600),
		os.WriteFile(filepath.Join(folder, "events.jsonl"), []byte(strings.Join(events, "\n")+"\n"), 0o600),
		os.WriteFile(filepath.Join(folder, "report.json"), append(written, '\n'), 0o600),
	); err != nil {
		i.t.Fatal(err)
	}
	i.t.Logf("in %s:\n%s\n%s", folder, strings.Join(transcript, "\n"), written)

	shown := browser.Value[[]int](i.Page, `[...new Set(caseyLog.filter(e => e.name === "exhibit").map(e => e.event.index))]`)
	phase := browser.Value[channel.Phase](i.Page, `caseyLog.findLast(e => e.name === "phase").event`)
	if !slices.Equal(shown, []int{1, 2, 3}) || phase.Index != phase.Of {
		i.t.Errorf("exhibits %v were shown, and it ended in phase %d of %d", shown, phase.Index, phase.Of)
	}
	i.t.Logf("%d of %d words were captioned wrong", i.wrong, len(i.spoken))
	if 100*i.wrong > wrongInFree*len(i.spoken) {
		i.t.Error("too many words were captioned wrong")
	}
	heard := strings.Join(slices.DeleteFunc(transcript, func(l string) bool { return l[0] != '-' }), "\n")
	for _, point := range append(slices.Concat(report.Good, report.Better), fmt.Sprint(report.Questions)) {
		for _, m := range quotes.FindAllStringSubmatch(point, -1) {
			if !strings.Contains(heard, m[1]) {
				i.t.Errorf("%q was never said", m[1])
			}
		}
	}
	if len(report.Good)+len(report.Better) == 0 || len(report.Questions) < 6 || len(report.Delivery) == 0 {
		i.t.Error("the report has nothing to say")
	}
	if took := time.Duration(browser.Value[float64](i.Page, `caseyLog.at(-1).at`)) * time.Millisecond; took > 9*time.Minute {
		i.t.Errorf("it took %v", took)
	}
}
