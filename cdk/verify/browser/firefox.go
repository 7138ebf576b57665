package browser

import (
	"context"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"casey.internal/cdk/verify/browser/bidi"
	"casey.internal/cdk/verify/room"
)

// firefox drives a page of Firefox by WebDriver BiDi.
type firefox struct {
	session  *bidi.Session
	consoles *consoles
	context  string // of the page
	profile  string // of the page, when it has one of its own
	end      func() // ends what holds the page
}

// consoles hand on what pages write, by their contexts.
type consoles struct {
	mu   sync.Mutex
	tell map[string]func(line string)
}

// logEntry is a console call, or an exception that nobody caught: BiDi's log.Entry.
type logEntry struct {
	Type, Level, Method, Text string
	Source                    struct{ Context string }
	Args                      []struct {
		Type  string
		Value json.RawMessage
	}
}

func (c *consoles) set(context string, tell func(string)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tell[context] = tell
}

func (c *consoles) listen(_ string, params json.RawMessage) {
	var e logEntry
	if json.Unmarshal(params, &e) != nil {
		return
	}
	c.mu.Lock()
	tell := c.tell[e.Source.Context]
	c.mu.Unlock()
	if tell != nil {
		tell(e.line())
	}
}

func (e logEntry) line() string {
	if e.Type != "console" {
		return "exception: " + e.Text
	}
	var line strings.Builder
	line.WriteString(e.Method + ":")
	for _, arg := range e.Args {
		word := string(arg.Value)
		if word == "" {
			word = arg.Type
		}
		line.WriteString(" " + word)
	}
	return line.String()
}

// startFirefox starts a Firefox whose profile is in the folder scratch. It has a
// room of its own where it is not to use the machine's devices: without a
// loudspeaker its audio clock stands still.
func startFirefox(ctx context.Context, path, scratch string, o Options, tell func(string)) (engine, error) {
	if o.Microphone != "" || o.Refuse || o.Deaf || len(o.Flags) > 0 {
		return nil, errors.New("firefox takes neither another microphone than its own, or none, nor flags")
	}
	if o.Devices {
		return driveFirefox(ctx, path, scratch, o, tell)
	}
	around, err := room.Open(ctx, room.Config{})
	if err != nil {
		return nil, err
	}
	o.Env = append(around.Env(), o.Env...)
	f, err := driveFirefox(ctx, path, scratch, o, tell)
	if err != nil {
		around.Close()
		return nil, err
	}
	end := f.end
	f.end = func() { end(); around.Close() }
	return f, nil
}

func driveFirefox(ctx context.Context, path, scratch string, o Options, tell func(string)) (*firefox, error) {
	process, url, err := runFirefox(ctx, path, scratch, o)
	if err != nil {
		return nil, err
	}
	logs := &consoles{tell: map[string]func(string){}}
	session, err := bidi.Dial(ctx, url, logs.listen)
	if err != nil {
		process.Kill()
		return nil, err
	}
	f := &firefox{session: session, consoles: logs}
	f.end = func() { _ = session.End(); process.Stop(exitGrace) } // one that would not end is killed
	if err := f.first(ctx, tell); err != nil {
		f.end()
		return nil, err
	}
	return f, nil
}

// first takes the page that the browser opened by itself.
func (f *firefox) first(ctx context.Context, tell func(string)) error {
	var tree struct{ Contexts []struct{ Context string } }
	if err := f.session.Call(ctx, "browsingContext.getTree", struct{}{}, &tree); err != nil {
		return err
	}
	if len(tree.Contexts) == 0 {
		return errors.New("it opened no page")
	}
	f.context = tree.Contexts[0].Context
	f.consoles.set(f.context, tell)
	return f.session.Call(ctx, "session.subscribe", params{"events": []string{"log.entryAdded"}}, nil)
}

// params are those of a command.
type params map[string]any

// call sends a command to the page.
func (f *firefox) call(method string, p params, result any) error {
	return f.callWithin(stepLimit, method, p, result)
}

func (f *firefox) callWithin(limit time.Duration, method string, p params, result any) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return f.session.Call(ctx, method, p, result)
}

func (f *firefox) another(tell func(string)) (engine, error) {
	var profile struct{ UserContext string }
	if err := f.call("browser.createUserContext", params{}, &profile); err != nil {
		return nil, err
	}
	other := &firefox{session: f.session, consoles: f.consoles, profile: profile.UserContext}
	other.end = func() {
		_ = f.call("browser.removeUserContext", params{"userContext": other.profile}, nil) // with its pages; or all is gone
		f.consoles.set(other.context, nil)
	}
	window := params{"type": "window", "userContext": other.profile} // a tab in the background would sleep
	var page struct{ Context string }
	if err := f.call("browsingContext.create", window, &page); err != nil {
		other.end()
		return nil, err
	}
	other.context = page.Context
	f.consoles.set(other.context, tell)
	return other, nil
}

