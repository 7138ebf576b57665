package e2e

import (
	_ "embed" // for what is handed in
	"encoding/base64"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"casey.internal/cdk/local"
	"casey.internal/cdk/verify/browser"
)

// The CV has two pages and is too long to be told as it is.
var (
	//go:embed testdata/cv.pdf
	cv []byte
	//go:embed testdata/advertisement.txt
	advertisement []byte
)

// secrets are words of the two that nobody says aloud.
var secrets = []string{"Zwickelgasse", "Quellbrunn", "Hollerbach", "Visitor"}

// TestAJobIsTold drops a CV and an advertisement on the page: the interviewer uses them,
// so does the next worker when the one that was told is killed, and no program logs them.
func TestAJobIsTold(t *testing.T) {
	t.Parallel()
	first, second := "we tested every change before we put it into production", "we had a problem with the database because it was too slow"
	told := overhear(t)
	stack := start(t, local.Config{Workers: 2, Standin: exact("-sentences", writeLines(t, []string{first, second})), WorkerEnv: told.env()})
	told.ask(stack)
	p := attend(t, browser.Options{})
	p.Open(stack.URL + "/?interview=behavioural&probe=1")
	p.Wait(`window.casey && !document.querySelector("#start").disabled`, connectLimit)
	p.Click("#job summary")
	drops(p.Page, "#job-cv", "cv.pdf", cv)
	drops(p.Page, "#job-advertisement", "advertisement.txt", advertisement)
	p.Wait(`["cv", "advertisement"].every(name => document.querySelector("#job-" + name).value) && !document.querySelector("#start").disabled`, connectLimit)
	p.Screenshot("job")
	p.Click("#start")
	live(p.Page)
	p.awaitReply(0)
	p.Wait(`caseyLog.some(e => e.name === "kept")`, connectLimit)

	mark := p.mark()
	p.speak(espeak(t, "en-us", first))
	p.awaitReply(mark)
	if said := p.interviewerSaid(mark); !strings.Contains(said, "site reliability engineer") || !strings.Contains(said, "in what you sent me it says") {
		t.Errorf("the job is not used: %s", said)
	}
	known(t, told)
	p.Screenshot("reply")

	holder := "worker-1"
	if busy(t, stack, holder) == 0 {
		holder = "worker-2"
	}
	if err := stack.Kill(holder, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	mark = p.mark()
	p.Wait(label+` === "Reconnecting…"`, connectLimit)
	live(p.Page)
	p.awaitReply(mark) // it says that it is back
	told.forget()
	mark = p.mark()
	p.speak(espeak(t, "en-us", second))
	p.awaitReply(mark)
	known(t, told)
	if n := browser.Value[int](p.Page, `caseyLog.filter(e => e.name === "kept").length`); n != 1 {
		t.Errorf("told that it is kept %d times", n)
	}
	p.Click("#end")
	p.Wait(view+` === "over"`, replyLimit)
	p.Close()
	stack.Stop()
	unlogged(t, stack)
}

// known checks that the model was told the brief, and nothing of the texts beside it.
func known(t *testing.T, told *history) {
	t.Helper()
	system := told.system()
	for _, line := range []string{"\n> Role: Site Reliability Engineer\n", "\n> The job wants: ", "\n> They have done: ", "\n> Worth asking: "} {
		if !strings.Contains(system, line) {
			t.Errorf("the model is not told %q", line)
		}
	}
	if strings.Contains(system, "\n> CV: ") {
		t.Error("the model is told all of the CV")
	}
}

// unlogged checks that no program logged anything of what was handed in.
func unlogged(t *testing.T, stack *local.Stack) {
	t.Helper()
	var all strings.Builder
	for _, e := range stack.Logs().Entries() {
		fmt.Fprintln(&all, e)
	}
	if !strings.Contains(all.String(), "job condensed") {
		t.Error("the log does not say that the job was condensed")
	}
	for _, secret := range append(secrets, "Site Reliability", "Kubernetes", "restore a PostgreSQL") {
		if strings.Contains(all.String(), secret) {
			t.Errorf("%q is logged", secret)
		}
	}
}

// interviewerSaid is what the interviewer has said since a mark.
func (p *person) interviewerSaid(mark int) string {
	var said []string
	for _, c := range p.captions(mark) {
		if c.Role == "interviewer" {
			said = append(said, c.Text)
		}
	}
	return plain(strings.Join(said, " "))
}

// drops drops a file on a field of the page.
func drops(p *browser.Page, selector, name string, data []byte) {
	p.Do(fmt.Sprintf(`(() => {
		const files = new DataTransfer();
		files.items.add(new File([Uint8Array.from(atob(%q), (c) => c.charCodeAt(0))], %q));
		document.querySelector(%q).dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
	})()`, base64.StdEncoding.EncodeToString(data), name, selector))
}
