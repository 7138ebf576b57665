package page_test

import (
	"testing"

	"casey.internal/cdk/local/browsertest"
	"casey.internal/cdk/local/page"
	"casey.internal/shared/channel"
)

// TestEveryScreenFits takes a picture of each screen on desktop and phone, in
// dark and light, and checks that nothing is wider than the screen.
func TestEveryScreenFits(t *testing.T) {
	f := start(t, page.Config{Local: true})
	p := browsertest.Start(t, browsertest.Options{})
	look := func(name string) {
		for _, screen := range []struct {
			name, scheme  string
			width, height int64
			phone         bool
		}{{"desktop", "light", 1280, 800, false}, {"desktop-dark", "dark", 1280, 800, false}, {"phone", "light", 390, 844, true}, {"phone-dark", "dark", 390, 844, true}, {"lying", "light", 844, 390, true}} {
			p.Screen(screen.width, screen.height, screen.phone)
			p.Prefer("prefers-color-scheme", screen.scheme)
			p.Do(settled)
			p.Screenshot(name + "-" + screen.name)
			if wide := browsertest.Value[int](p, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
				t.Errorf("%s on %s is %d pixels too wide", name, screen.name, wide)
			}
		}
	}
	p.Open(f.URL)
	p.Wait(`document.querySelector("#local").checkVisibility()`, soon)
	look("welcome")
	p.Click("#start")
	l := next(t, f.lines, "data channel")
	converse(t, l)
	look("talk")
	l.tell(t, channel.Report{
		Summary: "You told one story from start to end, and said what came of it.", Good: []string{"Numbers that a listener remembers", "Calm pauses"},
		Better: []string{"Say earlier what your own part was"},
		Scores: []channel.Score{{Name: "Structure", Score: 4, Of: 5, Comment: "Situation, task, action and result were all there."}, {Name: "Depth", Score: 3, Of: 5, Comment: "Why did you choose that way?"}},
	})
	p.Wait(`!document.querySelector("#report").hidden`, soon)
	p.Do(`casey.close()`)
	look("over")
}

// settled waits for the colours to have changed and a frame to be drawn.
const settled = `new Promise(r => requestAnimationFrame(r)).then(() =>
	Promise.all(document.getAnimations().filter(a => a instanceof CSSTransition).map(a => a.finished.catch(() => 0))))`

func converse(t *testing.T, l *line) {
	t.Helper()
	l.tell(t, channel.Phase{Name: "Experience", Index: 2, Of: 4})
	for i, said := range []channel.Caption{
		{Role: "interviewer", Text: "Welcome. I am Casey. Tell me about a project that you are proud of.", Final: true},
		{Role: "candidate", Text: "Last year I led a team of four. We moved our billing to a new service without a day of downtime.", Final: true},
		{Role: "interviewer", Text: "Without a day of downtime, that is something. What was the hardest decision on the way?", Final: true},
		{Role: "candidate", Text: "I think it was when to"},
	} {
		said.Turn = i + 1
		l.tell(t, said)
	}
	l.tell(t, channel.State{State: channel.Listening, Turn: 4})
}
