// Package page bundles casey's page out of its sources, serves it, and writes
// it to a folder from which any web server can.
package page

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"

	"casey.internal/shared/browser"
	"casey.internal/worker/interviewer"
)

// Config is the page's /config.json, and what else is published beside it.
type Config struct {
	WS    string `json:"ws,omitempty"`    // casey's WebSocket address; empty: /ws of the page's own host
	Local bool   `json:"local,omitempty"` // casey runs on this machine alone, with the poorer speech recognition
	// Interviews are those whose cards are the page's /interviews.json; nil: those
	// that come with casey.
	Interviews *interviewer.Shelf `json:"-"`
}

// Catalogue is the file with the cards of all interviews.
const Catalogue = "interviews.json"

// entries are the sources that become files of their own.
var entries = []struct {
	source, name string
	hashed       bool // the name has a hash, so that the file never changes
}{
	{"page/main.ts", "main.js", true},
	{"page/style.css", "style.css", true},
	{"page/avatar.ts", "avatar.js", true},
	{"page/probe.ts", "probe.js", true},
	{"page/documents.ts", "documents.js", true},
	{"page/pdf.ts", "pdf.js", true},
	{"vendor/pdf-worker.js", "pdf-worker.js", true},
	{"page/texts/de.ts", "de.js", true},
	{"page/texts/es.ts", "es.js", true},
	{"page/recorder.js", "recorder.js", false},
}

// Site is the bundled page: its files by name, index.html among them.
type Site struct {
	files     map[string][]byte
	immutable map[string]bool
}

// Bundle makes the page from its sources. An error is a mistake in them.
func Bundle(config Config) (*Site, error) {
	index, err := fs.ReadFile(browser.Sources, "page/index.html")
	if err != nil {
		return nil, fmt.Errorf("bundle the page: %w", err)
	}
	site := &Site{files: map[string][]byte{}, immutable: map[string]bool{}}
	html := string(index)
	sources, err := built()
	if err != nil {
		return nil, err
	}
	for i, entry := range entries {
		name, data := entry.name, sources[i]
		if entry.hashed {
			name = hashed(name, data)
			html = strings.ReplaceAll(html, `"/`+entry.name+`"`, `"/`+name+`"`)
		}
		site.files[name], site.immutable[name] = data, entry.hashed
	}
	site.files["index.html"] = []byte(html)
	if site.files["config.json"], err = json.Marshal(config); err != nil {
		return nil, fmt.Errorf("bundle the page's configuration: %w", err)
	}
	shelf := config.Interviews
	if shelf == nil {
		shelf = interviewer.BuiltIn()
	}
	if site.files[Catalogue], err = json.Marshal(shelf.Catalogue()); err != nil {
		return nil, fmt.Errorf("bundle the catalogue of interviews: %w", err)
	}
	return site, nil
}

// built returns the bundled entries. No configuration changes them, so they are
// made once.
var built = sync.OnceValues(func() (all [][]byte, err error) {
	for _, entry := range entries {
		data, err := build(entry.source)
		if err != nil {
			return nil, fmt.Errorf("bundle %s: %w", entry.source, err)
		}
		all = append(all, data)
	}
	return all, nil
})

func hashed(name string, data []byte) string {
	sum := sha256.Sum256(data)
	base, ext, _ := strings.Cut(name, ".")
	return base + "-" + hex.EncodeToString(sum[:6]) + "." + ext
}

// build returns one entry with all it imports, minified.
func build(source string) ([]byte, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{source},
		Bundle:            true,
		Format:            api.FormatESModule,
		Target:            api.ES2022,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		LegalComments:     api.LegalCommentsNone,
		TsconfigRaw:       "{}",
		Plugins:           []api.Plugin{{Name: "sources", Setup: sources}},
	})
	for _, e := range result.Errors {
		return nil, fmt.Errorf("%s", e.Text)
	}
	if len(result.OutputFiles) != 1 {
		return nil, fmt.Errorf("%d files instead of one", len(result.OutputFiles))
	}
	return result.OutputFiles[0].Contents, nil
}

// sources makes esbuild read the embedded files and no others.
func sources(b api.PluginBuild) {
	b.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
		return api.OnResolveResult{Path: resolve(a), Namespace: "sources"}, nil
	})
	b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "sources"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		data, err := fs.ReadFile(browser.Sources, a.Path)
		if err != nil {
			return api.OnLoadResult{}, fmt.Errorf("read source: %w", err)
		}
		contents := string(data)
		return api.OnLoadResult{Contents: &contents, Loader: loaders[path.Ext(a.Path)]}, nil
	})
}

var loaders = map[string]api.Loader{".ts": api.LoaderTS, ".js": api.LoaderJS, ".css": api.LoaderCSS, ".json": api.LoaderJSON}

// resolve returns the path of a source; TypeScript imports x.ts as x.js. Only
// what others made is JavaScript.
func resolve(a api.OnResolveArgs) string {
	if a.Kind == api.ResolveEntryPoint {
		return a.Path
	}
	source := path.Join(path.Dir(a.Importer), a.Path)
	script, ours := strings.CutSuffix(source, ".js")
	if !ours || strings.HasPrefix(source, "vendor/") {
		return source
	}
	return script + ".ts"
}
