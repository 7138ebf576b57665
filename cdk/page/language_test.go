package page_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"casey.internal/cdk/page"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/channel"
	"casey.internal/shared/wire"
	"casey.internal/worker/interviewer"
)

// TestThePageSpeaksTheInterviewsLanguage: on the choice view the one that somebody
// chose, later that of the interview, and nothing is wider than the screen in any.
func TestThePageSpeaksTheInterviewsLanguage(t *testing.T) {
	t.Parallel()
	const file = `{"title":"Talk","goodFor":"G","interviewer":{"name":"Ada"},"language":"LANGUAGE","minutes":10,"persona":"P","brief":"B","greeting":["Hi."],
		"welcome":["Hi."],"closing":["Bye."],"phases":[{"name":"N","profile":"reflective","goals":["G"]}],"rubric":[{"name":"R","looksFor":"L"}]}`
	files := fstest.MapFS{}
	for name, language := range map[string]string{"a": "en-US", "b": "de-DE", "c": "es-ES", "d": "fr-FR"} {
		files[name+".json"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(file, "LANGUAGE", language))}
	}
	shelf, err := interviewer.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	f := start(t, page.Config{Local: true, Interviews: shelf})
	p := browser.Start(t, browser.Options{})
	look := func(name, language string) {
		if testing.Short() && language != "de" {
			return // the other language is looked at in `make e2e`
		}
		name += "-" + language
		for _, screen := range []struct {
			name          string
			width, height int64
			phone         bool
		}{{"desktop", 1280, 800, false}, {"phone", 390, 844, true}, {"small", 780, 560, false}} {
			p.Screen(screen.width, screen.height, screen.phone)
			p.Do(settled)
			p.Screenshot(name + "-" + screen.name)
			if wide := browser.Value[int64](p, `Math.max(document.documentElement.scrollWidth, Math.ceil(document.querySelector("#end").getBoundingClientRect().right))`); wide > screen.width {
				t.Errorf("%s on %s is %d pixels wide", name, screen.name, wide)
			}
			check(t, p, name+" on "+screen.name)
		}
	}
	const lang = `document.documentElement.lang`
	p.Inject(axe(t))
	for _, c := range []struct{ language, name, begin, listening, over string }{
		{"de", "b", "Gespräch beginnen", "Hört Ihnen zu", "Das war es mit Ada. Gut gemacht."},
		{"es", "c", "Empezar la entrevista", "Te escucha", "Esto ha sido todo con Ada. Bien hecho."},
	} {
		p.Open(f.URL)
		p.Wait(`!document.querySelector("#start").disabled`, soon)
		p.Do(`document.querySelector("#choice input[value=a]").click()
			document.querySelector("#language").value = "` + c.language + `"
			document.querySelector("#language").dispatchEvent(new Event("change"))`)
		p.Wait(lang+` === "`+c.language+`" && `+text("#start")+` === "`+c.begin+`"`, soon)
		look("welcome", c.language)
		p.Click("#job summary")
		p.Do(`document.querySelector("#job").scrollIntoView()`)
		look("job", c.language)
		p.Click("#start") // an interview in English
		l := next(t, f.lines, "data channel")
		p.Wait(`casey.status === "live" && `+lang+` === "en"`, soon)
		p.Click("#end")
		l.send(t.Context(), wire.Bye{Reason: "ended"})
		p.Wait(text("#after h1")+` === "That was it with Ada. Well done."`, soon)
		p.Click("#next")
		p.Wait(lang+` === "`+c.language+`" && `+text("#start")+` === "`+c.begin+`"`, soon)

		p.Open(f.URL + "/?interview=" + c.name)
		p.Wait(lang+` === "`+c.language+`" && `+text("#start")+` === "`+c.begin+`"`, soon)
		p.Click("#open-settings")
		look("settings", c.language)
		p.Click("#close-settings")
		p.Click("#start")
		l = next(t, f.lines, "data channel")
		l.sendEvent(t, channel.State{State: channel.Listening})
		p.Wait(text("#state")+` === "`+c.listening+`"`, soon)
		look("talk", c.language)
		p.Click("#end")
		l.send(t.Context(), wire.Bye{Reason: "ended"})
		p.Wait(text("#after h1")+` === "`+c.over+`"`, soon)
	}
	p.Open(f.URL + "/?interview=d") // the page speaks no French: the one that was chosen stays
	p.Wait(lang+` === "es"`, soon)
}

// TestAnInterviewsLanguageIsChosen: on its card, or by the address.
func TestAnInterviewsLanguageIsChosen(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{Local: true})
	p := browser.Start(t, browser.Options{})
	p.Open(f.URL)
	p.Wait(`!document.querySelector("#start").disabled && document.querySelector("#tongues").hidden`, soon)
	p.Do(`document.querySelector("#choice input[value=behavioural]").click()`)
	p.Wait(text("#tongues .options")+` === "EnglishGermanSpanish" && !document.querySelector("#local-foreign").checkVisibility()`, soon)
	p.Do(`document.querySelector("#tongues input[value=de]").click()`)
	p.Wait(`document.querySelector("#choice label:has(:checked) b").textContent === "Verhaltensinterview" && document.querySelector("#local-foreign").checkVisibility()`, soon)
	p.Do(`document.querySelector("#levels input[value=demanding]").click()`)
	p.Screenshot("chosen")
	p.Click("#start")
	if offer := next(t, f.offers, "offer"); offer.Interview != "behavioural.demanding.de" {
		t.Errorf("the offer is %+v", offer)
	}
	next(t, f.lines, "data channel")
	p.Wait(`document.documentElement.lang === "de"`, soon)

	for query, want := range map[string]string{
		"/?interview=behavioural&language=es": "behavioural.es", "/?interview=behavioural.gentle.de": "behavioural.gentle.de",
		"/?interview=behavioural&language=fr": "behavioural", "/?interview=case&language=de": "case",
	} {
		p := browser.Start(t, browser.Options{})
		p.Open(f.URL + query)
		p.Wait(`!document.querySelector("#start").disabled`, soon)
		p.Click("#start")
		if offer := next(t, f.offers, "offer"); offer.Interview != want {
			t.Errorf("%s: the offer is %+v", query, offer)
		}
		next(t, f.lines, "data channel")
		p.Close()
	}
}
