package stack

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"casey.internal/shared/metrics"
)

// TestWhatIsUsedIsEmitted, and what is emitted is used: no graph is empty for
// ever, and no metric costs money that nobody looks at.
func TestWhatIsUsedIsEmitted(t *testing.T) {
	used, emitted := usedMetrics(t), emittedMetrics(t, "../../worker")
	maps.Copy(emitted, emittedMetrics(t, "../../lambdas"))
	if a, b := slices.Sorted(maps.Keys(used)), slices.Sorted(maps.Keys(emitted)); !slices.Equal(a, b) {
		t.Errorf("used\n%v\nemitted\n%v", a, b)
	}
	if a, b := slices.Sorted(maps.Keys(metrics.Definitions)), slices.Sorted(maps.Keys(emitted)); !slices.Equal(a, b) {
		t.Errorf("defined\n%v\nemitted\n%v", a, b)
	}
}

// TestWhoEmitsWhat: what no worker can know is the Lambdas', and of sessions
// that fail each counts those that it ends.
func TestWhoEmitsWhat(t *testing.T) {
	want := []metrics.Name{metrics.OldestOffer, metrics.Refused, metrics.SessionsFailed, metrics.Waiting}
	byLambdas, byWorker := emittedMetrics(t, "../../lambdas"), emittedMetrics(t, "../../worker")
	if got := slices.Sorted(maps.Keys(byLambdas)); !slices.Equal(got, want) {
		t.Errorf("Lambdas emit %v, want %v", got, want)
	}
	for name := range byLambdas {
		if byWorker[name] != (name == metrics.SessionsFailed) {
			t.Errorf("both or only the Lambdas emit %s", name)
		}
	}
}

// usedMetrics are those in dashboards, alarms and scaling policies.
func usedMetrics(t *testing.T) map[metrics.Name]bool {
	used := map[metrics.Name]bool{}
	made := synth(t, nil)
	inBoard := regexp.MustCompile(`\[\\?"` + metrics.Namespace + `\\?",\\?"(\w+)\\?",\\?"` + metrics.Service + `\\?",\\?"casey\\?"`)
	for _, r := range made.Resources {
		for _, m := range inBoard.FindAllStringSubmatch(strings.ReplaceAll(text(r.Properties), `\\`, `\`), -1) {
			used[metrics.Name(m[1])] = true
		}
		collect(r.Properties, used)
	}
	return used
}

// collect adds the metrics of our namespace anywhere in a value.
func collect(v any, used map[metrics.Name]bool) {
	switch x := v.(type) {
	case map[string]any:
		if name, ok := x["MetricName"].(string); ok && x["Namespace"] == metrics.Namespace {
			used[metrics.Name(name)] = true
		}
		for _, inner := range x {
			collect(inner, used)
		}
	case []any:
		for _, inner := range x {
			collect(inner, used)
		}
	}
}

// emittedMetrics are the names that sources mention.
func emittedMetrics(t *testing.T, root string) map[metrics.Name]bool {
	t.Helper()
	constants := metricConstants(t)
	emitted := map[metrics.Name]bool{}
	err := filepath.WalkDir(root, func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "metrics" && constants[s.Sel.Name] {
					emitted[metrics.Name(s.Sel.Name)] = true
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return emitted
}

// metricConstants are the names of constants that are names of metrics; each is
// called as its value is.
func metricConstants(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for name := range metrics.Definitions {
		names[string(name)] = true
	}
	return names
}
