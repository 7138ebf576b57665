package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Limits of one step in the browser.
const (
	stepLimit = time.Minute
	pollLimit = 5 * time.Second // of one look at a condition
	pollEvery = 50 * time.Millisecond
)

// Browser is a running browser with one page. One goroutine at a time may use
// it, but any may read the console.
type Browser struct {
	engine engine
	close  func()

	mu      sync.Mutex
	console []string
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

// Close ends the browser and removes what it stored.
func (b *Browser) Close() { b.close() }

// Open loads an address and waits until the page has loaded.
func (b *Browser) Open(url string) error {
	if err := b.engine.open(url); err != nil {
		return fmt.Errorf("open %s: %w", url, err)
	}
	return nil
}

// Inject has every page that is opened from now on run a script before its own.
func (b *Browser) Inject(script string) error {
	if err := b.engine.inject(script); err != nil {
		return fmt.Errorf("inject a script: %w", err)
	}
	return nil
}

// Eval evaluates an expression, waits for it if it is a promise, and decodes
// its JSON value into out, which may be nil.
func (b *Browser) Eval(expression string, out any) error {
	return b.evalWithin(stepLimit, expression, out)
}

func (b *Browser) evalWithin(limit time.Duration, expression string, out any) error {
	raw, err := b.engine.eval(expression, limit)
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
// when limit has passed. A look that is not answered is no answer: it looks again.
func (b *Browser) Wait(condition string, limit time.Duration) error {
	deadline := time.Now().Add(limit)
	again := time.NewTicker(pollEvery)
	defer again.Stop()
	for {
		var yes bool
		err := b.evalWithin(pollLimit, "Promise.resolve("+condition+").then(Boolean)", &yes)
		if yes || err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		if time.Now().After(deadline) {
			return errors.Join(fmt.Errorf("not within %s: %s", limit, condition), err)
		}
		<-again.C
	}
}

// Click clicks, as a person would, on the first element that a CSS selector
// finds, once it is visible and enabled.
func (b *Browser) Click(selector string) error {
	if err := b.engine.click(selector); err != nil {
		return fmt.Errorf("click %s: %w", selector, err)
	}
	return nil
}

// Down presses the key with the arrow down.
func (b *Browser) Down() error {
	if err := b.engine.down(); err != nil {
		return fmt.Errorf("press a key: %w", err)
	}
	return nil
}

// Screen sets the size of the page in CSS pixels; a phone has touch and two
// pixels for each.
func (b *Browser) Screen(width, height int64, phone bool) error {
	if err := b.engine.screen(width, height, phone); err != nil {
		return fmt.Errorf("screen of %dx%d: %w", width, height, err)
	}
	return nil
}

// Prefer sets what the person prefers, as in "prefers-color-scheme", "dark".
// Each call takes the place of the one before.
func (b *Browser) Prefer(feature, value string) error {
	if err := b.engine.prefer(feature, value); err != nil {
		return fmt.Errorf("prefer %s %s: %w", feature, value, err)
	}
	return nil
}

// Screenshot returns what the page looks like, as PNG.
func (b *Browser) Screenshot() ([]byte, error) {
	picture, err := b.engine.screenshot()
	if err != nil {
		return nil, fmt.Errorf("screenshot: %w", err)
	}
	return picture, nil
}

// Print returns what a printer gets of the page, as PDF.
func (b *Browser) Print() ([]byte, error) {
	document, err := b.engine.print()
	if err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	return document, nil
}
