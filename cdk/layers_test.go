package main

import (
	"testing"

	"casey.internal/shared/layers"
)

// rules keep what goes to AWS free of what runs on a laptop, and that free of
// what tests and measures it.
var rules = layers.Rules{Owners: map[string][]string{
	"casey.internal/cdk/local":               {"local", "measure", "verify"},
	"casey.internal/cdk/measure":             {"measure", "verify"},
	"casey.internal/cdk/verify":              {"verify"},
	"github.com/pion":                        {"client", "verify", "local/aws"},
	"github.com/aws/aws-cdk-go":              {"stack"},
	"github.com/chromedp":                    {"verify/browser"},
	"github.com/evanw/esbuild":               {"page"},
	"github.com/google/go-containerregistry": {"deploy/rehearsal", "image"},
}}

func TestLayers(t *testing.T) { rules.Check(t, ".") }

func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		folder, imported string
		forbidden        bool
	}{
		{"deploy/trial", "casey.internal/cdk/client", false},
		{"deploy/trial", "casey.internal/cdk/local/aws/stores", true},
		{"artifacts", "casey.internal/cdk/page", false},
		{"local/cmd/local", "casey.internal/cdk/measure/report", true},
		{"local", "casey.internal/cdk/verify/ecs", true},
		{"measure/latency", "casey.internal/cdk/local", false},
		{"measure/latency", "casey.internal/cdk/verify/chaos", true},
		{"verify/chaos", "casey.internal/cdk/measure/report", false},
	} {
		if why := rules.Forbids(c.folder, c.imported); (why != "") != c.forbidden {
			t.Errorf("%s importing %s: %q", c.folder, c.imported, why)
		}
	}
}
