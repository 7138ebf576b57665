package page_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"casey.internal/cdk/local/page"
)

func bundle(t *testing.T, config page.Config) *page.Site {
	t.Helper()
	site, err := page.Bundle(config)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

func get(t *testing.T, site *page.Site, method, path string) (*http.Response, string) {
	t.Helper()
	recorder := httptest.NewRecorder()
	site.ServeHTTP(recorder, httptest.NewRequest(method, path, nil))
	response := recorder.Result()
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

var linked = regexp.MustCompile(`(?:href|src)="(/[^"]+)"`)

func TestThePageAndAllItLinksAreServed(t *testing.T) {
	site := bundle(t, page.Config{})
	index, html := get(t, site, http.MethodGet, "/")
	if index.StatusCode != http.StatusOK || index.Header.Get("Cache-Control") != "no-cache" || !strings.Contains(index.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("index: %d %v", index.StatusCode, index.Header)
	}
	links := linked.FindAllStringSubmatch(html, -1)
	if len(links) != 2 {
		t.Fatalf("the page links %v", links)
	}
	for _, link := range links {
		response, body := get(t, site, http.MethodGet, link[1])
		if response.StatusCode != http.StatusOK || !strings.Contains(response.Header.Get("Cache-Control"), "immutable") || len(body) < 1000 {
			t.Errorf("%s: %d %v, %d bytes", link[1], response.StatusCode, response.Header, len(body))
		}
	}
}

func TestThePageIsSmall(t *testing.T) {
	if size := bundle(t, page.Config{}).Size(); size > 300<<10 || size < 10<<10 {
		t.Errorf("the page has %d bytes", size)
	}
}

func TestTheConfiguration(t *testing.T) {
	_, body := get(t, bundle(t, page.Config{WS: "wss://casey.example.com/ws", Local: true}), http.MethodGet, "/config.json")
	if body != `{"ws":"wss://casey.example.com/ws","local":true}` {
		t.Error(body)
	}
}

func TestWhatIsNotThePage(t *testing.T) {
	site := bundle(t, page.Config{})
	for path, want := range map[string]int{"/nothing": http.StatusNotFound, "/../page/main.ts": http.StatusNotFound, "/page/main.ts": http.StatusNotFound} {
		if response, _ := get(t, site, http.MethodGet, path); response.StatusCode != want {
			t.Errorf("%s: %d", path, response.StatusCode)
		}
	}
	if response, _ := get(t, site, http.MethodPost, "/"); response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", response.StatusCode)
	}
}

func TestWrite(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "site")
	site := bundle(t, page.Config{})
	if err := site.Write(folder); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(filepath.Join(folder, "index.html"))
	if _, html := get(t, site, http.MethodGet, "/"); err != nil || string(written) != html {
		t.Errorf("index.html has %d bytes, %v", len(written), err)
	}
}
