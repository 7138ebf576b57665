package stack

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3deployment"
	"github.com/aws/jsii-runtime-go"

	"casey.internal/cdk/options"
)

// One synthesis after another: the CDK is not made for goroutines.
func TestMain(m *testing.M) {
	_ = os.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20") // a box of ten lines
	code := m.Run()
	jsii.Close()
	os.Exit(code)
}

// folder stands in for a build.
type folder string

func (f folder) Function(string) awslambda.Code {
	return awslambda.Code_FromAsset(new(string(f)), nil)
}

func (folder) Worker(arch string) awsecs.ContainerImage {
	return awsecs.ContainerImage_FromRegistry(new("example/worker:"+arch), nil)
}

func (f folder) Site() awss3deployment.ISource {
	return awss3deployment.Source_Asset(new(string(f)), nil)
}

// template is what CloudFormation gets.
type template struct {
	Resources map[string]resource
	Outputs   map[string]struct{ Value any }
}

type resource struct {
	Type                string
	Properties          map[string]any
	DeletionPolicy      string
	UpdateReplacePolicy string
	DependsOn           any // an id, or several
}

// made are the templates so far: one synthesis takes half a second.
var made = map[string]template{}

// synth is the whole CDK for a test: options in, a template out.
func synth(t *testing.T, context map[string]any) template {
	t.Helper()
	key := text(context)
	if len(context) == 0 {
		key = ""
	}
	if known, ok := made[key]; ok {
		return known
	}
	var fresh template
	if err := json.Unmarshal(render(t, context), &fresh); err != nil {
		t.Fatal(err)
	}
	made[key] = fresh
	return fresh
}

// render returns the template as JSON.
func render(t *testing.T, context map[string]any) []byte {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Fatalf("synthesise: %v", r)
		}
	}()
	build := t.TempDir()
	if err := os.WriteFile(filepath.Join(build, "bootstrap"), []byte("a build"), 0o600); err != nil {
		t.Fatal(err)
	}
	app := newApp(new(t.TempDir()), context)
	chosen, err := options.Parse(Context(app), "us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	s := New(app, chosen, folder(build))
	data, err := json.MarshalIndent(app.Synth(&awscdk.StageSynthesisOptions{}).GetStackByName(s.StackName()).Template(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// of returns the resources of a type, ordered by id.
func (t template) of(kind string) []resource {
	var found []resource
	for _, id := range slices.Sorted(maps.Keys(t.Resources)) {
		if t.Resources[id].Type == kind {
			found = append(found, t.Resources[id])
		}
	}
	return found
}

// starting returns the id and the resource whose id is this, the CDK's hash aside.
func (t template) starting(tt *testing.T, id string) resource {
	tt.Helper()
	for _, name := range slices.Sorted(maps.Keys(t.Resources)) {
		if len(name) == len(id)+8 && strings.HasPrefix(name, id) {
			return t.Resources[name]
		}
	}
	tt.Fatalf("there is no %s", id)
	return resource{}
}

// at follows keys and indexes into the properties.
func (r resource) at(path ...string) any { return at(r.Properties, path...) }

func at(v any, path ...string) any {
	for _, p := range path {
		switch x := v.(type) {
		case map[string]any:
			v = x[p]
		case []any:
			var i int
			if n, _ := fmt.Sscan(p, &i); n != 1 || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

// text is a value as JSON.
func text(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(data)
}
