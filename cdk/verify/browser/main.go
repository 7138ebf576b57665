package browser

import (
	"cmp"
	"context"
	"testing"
)

// one has the browsers that the tests of a package share, by their engines. They
// run one after the other, so nobody else looks at it meanwhile.
var one struct {
	shared   bool
	browsers map[Engine]*Browser
}

// Main runs the tests of a package, for its TestMain, and returns the code to
// exit with. All that ask nothing special of a browser share one, which saves
// them its start; each has a profile of its own in it.
func Main(m *testing.M) int {
	one.shared, one.browsers = true, map[Engine]*Browser{}
	defer closeShared(Chromium)
	defer closeShared(Firefox)
	return m.Run()
}

func closeShared(e Engine) {
	if one.browsers[e] != nil {
		one.browsers[e].Close()
		delete(one.browsers, e)
	}
}

// launch starts a browser, or opens a page in the one that is shared. That one
// makes room for a special one: there is one of each engine at a time.
func launch(ctx context.Context, o Options) (*Browser, error) {
	o.Engine = cmp.Or(o.Engine, Chromium)
	if !one.shared || !o.plain() {
		closeShared(o.Engine)
		return Launch(ctx, o)
	}
	if one.browsers[o.Engine] == nil {
		browser, err := Launch(ctx, o)
		if err != nil {
			return nil, err
		}
		one.browsers[o.Engine] = browser
	}
	return one.browsers[o.Engine].Another()
}
