package browser

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"testing"
)

// one has the browsers that the tests of a package share, by their engines.
var one struct {
	shared bool

	mu       sync.Mutex
	browsers map[Engine]*Browser
	pages    map[Engine]int // that are open in them
}

// Main runs the tests of a package, for its TestMain, and returns the code to
// exit with. All that ask nothing special of a browser share one, which saves
// them its start; each has a profile of its own in it, so they may run side by
// side. A test that asks for something special may not: there is one browser of
// each engine at a time.
func Main(m *testing.M) int {
	one.shared, one.browsers, one.pages = true, map[Engine]*Browser{}, map[Engine]int{}
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
// makes room for a special one.
func launch(ctx context.Context, o Options) (*Browser, error) {
	o.Engine = cmp.Or(o.Engine, Chromium)
	one.mu.Lock()
	defer one.mu.Unlock()
	if !one.shared || !o.plain() {
		if one.pages[o.Engine] > 0 {
			return nil, errors.New("a browser of its own, while a test beside this one uses the shared one")
		}
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
	page, err := one.browsers[o.Engine].Another()
	if err != nil {
		return nil, err
	}
	one.pages[o.Engine]++
	end := page.close
	page.close = sync.OnceFunc(func() {
		end()
		one.mu.Lock()
		defer one.mu.Unlock()
		one.pages[o.Engine]--
	})
	return page, nil
}
