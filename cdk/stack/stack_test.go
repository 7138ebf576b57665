package stack

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"casey.internal/cdk/options"
)

func TestVariants(t *testing.T) {
	for name, context := range map[string]map[string]any{
		"nothing chosen": nil,
		"domain": {
			"domain": "voice.example.com", "certificate": "arn:aws:acm:us-east-1:123456789012:certificate/1-2",
		},
		"vpc": {
			"vpc": "vpc-0123456789abcdef0", "azs": "us-east-1a", "subnets": "subnet-0123456789abcdef0",
		},
		"site": {"site": "true"}, "amd64": {"arch": "amd64"}, "environment": {"environment": "staging"},
		"tickets and a user": everything, "e-mail": {"alarmEmail": "ops@example.com"}, "logging": {"accessLogs": "true"},
		"recovery": {"recovery": "true"}, "model": {"model": "amazon.nova-lite-v1:0"},
	} {
		t.Run(name, func(t *testing.T) {
			made := synth(t, context)
			t.Log(len(made.Resources), "resources")
			if len(made.of("AWS::ECS::Service")) != 1 || len(made.of("AWS::ApiGatewayV2::Route")) != 3 {
				t.Error("the service or a route is missing")
			}
		})
	}
}

func TestTheSameTemplateTwice(t *testing.T) {
	first := synth(t, nil)
	var again template
	if err := json.Unmarshal(render(t, nil), &again); err != nil || !reflect.DeepEqual(first, again) {
		t.Errorf("two syntheses differ: %v", err)
	}
}

// TestFindingsAreErrors: the CDK's validation is on, so that what no
// CloudFormation would take does not come as far.
func TestFindingsAreErrors(t *testing.T) {
	build := t.TempDir()
	if err := os.WriteFile(filepath.Join(build, "bootstrap"), []byte("a build"), 0o600); err != nil {
		t.Fatal(err)
	}
	app := newApp(new(t.TempDir()), nil)
	s := New(app, options.Defaults(), folder(build))
	s.functions[0].Node().DefaultChild().(awscdk.CfnResource).AddPropertyOverride(new("Timeout"), 99999)
	defer func() {
		if r := recover(); r == nil {
			t.Error("a function may take a day")
		}
	}()
	app.Synth(nil)
}
