package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Media shows the page as it is for a medium, as "print" or "screen".
func (p *Page) Media(medium string) {
	p.t.Helper()
	_, err := run(p.Browser, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: medium})
		return err
	}))
	p.must(err)
}

// Print writes what a printer would get to name.pdf among the test's artifacts, on
// paper of the American size, and returns it.
func (p *Page) Print(name string) []byte {
	p.t.Helper()
	var printed page.PrintToPDFResult
	_, err := run(p.Browser, chromedp.Func(func(ctx context.Context, t *chromedp.Target) (err error) {
		printed, err = cdp.Call(ctx, t, page.PrintToPDF, page.PrintToPDFParams{})
		return err
	}))
	if err != nil {
		p.must(fmt.Errorf("print: %w", err))
	}
	p.must(os.WriteFile(filepath.Join(p.t.ArtifactDir(), name+".pdf"), printed.Data, 0o600))
	return printed.Data
}
