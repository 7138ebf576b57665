package stack

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"casey.internal/shared/golden"
)

// everything has the most permissions that options can make.
var everything = map[string]any{
	"access": "secret", "serviceUser": "casey-local", "otherModel": "amazon.nova-lite-v1:0", "otherVoice": "Matthew", "interviews": "our",
}

// TestPermissions: what each role may do is written down. A change of it is
// read by somebody.
func TestPermissions(t *testing.T) {
	golden.File(t, "permissions.golden", []byte(permissions(synth(t, everything))))
}

// unnamed are the actions for which AWS has no resource to name.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/
var unnamed = []string{"transcribe:StartStreamTranscription", "polly:SynthesizeSpeech", "ec2:DescribeNetworkInterfaces", "ecr:GetAuthorizationToken"}

func TestEveryResourceIsNamed(t *testing.T) {
	for id, statements := range statements(synth(t, nil)) {
		for _, s := range statements {
			if s.resource != `"*"` {
				continue
			}
			for _, action := range s.actions {
				if !slices.Contains(unnamed, action) {
					t.Errorf("%s may %s anything", id, action)
				}
			}
		}
	}
}

// TestTheRuntimePolicyIsTheTaskRoles, but for what concerns its task.
func TestTheRuntimePolicyIsTheTaskRoles(t *testing.T) {
	made := synth(t, everything)
	all := statements(made)
	role, policy := all["TaskTaskRoleDefaultPolicy"], all["Runtime"]
	if len(policy) == 0 {
		t.Fatal("there is no runtime policy")
	}
	may, mayElsewhere := flat(role), flat(policy)
	for what := range mayElsewhere {
		if !may[what] {
			t.Errorf("the task role may not %s", what)
		}
	}
	for what := range may {
		own := strings.HasPrefix(what, "ecs:") || strings.HasPrefix(what, "ec2:")
		if !own && !mayElsewhere[what] {
			t.Errorf("the runtime policy may not %s", what)
		}
	}
	if got := text(made.starting(t, "Runtime").at("Users")); got != `["casey-local"]` {
		t.Errorf("attached to %s", got)
	}
}

func TestModels(t *testing.T) {
	for model, want := range map[string][]string{
		"amazon.nova-lite-v1:0":         {"foundation-model/amazon.nova-lite-v1:0"},
		"us.anthropic.claude-haiku-x:0": {"foundation-model/anthropic.claude-haiku-x:0", "inference-profile/us.anthropic.claude-haiku-x:0"},
	} {
		for _, s := range statements(synth(t, map[string]any{"model": model}))["Runtime"] {
			if !slices.Contains(s.actions, "bedrock:InvokeModel") {
				continue
			}
			for _, resource := range want {
				if !strings.Contains(s.resource, resource) {
					t.Errorf("%s: %s is not in %s", model, resource, s.resource)
				}
			}
			if strings.Count(s.resource, ":bedrock:") != len(want) {
				t.Errorf("%s may use %s", model, s.resource)
			}
		}
	}
}

type statement struct {
	actions   []string
	resource  string
	condition string
}

// flat is each action with each resource.
func flat(statements []statement) map[string]bool {
	all := map[string]bool{}
	for _, s := range statements {
		for _, action := range s.actions {
			all[action+" on "+s.resource] = true
		}
	}
	return all
}

// hash is what the CDK adds to an id.
var hash = regexp.MustCompile(`([A-Za-z])[0-9A-F]{8}\b`)

// statements returns what policies allow, by id.
func statements(made template) map[string][]statement {
	all := map[string][]statement{}
	for _, id := range slices.Sorted(maps.Keys(made.Resources)) {
		r := made.Resources[id]
		if r.Type != "AWS::IAM::Policy" && r.Type != "AWS::IAM::ManagedPolicy" {
			continue
		}
		list, _ := r.at("PolicyDocument", "Statement").([]any)
		for _, s := range list {
			entry := statement{resource: hash.ReplaceAllString(text(at(s, "Resource")), "$1")}
			switch a := at(s, "Action").(type) {
			case string:
				entry.actions = []string{a}
			case []any:
				for _, name := range a {
					entry.actions = append(entry.actions, fmt.Sprint(name))
				}
			}
			if c := at(s, "Condition"); c != nil {
				entry.condition = " if " + text(c)
			}
			name := hash.ReplaceAllString(id, "$1")
			all[name] = append(all[name], entry)
		}
	}
	return all
}

func permissions(made template) string {
	all := statements(made)
	var out strings.Builder
	for _, id := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&out, "%s\n", id)
		for _, s := range all[id] {
			fmt.Fprintf(&out, "  %s\n    %s%s\n", strings.Join(s.actions, ", "), s.resource, s.condition)
		}
	}
	return out.String()
}
