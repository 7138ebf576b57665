package browser

import (
	"context"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// chromium drives a tab of Chromium by the DevTools protocol.
type chromium struct {
	tab func() context.Context // chromedp keeps its tab in a context
	end func()
}

func startChromium(ctx context.Context, path, scratch string, o Options, tell func(string)) (engine, error) {
	options := append(o.flags(path), chromedp.Env("TMPDIR="+scratch), chromedp.Env(o.Env...)) // where it leaves some of its own
	allocator, stop := chromedp.NewExecAllocator(context.WithoutCancel(ctx), options...)
	tab, cancel := chromedp.NewContext(allocator)
	return begin(tab, func() { cancel(); stop() }, tell)
}

// begin returns the engine of a tab that is opened by it.
func begin(tab context.Context, end func(), tell func(string)) (engine, error) {
	c := &chromium{tab: func() context.Context { return tab }, end: end}
	err := chromedp.Do(tab)
	if err == nil {
		err = chromedp.Listen(tab, func(event any) { listen(event, tell) })
	}
	if err != nil {
		end()
		return nil, err
	}
	return c, nil
}

func (c *chromium) another(tell func(string)) (engine, error) {
	tab, cancel := chromedp.NewContext(c.tab(), chromedp.WithNewBrowserContext())
	return begin(tab, cancel, tell)
}

func (c *chromium) close() { c.end() }

// listen tells what a page wrote to its console.
func listen(event any, tell func(string)) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		var words []string
		for _, arg := range e.Args {
			words = append(words, describe(arg))
		}
		tell(string(e.Type) + ": " + strings.Join(words, " "))
	case *runtime.EventExceptionThrown:
		tell("exception: " + exception(e.ExceptionDetails))
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

func run[T any](c *chromium, action chromedp.Action[T]) (T, error) {
	return within(c, stepLimit, action)
}

func within[T any](c *chromium, limit time.Duration, action chromedp.Action[T]) (T, error) {
	ctx, cancel := context.WithTimeout(c.tab(), limit)
	defer cancel()
	return chromedp.Run(ctx, action)
}

// call sends a command of the DevTools protocol.
func call[P, R any](c *chromium, method cdp.Command[P, R], params P) (result R, err error) {
	_, err = run(c, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		result, err = cdp.Call(ctx, t, method, params)
		return err
	}))
	return result, err
}

func (c *chromium) open(url string) error {
	_, err := run(c, chromedp.Navigate(url))
	return err
}

func (c *chromium) inject(script string) error {
	_, err := call(c, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
	return err
}

func (c *chromium) eval(expression string, limit time.Duration) ([]byte, error) {
	return within(c, limit, chromedp.Evaluate[[]byte](expression, chromedp.EvalAwaitPromise, chromedp.EvalAsValue))
}

func (c *chromium) click(selector string) error {
	if _, err := run(c, chromedp.WaitEnabled(chromedp.CSS(selector))); err != nil {
		return err
	}
	_, err := run(c, chromedp.Click(chromedp.CSS(selector)))
	return err
}

func (c *chromium) down() error {
	_, err := run(c, chromedp.KeyEvent(kb.ArrowDown))
	return err
}

func (c *chromium) screen(width, height int64, phone bool) error {
	var options []chromedp.EmulateViewportOption
	if phone {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait, chromedp.EmulateScale(2))
	}
	_, err := run(c, chromedp.EmulateViewport(width, height, options...))
	return err
}

func (c *chromium) prefer(feature, value string) error {
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: feature, Value: value}}}
	_, err := call(c, emulation.SetEmulatedMedia, media)
	return err
}

func (c *chromium) screenshot() ([]byte, error) { return run(c, chromedp.CaptureScreenshot()) }

func (c *chromium) print() ([]byte, error) {
	document, err := call(c, page.PrintToPDF, page.PrintToPDFParams{PrintBackground: new(true)})
	return document.Data, err
}

func (o Options) flags(path string) []chromedp.ExecAllocatorOption {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.WSURLReadTimeout(stepLimit), // the default of 20 s is short for a busy machine
		chromedp.NoSandbox,                   // tests run as root in containers
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
		flags["use-file-for-fake-audio-capture"] = o.Microphone + "%noloop"
	}
	return flags
}
