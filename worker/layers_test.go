package worker_test

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

const module = "casey.internal/worker"

// owners says which packages alone may import what begins with a path; what lies
// below an owner may, too.
var owners = map[string][]string{
	"github.com/pion/": {"peer"},
	"github.com/aws/aws-sdk-go-v2/service/transcribestreaming": {"transcribe"},
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime":      {"bedrock"},
	"github.com/aws/aws-sdk-go-v2/service/polly":               {"polly"},
	"github.com/aws/aws-sdk-go-v2/service/ecs":                 {"ecs/revisions"},
	"github.com/aws/aws-sdk-go-v2/service/ec2":                 {"ecs/addresses"},
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs":      {"ledger/cloudwatch"},
	module + "/ecs":          {"cmd", "ecs"},
	"casey.internal/lambdas": {},
	"casey.internal/cdk":     {},
	module + "/transcribe":   {"cmd", "transcribe"},
	module + "/bedrock":      {"cmd", "bedrock"},
	module + "/polly":        {"cmd", "polly"},
}

// leaves says what of casey a package may import; those not listed are bound by
// owners alone.
var leaves = map[string][]string{
	"opus":   {},
	"fleet":  {"casey.internal/shared/interview"},
	"pacing": {},
	"ogg":    {module + "/opus"},
	"level":  {module + "/opus"},
	"mic":    {module + "/opus"},
	"peer":   {"casey.internal/shared/fault"},
}

// TestLayers reads the sources itself: a test that ran the go command would stay
// cached as passed after a bad import.
func TestLayers(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := path.Dir(filepath.ToSlash(file))
		seen[pkg] = true
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if why := forbidden(pkg, imported); why != "" {
				t.Errorf("%s imports %s: %s", file, imported, why)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range leaves {
		if !seen[pkg] {
			t.Errorf("no sources of %s", pkg)
		}
	}
}

// forbidden says why pkg, a folder of the module, may not import a package.
func forbidden(pkg, imported string) string {
	for prefix, allowed := range owners {
		if strings.HasPrefix(imported, prefix) && !slices.ContainsFunc(allowed, func(owner string) bool {
			return pkg == owner || strings.HasPrefix(pkg, owner+"/")
		}) {
			return "only " + strings.Join(allowed, ", ") + " may"
		}
	}
	allowed, leaf := leaves[pkg]
	if leaf && strings.HasPrefix(imported, "casey.internal/") && !slices.Contains(allowed, imported) {
		return pkg + " is a leaf"
	}
	return ""
}

func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		pkg, imported string
		forbidden     bool
	}{
		{"peer", "github.com/pion/webrtc/v4", false},
		{"peer/peertest", "github.com/pion/webrtc/v4", false},
		{"session", "github.com/pion/webrtc/v4", true},
		{"peerage", "github.com/pion/rtp", true},
		{"polly", "github.com/aws/aws-sdk-go-v2/service/polly/types", false},
		{"speech", "github.com/aws/aws-sdk-go-v2/service/polly/types", true},
		{"conversation", module + "/bedrock", true},
		{"cmd/worker", module + "/bedrock", false},
		{"host", "casey.internal/cdk/local", true},
		{"ogg", module + "/opus", false},
		{"ogg", module + "/mic", true},
		{"opus", "time", false},
	} {
		if why := forbidden(c.pkg, c.imported); (why != "") != c.forbidden {
			t.Errorf("%s importing %s: %q", c.pkg, c.imported, why)
		}
	}
}
