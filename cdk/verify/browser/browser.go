package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Limits of one step in the browser.
const (
	stepLimit = time.Minute
	pollEvery = 50 * time.Millisecond
)

// Browser is a running Chromium with one page. One goroutine at a time may use
// it, but any may read the console.
type Browser struct {
	tab   func() context.Context // chromedp keeps its tab in a context
	close func()

	mu      sync.Mutex
	console []string
}

func (b *Browser) start() error {
	if err := chromedp.Do(b.tab()); err != nil {
		return fmt.Errorf("launch: %w", err)
	}
	return chromedp.Listen(b.tab(), b.listen)
}

func (b *Browser) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		var words []string
		for _, arg := range e.Args {
			words = append(words, describe(arg))
		}
		b.addLine(string(e.Type) + ": " + strings.Join(words, " "))
	case *runtime.EventExceptionThrown:
		b.addLine("exception: " + exception(e.ExceptionDetails))
	}
}

func describe(o *runtime.RemoteObject) string {
	if len(o.Value) > 0 {
		return string(o.Value)
	}
	return o.Description
}

func exception(e *runtime.ExceptionDetails) string {
	if e.Exception != nil {
		return e.Text + " " + describe(e.Exception)
	}
	return e.Text
}

func (b *Browser) addLine(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.console = append(b.console, line)
}

// Console returns what the page wrote to its console and which exceptions
// nobody caught, in order, each line beginning with its kind.
func (b *Browser) Console() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.console)
}

// Close ends Chromium and removes what it stored.
func (b *Browser) Close() { b.close() }

func run[T any](b *Browser, action chromedp.Action[T]) (T, error) {
	ctx, cancel := context.WithTimeout(b.tab(), stepLimit)
	defer cancel()
	return chromedp.Run(ctx, action)
}

// Open loads an address and waits until the page has loaded.
func (b *Browser) Open(url string) error {
	if _, err := run(b, chromedp.Navigate(url)); err != nil {
		return fmt.Errorf("open %s: %w", url, err)
	}
	return nil
}

// Inject has every page that is opened from now on run a script before its own.
func (b *Browser) Inject(script string) error {
	params := page.AddScriptToEvaluateOnNewDocumentParams{Source: script}
	_, err := run(b, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, params)
		return err
	}))
	if err != nil {
		return fmt.Errorf("inject a script: %w", err)
	}
	return nil
}

// Eval evaluates an expression, waits for it if it is a promise, and decodes
// its JSON value into out, which may be nil.
func (b *Browser) Eval(expression string, out any) error {
	raw, err := run(b, chromedp.Evaluate[[]byte](expression, chromedp.EvalAwaitPromise, chromedp.EvalAsValue))
	if err != nil {
		return fmt.Errorf("evaluate %s: %w", expression, err)
	}
	if out == nil || len(raw) == 0 {
		return nil
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("evaluate %s: %w", expression, err)
	}
	return nil
}

// Wait evaluates a condition, or what it promises, until it is true, and fails
// when limit has passed.
func (b *Browser) Wait(condition string, limit time.Duration) error {
	deadline := time.Now().Add(limit)
	again := time.NewTicker(pollEvery)
	defer again.Stop()
	for {
		var yes bool
		if err := b.Eval("Promise.resolve("+condition+").then(Boolean)", &yes); err != nil || yes {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("not within %s: %s", limit, condition)
		}
		<-again.C
	}
}

// Click clicks, as a person would, on the first element that a CSS selector
// finds, once it is visible and enabled.
func (b *Browser) Click(selector string) error {
	if _, err := run(b, chromedp.WaitEnabled(chromedp.CSS(selector))); err != nil {
		return fmt.Errorf("click %s: %w", selector, err)
	}
	if _, err := run(b, chromedp.Click(chromedp.CSS(selector))); err != nil {
		return fmt.Errorf("click %s: %w", selector, err)
	}
	return nil
}

// Press presses a key, of those that kb names.
func (b *Browser) Press(key string) error {
	if _, err := run(b, chromedp.KeyEvent(key)); err != nil {
		return fmt.Errorf("press a key: %w", err)
	}
	return nil
}

// Screen sets the size of the page in CSS pixels; a phone has touch and two
// pixels for each.
func (b *Browser) Screen(width, height int64, phone bool) error {
	var options []chromedp.EmulateViewportOption
	if phone {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait, chromedp.EmulateScale(2))
	}
	if _, err := run(b, chromedp.EmulateViewport(width, height, options...)); err != nil {
		return fmt.Errorf("screen of %dx%d: %w", width, height, err)
	}
	return nil
}

// Prefer sets what the person prefers, as in "prefers-color-scheme", "dark".
// Each call takes the place of the one before.
func (b *Browser) Prefer(feature, value string) error {
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: feature, Value: value}}}
	_, err := run(b, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, media)
		return err
	}))
	if err != nil {
		return fmt.Errorf("prefer %s %s: %w", feature, value, err)
	}
	return nil
}

// Screenshot returns what the page looks like, as PNG.
func (b *Browser) Screenshot() ([]byte, error) {
	picture, err := run(b, chromedp.CaptureScreenshot())
	if err != nil {
		return nil, fmt.Errorf("screenshot: %w", err)
	}
	return picture, nil
}
