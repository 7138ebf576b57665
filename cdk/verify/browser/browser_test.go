package browser_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"casey.internal/cdk/verify/browser"
)

// listen is a page's script that tells how loud the microphone is, or why not.
const listen = `(async () => {
	try {
		const stream = await navigator.mediaDevices.getUserMedia({audio: true});
		const context = new AudioContext(), analyser = context.createAnalyser(), samples = new Float32Array(2048);
		context.createMediaStreamSource(stream).connect(analyser);
		for (let i = 0; i < 1000; i++) { // on a busy machine it begins late
			analyser.getFloatTimeDomainData(samples);
			if (samples.some(s => Math.abs(s) > 0.01)) return "heard";
			await new Promise(r => setTimeout(r, 30));
		}
		return "silent";
	} catch (e) { return e.name; }
})()`

func serve(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`<!doctype html><meta name=viewport content="width=device-width"><title>t</title><body><button onclick="console.log('clicked', 7)">b</button>`))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// engines runs a test in each engine.
func engines(t *testing.T, test func(*testing.T, browser.Engine)) {
	for _, e := range []browser.Engine{browser.Chromium, browser.Firefox} {
		t.Run(string(e), func(t *testing.T) { test(t, e) })
	}
}

func TestAPageIsDriven(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // not a subtest's: Chromium's socket has room for few letters
	engines(t, drive)
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

func drive(t *testing.T, engine browser.Engine) {
	url := serve(t)
	page := browser.Start(t, browser.Options{Engine: engine})
	page.Inject("window.first = document.readyState")
	page.Open(url)
	if got := browser.Value[string](page, "first"); got != "loading" {
		t.Errorf("the injected script ran when the page was %s", got)
	}
	page.Screen(390, 844, true)
	if got := browser.Value[[]int](page, "[innerWidth, devicePixelRatio]"); !slices.Equal(got, []int{390, 2}) {
		t.Errorf("screen is %v", got)
	}
	if engine == browser.Chromium {
		page.Prefer("prefers-color-scheme", "dark")
		page.Wait("matchMedia('(prefers-color-scheme: dark)').matches", 30*time.Second)
	}
	page.Click("button")
	page.Do("new Promise(r => setTimeout(r, 1)).then(() => console.error('later'))")
	if got := page.Console(); !slices.Equal(got, []string{`log: "clicked" 7`, `error: "later"`}) {
		t.Errorf("console is %q", got)
	}
	if got := browser.Value[string](page, listen); got != "heard" {
		t.Errorf("the microphone: %s", got)
	}
	picture, err := os.ReadFile(page.Screenshot("page"))
	if err != nil {
		t.Fatal(err)
	}
	if config, err := png.DecodeConfig(bytes.NewReader(picture)); err != nil || config.Width != 780 {
		t.Errorf("screenshot is %+v, %v", config, err)
	}
	if document := page.Print("page"); !bytes.HasPrefix(document, []byte("%PDF-")) {
		t.Errorf("printed is %.20q", document)
	}
	if err := page.Browser.Wait("false", time.Millisecond); err == nil {
		t.Error("waited for what never comes")
	}
	page.Close()
}

// watched is a test that may fail.
type watched struct {
	testing.TB
	cleanup func()
	errors  []string
}

func (w *watched) Cleanup(f func())  { w.cleanup = f }
func (w *watched) Error(args ...any) { w.errors = append(w.errors, fmt.Sprint(args...)) }

func TestWhatThePolicyForbidsFailsTheTest(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		_, _ = w.Write([]byte(`<!doctype html><title>t</title>`))
	}))
	t.Cleanup(server.Close)
	engines(t, func(t *testing.T, engine browser.Engine) {
		for script, want := range map[string]int{"fetch('/')": 0, "fetch('http://192.0.2.1/').catch(() => {})": 1} {
			w := &watched{TB: t}
			page := browser.Start(w, browser.Options{Engine: engine})
			page.Open(server.URL)
			page.Do(script)
			page.Do("new Promise(r => setTimeout(r, 1))")
			w.cleanup()
			if len(w.errors) != want {
				t.Errorf("%s: %q", script, w.errors)
			}
		}
	})
}

func TestOneBrowserAtATime(t *testing.T) {
	browser.Start(t, browser.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if second, err := browser.Launch(ctx, browser.Options{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second browser started: %v, %v", second, err)
	}
}
