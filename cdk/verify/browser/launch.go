// Package browser drives a real Chromium or Firefox from a Go program: one of
// each at a time on a machine, leaving nothing behind.
package browser

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Engine is a kind of browser.
type Engine string

// The engines. Firefox has always the same microphone, takes no flags, has no
// touch, and prefers nothing.
const (
	Chromium Engine = "chromium"
	Firefox  Engine = "firefox"
)

// programs are the names under which a browser is installed, best first.
var programs = map[Engine][]string{
	Chromium: {"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"},
	Firefox:  {"firefox-esr", "firefox"},
}

// NotInstalledError says that there is no such browser here.
type NotInstalledError struct{ Engine Engine }

func (e *NotInstalledError) Error() string {
	names := programs[e.Engine]
	return fmt.Sprintf("no %s here: install it with `apt-get install %s`, or put one on the PATH as %s",
		e.Engine, names[0], strings.Join(names, ", "))
}

// Options say how the browser starts. The zero value is a Chromium that has a
// microphone, one that beeps, and grants it.
type Options struct {
	Engine     Engine // Chromium when it is empty
	Microphone string // WAV file, 48 kHz, mono, 16 bit, that is heard once; end it with 3 s of silence, for its end repeats
	Alone      bool   // the browser is nobody else's, even in tests that share one
	Refuse     bool   // the permission for the microphone is refused
	Deaf       bool   // there is no microphone
	Devices    bool   // use the machine's own sound devices, loudspeaker and microphone, or those that Env leads to

	Env   []string          // added to the environment
	Flags map[string]string // further command line flags, without the dashes; an empty value is a switch
}

// plain says that any browser of the engine will do.
func (o Options) plain() bool {
	return o.Microphone == "" && !o.Alone && !o.Refuse && !o.Deaf && !o.Devices && len(o.Env) == 0 && len(o.Flags) == 0
}

// engine drives one page.
type engine interface {
	open(url string) error
	inject(script string) error
	eval(expression string, limit time.Duration) (json []byte, err error) // what it promises, if it is a promise; nothing for undefined
	click(selector string) error
	down() error
	screen(width, height int64, phone bool) error
	prefer(feature, value string) error
	screenshot() ([]byte, error)
	print() (pdf []byte, err error)
	another(tell func(line string)) (engine, error) // a page with a profile of its own
	close()
}

// Launch starts a browser once no other test of this machine uses it. The
// browser lives until Close; ctx bounds only the wait for it and the start.
func Launch(ctx context.Context, o Options) (*Browser, error) {
	o.Engine = cmp.Or(o.Engine, Chromium)
	path, err := find(o.Engine)
	if err != nil {
		return nil, err
	}
	unlock, err := lock(ctx, path)
	if err != nil {
		return nil, err
	}
	scratch, err := os.MkdirTemp("", "browser-")
	if err != nil {
		unlock()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	clean := func() { _ = os.RemoveAll(scratch); unlock() }
	b := &Browser{}
	start := startChromium
	if o.Engine == Firefox {
		start = startFirefox
	}
	if b.engine, err = start(ctx, path, scratch, o, b.addLine); err != nil {
		clean()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	b.close = func() { b.engine.close(); clean() }
	return b, nil
}

// Another opens a page with a profile of its own in the same browser: it
// shares neither storage nor permissions with the first. Close closes the page.
func (b *Browser) Another() (*Browser, error) {
	other := &Browser{}
	page, err := b.engine.another(other.addLine)
	if err != nil {
		return nil, fmt.Errorf("open another page: %w", err)
	}
	other.engine, other.close = page, page.close
	return other, nil
}

// find returns the path of a browser.
func find(e Engine) (string, error) {
	for _, name := range programs[e] {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", &NotInstalledError{Engine: e}
}
