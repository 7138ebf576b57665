package page_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"casey.internal/cdk/page"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/channel"
	"casey.internal/shared/wire"
	"casey.internal/worker/interviewer"
)

// label is who is seen, as it is read aloud.
const label = `document.querySelector("#face").getAttribute("aria-label")`

func TestAnInterviewIsChosen(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p := browser.Start(t, browser.Options{})
	p.Open(f.URL)
	p.Wait(`!document.querySelector("#start").disabled`, soon)
	if got := browser.Value[int](p, `document.querySelectorAll("#choice label").length`); got != 9 {
		t.Fatalf("%d cards", got)
	}
	cards := browser.Value[string](p, `[...document.querySelectorAll("#choice label")].map(card => card.textContent).join("\n")`)
	if !strings.HasPrefix(cards, "Interview coachCasey · 25 min") || !strings.Contains(cards, "Market sizingElena · 15 min · English") {
		t.Errorf("the cards are %s", cards)
	}
	p.Wait(label+` === "Casey, the interviewer"`, soon)
	p.Do(`document.querySelector("#choice input").focus()`)
	p.Down()
	p.Down()
	p.Wait(label+` === "Robin, the interviewer" && document.querySelector("#choice :checked").value === "case"`, soon)
	if got := browser.Value[string](p, text(".lead")); !strings.HasPrefix(got, "Robin asks") {
		t.Errorf("the lead is %q", got)
	}
	p.Do(`document.querySelector("#levels input[value=demanding]").click()`)
	p.Click("#start")
	if offer := next(t, f.offers, "offer"); offer.Interview != "case.demanding" {
		t.Errorf("the offer is %+v", offer)
	}
	l := next(t, f.lines, "data channel")
	p.Wait(`casey.status === "live"`, soon)
	l.sendEvent(t, channel.Phase{Name: "Structure", Index: 1, Of: 4, Left: int((29*time.Minute + 20*time.Second).Milliseconds())})
	p.Wait(text("#phase")+` === "Structure · 1 of 4" && `+text("#clock")+` === "29 min left"`, soon)
	l.sendEvent(t, channel.Caption{Turn: 1, Role: "interviewer", Text: "Hello, I am Robin.", Final: true})
	p.Wait(`document.querySelector(".said.interviewer b")?.textContent === "Robin"`, soon)
	p.Screenshot("talk")

	p.Open(f.URL)
	p.Wait(text("#start")+` === "Continue your interview" && `+label+` === "Robin, the interviewer"`, soon)
	p.Do(`document.querySelector("#choice input[value=data]").click()`)
	p.Wait(label+` === "Noor, the interviewer"`, soon)
	p.Click("#start")
	l = next(t, f.lines, "data channel")
	p.Wait(label+` === "Robin, the interviewer"`, soon) // whose interview goes on
	p.Click("#end")
	l.send(t.Context(), wire.Bye{Reason: "ended"})
	p.Wait(text("#after h1")+` === "That was it with Robin. Well done."`, soon)
	p.Click("#next")
	p.Wait(view+` === "welcome" && `+label+` === "Noor, the interviewer" && document.activeElement.value === "data"`, soon)
}

func TestTheAddressChooses(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	for query, want := range map[string]struct{ name, offer string }{
		"/?interview=case":           {"Robin", "case"},
		"/?interview=case.demanding": {"Robin", "case.demanding"},
		"/?interview=unknown":        {"Casey", "unknown"},
	} {
		p := browser.Start(t, browser.Options{})
		p.Open(f.URL + query)
		p.Wait(`!document.querySelector("#start").disabled && document.querySelector("#choice").hidden`, soon)
		p.Wait(label+` === "`+want.name+`, the interviewer"`, soon)
		if got := browser.Value[bool](p, `document.querySelector("#levels").checkVisibility()`); got != (want.name == "Robin") {
			t.Errorf("%s: levels are seen: %v", query, got)
		}
		p.Click("#start")
		if offer := next(t, f.offers, "offer"); offer.Interview != want.offer {
			t.Errorf("%s: the offer is %+v", query, offer)
		}
		next(t, f.lines, "data channel")
		p.Close()
	}
}

