// Package browser drives a real Chromium from a Go program: with a WAV file
// as its microphone, one at a time on a machine, leaving nothing behind.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/chromedp/chromedp"
)

// ErrNotInstalled says that there is no Chromium here.
var ErrNotInstalled = errors.New("no Chromium here: install it with `apt-get install chromium`, or put chromium or google-chrome on the PATH")

// Options say how the browser starts. The zero value has a microphone that
// beeps once a second, and grants it.
type Options struct {
	Microphone string // WAV file, 48 kHz, mono, 16 bit, that is heard once; end it with 3 s of silence, for its end repeats
	Loop       bool   // hear the file again and again
	Alone      bool   // the browser is nobody else's, even in tests that share one
	Refuse     bool   // the permission for the microphone is refused
	Deaf       bool   // there is no microphone
	Devices    bool   // use the machine's own sound devices, loudspeaker and microphone, or those that Env leads to

	Env   []string          // added to the environment
	Flags map[string]string // further command line flags, without the dashes; an empty value is a switch
}

// Launch starts Chromium once no other test of this machine uses it. The
// browser lives until Close; ctx bounds only the wait for it and the start.
func Launch(ctx context.Context, o Options) (*Browser, error) {
	path, err := find()
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
	options := append(o.flags(path), chromedp.Env("TMPDIR="+scratch), chromedp.Env(o.Env...)) // where it leaves some of its own
	allocator, stop := chromedp.NewExecAllocator(context.WithoutCancel(ctx), options...)
	tab, cancel := chromedp.NewContext(allocator)
	b := &Browser{
		tab:   func() context.Context { return tab },
		close: func() { cancel(); stop(); _ = os.RemoveAll(scratch); unlock() },
	}
	if err := b.start(); err != nil {
		b.Close()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	return b, nil
}

// Another opens a page with a profile of its own in the same Chromium: it
// shares neither storage nor permissions with the first. Close closes the page.
func (b *Browser) Another() (*Browser, error) {
	tab, cancel := chromedp.NewContext(b.tab(), chromedp.WithNewBrowserContext())
	other := &Browser{tab: func() context.Context { return tab }, close: cancel}
	if err := other.start(); err != nil {
		cancel()
		return nil, fmt.Errorf("open another page: %w", err)
	}
	return other, nil
}

// find returns the path of a Chromium.
func find() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNotInstalled
}

// plain says that any Chromium will do.
func (o Options) plain() bool {
	return o.Microphone == "" && !o.Alone && !o.Refuse && !o.Deaf && len(o.Flags) == 0
}

func (o Options) flags(path string) []chromedp.ExecAllocatorOption {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox, // tests run as root in containers
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
		chromedp.Flag("mute-audio", !o.Devices),
	)
	for name, value := range o.microphone() {
		options = append(options, flag(name, value))
	}
	for name, value := range o.Flags {
		options = append(options, flag(name, value))
	}
	return options
}

func flag(name, value string) chromedp.ExecAllocatorOption {
	if value == "" {
		return chromedp.Flag(name, true)
	}
	return chromedp.Flag(name, value)
}

func (o Options) microphone() map[string]string {
	flags := map[string]string{}
	if !o.Deaf && !o.Devices {
		flags["use-fake-device-for-media-stream"] = ""
	}
	if o.Refuse {
		flags["deny-permission-prompts"] = ""
	} else {
		flags["use-fake-ui-for-media-stream"] = ""
	}
	if o.Microphone != "" {
		once := "%noloop"
		if o.Loop {
			once = ""
		}
		flags["use-file-for-fake-audio-capture"] = o.Microphone + once
	}
	return flags
}
