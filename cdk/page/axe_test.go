package page_test

import (
	"os"
	"strings"
	"testing"

	"casey.internal/cdk/verify/browser"
)

// axe is the script of axe-core, which finds what keeps people out of a page.
func axe(t *testing.T) string {
	t.Helper()
	script, err := os.ReadFile("../../shared/browser/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("%v (npm ci in shared/browser installs it)", err)
	}
	return string(script)
}

// violation is something that axe found, and where.
type violation struct {
	ID, Impact, Help string
	Where            []string
}

// check fails for everything on the page that axe calls serious or critical.
// The page has injected axe.
func check(t *testing.T, p *browser.Page, name string) {
	t.Helper()
	for _, v := range browser.Value[[]violation](p, `axe.run({ resultTypes: ["violations"] }).then(r => r.violations.map(v =>
		({ ID: v.id, Impact: v.impact, Help: v.help, Where: v.nodes.map(n => n.target.join(" ") + ": " + n.failureSummary) })))`) {
		report := t.Logf
		if v.Impact == "serious" || v.Impact == "critical" {
			report = t.Errorf
		}
		report("%s: %s (%s): %s\n%s", name, v.ID, v.Impact, v.Help, strings.Join(v.Where, "\n"))
	}
}
