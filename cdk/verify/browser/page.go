package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Page is a browser in a test: what fails, fails the test.
type Page struct {
	*Browser
	t testing.TB
}

// forbidden begins what is written to the console of what a page's Content-Security-Policy
// does not allow.
const forbidden = "forbidden by the page's policy:"

// Start launches a browser that is closed when the test ends, or opens a page
// in the one that Main holds. A page that does what its policy forbids fails the test. What
// it wrote to the console is logged when the test failed.
func Start(t testing.TB, o Options) *Page {
	t.Helper()
	browser, err := launch(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		browser.Close()
		for _, line := range browser.Console() {
			if strings.Contains(line, forbidden) {
				t.Error(line)
			}
		}
		if t.Failed() {
			for _, line := range browser.Console() {
				t.Log("console:", line)
			}
		}
	})
	p := &Page{Browser: browser, t: t}
	p.Inject(`addEventListener("securitypolicyviolation", e => console.error("` + forbidden + `", e.effectiveDirective, e.blockedURI))`)
	return p
}

func (p *Page) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// Open loads an address.
func (p *Page) Open(url string) {
	p.t.Helper()
	p.must(p.Browser.Open(url))
}

// Inject has every page that is opened from now on run a script before its own.
func (p *Page) Inject(script string) {
	p.t.Helper()
	p.must(p.Browser.Inject(script))
}

// Do evaluates an expression and waits for it if it is a promise.
func (p *Page) Do(expression string) {
	p.t.Helper()
	p.must(p.Eval(expression, nil))
}

// Value evaluates an expression, waits for it if it is a promise, and returns
// its value.
func Value[T any](p *Page, expression string) T {
	p.t.Helper()
	var value T
	p.must(p.Eval(expression, &value))
	return value
}

// Wait waits until a condition is true.
func (p *Page) Wait(condition string, limit time.Duration) {
	p.t.Helper()
	p.must(p.Browser.Wait(condition, limit))
}

// Click clicks on an element.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.must(p.Browser.Click(selector))
}

// Down presses the key with the arrow down.
func (p *Page) Down() {
	p.t.Helper()
	p.must(p.Browser.Down())
}

// Screen sets the size of the page.
func (p *Page) Screen(width, height int64, phone bool) {
	p.t.Helper()
	p.must(p.Browser.Screen(width, height, phone))
}

// Prefer sets what the person prefers.
func (p *Page) Prefer(feature, value string) {
	p.t.Helper()
	p.must(p.Browser.Prefer(feature, value))
}

// Screenshot writes what the page looks like to name.png among the test's
// artifacts and returns the path.
func (p *Page) Screenshot(name string) string {
	p.t.Helper()
	picture, err := p.Browser.Screenshot()
	p.must(err)
	return p.keep(name+".png", picture)
}

// Print writes what a printer gets of the page to name.pdf among the test's
// artifacts and returns it.
func (p *Page) Print(name string) []byte {
	p.t.Helper()
	document, err := p.Browser.Print()
	p.must(err)
	p.keep(name+".pdf", document)
	return document
}

func (p *Page) keep(name string, data []byte) string {
	p.t.Helper()
	path := filepath.Join(p.t.ArtifactDir(), name)
	p.must(os.WriteFile(path, data, 0o600))
	return path
}
