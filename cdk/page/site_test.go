package page_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"casey.internal/cdk/page"
)

func bundle(t *testing.T, config page.Config) *page.Site {
	t.Helper()
	site, err := page.Bundle(config)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// answer is a response of the site.
type answer struct {
	status int
	header http.Header
	body   string
}

func get(site *page.Site, method, path string) answer {
	recorder := httptest.NewRecorder()
	site.ServeHTTP(recorder, httptest.NewRequest(method, path, nil))
	return answer{recorder.Code, recorder.Header(), recorder.Body.String()}
}

var linked = regexp.MustCompile(`(?:href|src)="(/[^"]+)"`)

func TestThePageAndAllItLinksAreServed(t *testing.T) {
	site := bundle(t, page.Config{})
	index := get(site, http.MethodGet, "/")
	if index.status != http.StatusOK || index.header.Get("Cache-Control") != "no-cache" || !strings.Contains(index.header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("index: %d %v", index.status, index.header)
	}
	links := linked.FindAllStringSubmatch(index.body, -1)
	if len(links) != 3 {
		t.Fatalf("the page links %v", links)
	}
	for _, link := range links {
		got := get(site, http.MethodGet, link[1])
		if got.status != http.StatusOK || !strings.Contains(got.header.Get("Cache-Control"), "immutable") || len(got.body) < 1000 {
			t.Errorf("%s: %d %v, %d bytes", link[1], got.status, got.header, len(got.body))
		}
	}
}

func TestNothingIsPressedBeforeTheScriptIsThere(t *testing.T) {
	index := get(bundle(t, page.Config{}), http.MethodGet, "/").body
	for _, id := range []string{"start", "try", "open-settings"} {
		if !regexp.MustCompile(`<button id="` + id + `"[^>]* disabled>`).MatchString(index) {
			t.Errorf("#%s can be pressed at once", id)
		}
	}
}

func TestTheConfiguration(t *testing.T) {
	site := bundle(t, page.Config{WS: "wss://casey.example.com/ws", Local: true})
	if got := get(site, http.MethodGet, "/config.json"); got.body != `{"ws":"wss://casey.example.com/ws","local":true}` {
		t.Error(got.body)
	}
}

func TestWhatIsNotThePage(t *testing.T) {
	site := bundle(t, page.Config{})
	for path, want := range map[string]int{"/nothing": http.StatusNotFound, "/../page/main.ts": http.StatusNotFound, "/page/main.ts": http.StatusNotFound} {
		if got := get(site, http.MethodGet, path); got.status != want {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	if got := get(site, http.MethodPost, "/"); got.status != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", got.status)
	}
}

func TestWrite(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "site")
	site := bundle(t, page.Config{})
	if err := site.Write(folder); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(filepath.Join(folder, "index.html"))
	if err != nil || string(written) != get(site, http.MethodGet, "/").body {
		t.Errorf("index.html has %d bytes, %v", len(written), err)
	}
}
