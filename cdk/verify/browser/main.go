package browser

import (
	"context"
	"testing"
)

// one is the Chromium that the tests of a package share. They run one after
// the other, so nobody else looks at it meanwhile.
var one struct {
	shared  bool
	browser *Browser
}

// Main runs the tests of a package, for its TestMain, and returns the code to
// exit with. All that ask nothing special of Chromium share one, which saves
// them its start; each has a profile of its own in it.
func Main(m *testing.M) int {
	one.shared = true
	defer closeShared()
	return m.Run()
}

func closeShared() {
	if one.browser != nil {
		one.browser.Close()
		one.browser = nil
	}
}

// launch starts a browser, or opens a page in the one that is shared. That one
// makes room for a special one: there is one Chromium at a time.
func launch(ctx context.Context, o Options) (*Browser, error) {
	if !one.shared || !o.plain() {
		closeShared()
		return Launch(ctx, o)
	}
	if one.browser == nil {
		browser, err := Launch(ctx, o)
		if err != nil {
			return nil, err
		}
		one.browser = browser
	}
	return one.browser.Another()
}
