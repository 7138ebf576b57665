// Package layers lets a test hold the import rules of a module: which packages
// alone may import a foreign one, and which know nothing of casey.
package layers

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Rules are the import rules of one module. Folders are relative to it.
type Rules struct {
	// Owners says which folders alone may import what begins with a path; what
	// lies below an owner may, too.
	Owners map[string][]string
	// Leaves says what of casey a folder may import; those not listed are bound
	// by Owners alone.
	Leaves map[string][]string
}

// Check reports every import below the folder root that breaks the rules, tests
// excepted. It reads the sources itself: a test that ran the go command would
// stay cached as passed after a bad import.
func (r Rules) Check(t *testing.T, root string) {
	t.Helper()
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && entry.Name() == "node_modules" {
			return fs.SkipDir
		}
		if err != nil || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		relative, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		folder := path.Dir(filepath.ToSlash(relative))
		seen[folder] = true
		return r.checkFile(t, folder, file)
	})
	if err != nil {
		t.Fatal(err)
	}
	for folder := range r.Leaves {
		if !seen[folder] {
			t.Errorf("no sources of %s", folder)
		}
	}
}

func (r Rules) checkFile(t *testing.T, folder, file string) error {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		return err
	}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		if why := r.Forbids(folder, imported); why != "" {
			t.Errorf("%s imports %s: %s", file, imported, why)
		}
	}
	return nil
}

// Forbids says why a folder of the module may not import a package; empty = it may.
func (r Rules) Forbids(folder, imported string) string {
	for prefix, owners := range r.Owners {
		if within(imported, prefix) && !slices.ContainsFunc(owners, func(owner string) bool { return within(folder, owner) }) {
			return "only " + strings.Join(owners, ", ") + " may"
		}
	}
	allowed, leaf := r.Leaves[folder]
	if leaf && strings.HasPrefix(imported, "casey.internal/") && !slices.Contains(allowed, imported) {
		return folder + " is a leaf"
	}
	return ""
}

// within tells whether a path is another one or lies below it.
func within(path, above string) bool {
	above = strings.TrimSuffix(above, "/")
	return path == above || strings.HasPrefix(path, above+"/")
}