func (f *firefox) close() { f.end() }

func (f *firefox) open(url string) error {
	return f.call("browsingContext.navigate", params{"context": f.context, "url": url, "wait": "complete"}, nil)
}

func (f *firefox) inject(script string) error {
	return f.call("script.addPreloadScript", params{"contexts": []string{f.context}, "functionDeclaration": "() => {" + script + "\n}"}, nil)
}

func (f *firefox) eval(expression string, limit time.Duration) ([]byte, error) {
	value, err := f.evaluate(`(async () => JSON.stringify(await (`+expression+"\n)))()", limit)
	if err != nil || value.Type != "string" {
		return nil, err
	}
	return []byte(value.Value), nil
}

// remote is a value in the page: BiDi's script.RemoteValue.
type remote struct {
	Type, SharedID, Value string
}

// evaluate evaluates an expression whose value is a string, an element or nothing.
func (f *firefox) evaluate(expression string, limit time.Duration) (remote, error) {
	var result struct {
		Type   string
		Result struct {
			Type, SharedID string
			Value          json.RawMessage
		}
		ExceptionDetails struct{ Text string }
	}
	err := f.callWithin(limit, "script.evaluate", params{
		"expression": expression, "target": params{"context": f.context}, "awaitPromise": true,
		"serializationOptions": params{"maxDomDepth": 0},
	}, &result)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return remote{}, fmt.Errorf("%w; the page %s", err, f.pulse())
	case err != nil:
		return remote{}, err
	case result.Type == "exception":
		return remote{}, errors.New(result.ExceptionDetails.Text)
	}
	value := remote{Type: result.Result.Type, SharedID: result.Result.SharedID}
	if value.Type == "string" {
		err = json.Unmarshal(result.Result.Value, &value.Value)
	}
	return value, err
}

// pulse says whether the page answers anything, for one that did not answer.
func (f *firefox) pulse() string {
	began := time.Now()
	err := f.callWithin(pollLimit, "script.evaluate", params{
		"expression": "1", "target": params{"context": f.context}, "awaitPromise": false,
	}, nil)
	if err != nil {
		return "answers nothing: " + err.Error()
	}
	return fmt.Sprintf("answers something else in %v", time.Since(began))
}

// clickable is a script that finds the element to click on, once it can be: it
// is shown, enabled, in view, and does not move.
//
//go:embed clickable.js
var clickable string

func (f *firefox) click(selector string) error {
	name, err := json.Marshal(selector)
	if err != nil {
		return err
	}
	found, err := f.evaluate(fmt.Sprintf("(%s)(%s, %d)", clickable, name, stepLimit.Milliseconds()), stepLimit)
	if err != nil {
		return err
	}
	origin := params{"type": "element", "element": params{"sharedId": found.SharedID}}
	return f.call("input.performActions", params{"context": f.context, "actions": []params{{
		"type": "pointer", "id": "mouse", "actions": []params{
			{"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
			{"type": "pointerDown", "button": 0},
			{"type": "pointerUp", "button": 0},
		},
	}}}, nil)
}

// arrowDown names the key to WebDriver (W3C WebDriver, Keyboard actions).
const arrowDown = "\uE015"

func (f *firefox) down() error {
	return f.call("input.performActions", params{"context": f.context, "actions": []params{{
		"type": "key", "id": "keyboard", "actions": []params{
			{"type": "keyDown", "value": arrowDown},
			{"type": "keyUp", "value": arrowDown},
		},
	}}}, nil)
}

func (f *firefox) screen(width, height int64, phone bool) error {
	ratio := 1
	if phone {
		ratio = 2
	}
	return f.call("browsingContext.setViewport", params{
		"context": f.context, "viewport": params{"width": width, "height": height}, "devicePixelRatio": ratio,
	}, nil)
}

func (f *firefox) prefer(string, string) error { return errors.ErrUnsupported }

func (f *firefox) screenshot() ([]byte, error) {
	var picture struct{ Data string }
	if err := f.call("browsingContext.captureScreenshot", params{"context": f.context}, &picture); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(picture.Data)
}

func (f *firefox) print() ([]byte, error) {
	var document struct{ Data string }
	if err := f.call("browsingContext.print", params{"context": f.context, "background": true}, &document); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(document.Data)
}
