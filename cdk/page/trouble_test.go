package page_test

import (
	"testing"

	"casey.internal/cdk/page"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/wire"
)

// TestTroubleIsForEverybody looks at the view that says what went wrong.
func TestTroubleIsForEverybody(t *testing.T) {
	t.Parallel()
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
	look(t, p, "trouble")
}
