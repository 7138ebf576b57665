// Package page bundles casey's page out of its sources, serves it, and writes
// it to a folder from which any web server can.
package page

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
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

// bundle is what esbuild makes of some sources at a time.
type bundle struct {
	sources []string // each becomes a file of its own
	split   bool     // what several of them import is one more, called shared
	plain   bool     // the names have no hash, so that the files may change
}

// The page's script and that of what comes of interviews share the texts, which
// change with the language, and so a file; what any of the others needs of the
// page, it has itself.
var bundles = []bundle{
	{sources: []string{"page/main.ts", "page/results.ts"}, split: true},
	{sources: []string{
		"page/style.css", "page/avatar.ts", "page/probe.ts", "page/documents.ts", "page/pdf.ts", "vendor/pdf-worker.js",
		"page/texts/de.ts", "page/texts/es.ts",
	}},
	{sources: []string{"page/recorder.js"}, plain: true},
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
	html := indented.ReplaceAllString(string(index), "\n")
	scripts, err := built()
	if err != nil {
		return nil, err
	}
	for i, b := range bundles {
		for name, data := range scripts[i] {
			site.files[name], site.immutable[name] = data, !b.plain
			html = strings.ReplaceAll(html, `"/`+unhashed(name)+`"`, `"/`+name+`"`)
		}
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

// built returns the files of each bundle. No configuration changes them, so they are
// made once.
var built = sync.OnceValues(func() (all []map[string][]byte, err error) {
	for _, b := range bundles {
		files, err := b.build()
		if err != nil {
			return nil, fmt.Errorf("bundle %s: %w", b.sources, err)
		}
		all = append(all, files)
	}
	return all, nil
})

// indented is what nobody sees of index.html.
var indented = regexp.MustCompile(`\n\s+`)

// unhashed is a file's name as index.html has it.
func unhashed(name string) string {
	base, ext := name[:len(name)-len(path.Ext(name))], path.Ext(name)
	if dash := strings.LastIndexByte(base, '-'); dash >= 0 {
		base = base[:dash]
	}
	return base + ext
}

// build returns the files, minified, by their names.
func (b bundle) build() (map[string][]byte, error) {
	names := "[name]-[hash]"
	if b.plain {
		names = "[name]"
	}
	options := api.BuildOptions{
		Outdir:            "/",
		EntryNames:        names,
		ChunkNames:        "shared-[hash]",
		Splitting:         b.split,
		Bundle:            true,
		Format:            api.FormatESModule,
		Target:            api.ES2022,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		LegalComments:     api.LegalCommentsNone,
		TsconfigRaw:       "{}",
		Plugins:           []api.Plugin{{Name: "sources", Setup: sources}},
	}
	for _, source := range b.sources {
		name := strings.TrimSuffix(path.Base(source), path.Ext(source))
		options.EntryPointsAdvanced = append(options.EntryPointsAdvanced, api.EntryPoint{InputPath: source, OutputPath: name})
	}
	result := api.Build(options)
	for _, e := range result.Errors {
		return nil, fmt.Errorf("%s", e.Text)
	}
	files := map[string][]byte{}
	for _, file := range result.OutputFiles {
		files[path.Base(file.Path)] = file.Contents
	}
	return files, nil
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
