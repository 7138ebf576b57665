package stack

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	lambdas "casey.internal/lambdas/function"
	"casey.internal/worker/ecs"
)

// environment returns a function's variables; what CloudFormation fills in is
// something that looks like it.
func environment(t *testing.T, r resource) map[string]string {
	t.Helper()
	variables, _ := r.at("Environment", "Variables").(map[string]any)
	env := map[string]string{}
	for name, value := range variables {
		s, literal := value.(string)
		if !literal {
			s = "https://sqs.us-east-1.amazonaws.com/1/x"
		}
		env[name] = s
	}
	return env
}

// TestFunctionsReadWhatTheyGet: the very functions that read the environment
// are given it, take every value, and ask for every name.
func TestFunctionsReadWhatTheyGet(t *testing.T) {
	for _, context := range []map[string]any{{"site": "true"}, everything} {
		made := synth(t, context)
		for _, id := range []string{"Connect", "Message", "Disconnect", "Sweep", "Authorizer"} {
			env := environment(t, made.starting(t, id))
			var asked []string
			getenv := func(name string) string {
				asked = append(asked, name)
				return env[name]
			}
			_, err := lambdas.Variables.Read(getenv)
			if id == "Authorizer" {
				asked = nil
				_, err = lambdas.ReadAccess(getenv)
			}
			if err != nil {
				t.Errorf("%s: %v", id, err)
			}
			for name := range env {
				if !slices.Contains(asked, name) && !strings.HasPrefix(name, "AWS_") {
					t.Errorf("%s gets %s, which it does not read", id, name)
				}
			}
			if env["CASEY_SERVICE"] != "casey" {
				t.Errorf("%s emits no metrics", id)
			}
		}
	}
}

// workerSettings are the names in the worker's own table of settings, read from
// its source: it is a command, which nobody can import.
func workerSettings(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../worker/cmd/worker/config.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{ecs.MetadataVariable, ecs.AgentVariable}
	ast.Inspect(file, func(n ast.Node) bool {
		entry, ok := n.(*ast.CallExpr)
		if !ok || len(entry.Args) != 4 {
			return true
		}
		if name, ok := entry.Args[0].(*ast.BasicLit); ok {
			s, err := strconv.Unquote(name.Value)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, s)
		}
		return false
	})
	if len(names) < 20 {
		t.Fatalf("found only %v", names)
	}
	return names
}

func TestTheWorkerReadsWhatItGets(t *testing.T) {
	known := workerSettings(t)
	list, _ := synth(t, everything).of("AWS::ECS::TaskDefinition")[0].at("ContainerDefinitions", "0", "Environment").([]any)
	got := map[string]any{}
	for _, e := range list {
		name, _ := at(e, "Name").(string)
		got[name] = at(e, "Value")
		if !slices.Contains(known, name) && !strings.HasPrefix(name, "AWS_") {
			t.Errorf("the worker does not read %s", name)
		}
	}
	for name, want := range map[string]any{
		"CASEY_INBOX_PREFIX": "casey-inbox-", "CASEY_SLOTS": "25", "CASEY_WARM": "5", "CASEY_DRAIN": "110s", "CASEY_SERVICE": "casey", "TRANSCRIBE_STREAMS": "25",
		"CASEY_INTERVIEWS": "/interviews", "MEDIA_PORT": "3478", "POLLY_VOICE": "Joanna", "POLLY_ENGINE": "neural",
		"POLLY_VOICE_FALLBACK": "Matthew", "BEDROCK_MODEL_FALLBACK": "amazon.nova-lite-v1:0", "TRANSCRIBE_INPUT": "opus", "TRANSCRIBE_SILENCE": "withheld", "POLLY_OUTPUT": "ogg_opus", "POLLY_MARKS": "paid",
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	for _, name := range []string{"CASEY_TABLE", "CASEY_DISPATCH_QUEUE_URL", "CASEY_USAGE_LOG", "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"} {
		if got[name] == nil {
			t.Errorf("the worker lacks %s", name)
		}
	}
}

// TestNobodyBehindTheFirst: what was not chosen is not there.
func TestNobodyBehindTheFirst(t *testing.T) {
	task := synth(t, map[string]any{"model": "amazon.nova-lite-v1:0"}).of("AWS::ECS::TaskDefinition")[0]
	if env := text(task.at("ContainerDefinitions", "0", "Environment")); strings.Contains(env, "FALLBACK") || strings.Contains(env, "INTERVIEWS") {
		t.Errorf("the worker gets %s", env)
	}
}