// TestAFolderOfInterviewsIsShown: what somebody else wrote is shown as it is, and
// one interview is no choice.
func TestAFolderOfInterviewsIsShown(t *testing.T) {
	t.Parallel()
	const file = `{"title":"<b>Mine</b>","goodFor":"G","interviewer":{"name":"Ada <i>"},"minutes":10,"persona":"P","brief":"B","greeting":["Hi."],
		"welcome":["Hi."],"closing":["Bye."],"phases":[{"name":"N","profile":"reflective","goals":["G"]}],"rubric":[{"name":"R","looksFor":"L"}]}`
	for _, names := range [][]string{{"a"}, {"a", "b"}} {
		files := fstest.MapFS{}
		for _, name := range names {
			files[name+".json"] = &fstest.MapFile{Data: []byte(file)}
		}
		shelf, err := interviewer.Open(files)
		if err != nil {
			t.Fatal(err)
		}
		f := start(t, page.Config{Interviews: shelf})
		p := browser.Start(t, browser.Options{})
		p.Open(f.URL)
		p.Wait(label+` === "Ada <i>, the interviewer"`, soon)
		if got := browser.Value[bool](p, `document.querySelector("#choice").checkVisibility()`); got != (len(names) > 1) {
			t.Errorf("with %q the choice is seen: %v", names, got)
		}
		p.Click("#start")
		if offer := next(t, f.offers, "offer"); offer.Interview != "a" {
			t.Errorf("the offer is %+v", offer)
		}
		next(t, f.lines, "data channel")
		p.Close()
	}
}

// TestNothingOfAnInterviewIsPublished looks through all files of the page.
func TestNothingOfAnInterviewIsPublished(t *testing.T) {
	folder := t.TempDir()
	if err := bundle(t, page.Config{}).Write(folder); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) < 7 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(folder, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if file.Name() == page.Catalogue { // without what JSON writes otherwise
			var cards []interviewer.Card
			if err := json.Unmarshal(data, &cards); err != nil || len(cards) != 9 {
				t.Errorf("%d cards, %v", len(cards), err)
			}
			data = fmt.Append(data, cards)
		}
		if err := interviewer.BuiltIn().GivesAway(string(data)); err != nil {
			t.Errorf("%s: %v", file.Name(), err)
		}
	}
}

// TestEveryFaceIsDrawn takes a picture of each interviewer, and wants another one
// of each.
func TestEveryFaceIsDrawn(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p := browser.Start(t, browser.Options{})
	p.Prefer("prefers-reduced-motion", "reduce")
	p.Open(f.URL)
	p.Wait(`!document.querySelector("#start").disabled`, soon)
	seen := map[string]string{}
	for _, c := range interviewer.BuiltIn().Catalogue() {
		p.Do(`document.querySelector("#choice input[value=` + c.Name + `]").click()`)
		look := browser.Value[string](p, `getComputedStyle(document.querySelector("#face")).getPropertyValue("--skin") + getComputedStyle(document.querySelector("#face")).getPropertyValue("--hair") +
			[...document.querySelectorAll("#face .of, #face .rims")].filter(part => getComputedStyle(part).display !== "none").map(part => part.getAttribute("class"))`)
		if c.Interviewer.Face.Glasses != strings.Contains(look, "rims") || !strings.Contains(look, " "+c.Interviewer.Face.Style) {
			t.Errorf("%s is %s", c.Interviewer.Name, look)
		}
		if other, known := seen[look]; known {
			t.Errorf("%s looks like %s", c.Interviewer.Name, other)
		}
		seen[look] = c.Interviewer.Name
		p.Screenshot("face-" + c.Name)
	}
}
