package page_test

import (
	"testing"

	"casey.internal/cdk/page"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/wire"
)

// TestTroubleIsForEverybody has the view that says what went wrong checked on
// desktop and phone, in light and dark.
func TestTroubleIsForEverybody(t *testing.T) {
	f := start(t, page.Config{})
	f.answers = func(*connection, *wire.Offer) []any {
		return []any{wire.Error{Code: "full", Message: "no place became free"}}
	}
	p := browser.Start(t, browser.Options{})
	p.Inject(axe(t))
	p.Open(f.URL)
	p.Click("#start")
	p.Wait(view+` === "trouble"`, soon)
	if focus := browser.Value[string](p, `document.activeElement.id`); focus != "again" {
		t.Errorf("the keyboard is at %q", focus)
	}
	for _, screen := range []struct {
		name, scheme  string
		width, height int64
		phone         bool
	}{{"desktop", "light", 1280, 800, false}, {"phone", "dark", 390, 844, true}} {
		p.Screen(screen.width, screen.height, screen.phone)
		p.Prefer("prefers-color-scheme", screen.scheme)
		p.Do(settled)
		p.Screenshot("trouble-" + screen.name)
		if wide := browser.Value[int64](p, `document.documentElement.scrollWidth`); wide > screen.width {
			t.Errorf("on %s it is %d pixels wide", screen.name, wide)
		}
		check(t, p, "trouble on "+screen.name)
	}
}
