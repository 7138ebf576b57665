package emulators

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3deployment"

	"casey.internal/cdk/options"
	"casey.internal/cdk/stack"
)

// variants are the default template and three others.
var variants = map[string]map[string]any{
	"default": nil,
	"tickets": {"access": "secret", "otherVoice": "Matthew", "environment": "staging"},
	"domain":  {"domain": "voice.example.com", "certificate": "arn:aws:acm:us-east-1:123456789012:certificate/1-2", "recovery": "true"},
	"told":    {"alarmEmail": "ops@example.com", "accessLogs": "true", "azs": "us-east-1b,us-east-1d"},
}

// artifacts stand in for a build: emulators run nothing.
type artifacts string

func (a artifacts) Function(string) awslambda.Code {
	return awslambda.Code_FromAsset(new(string(a)), nil)
}

func (artifacts) Worker(arch string) awsecs.ContainerImage {
	return awsecs.ContainerImage_FromRegistry(new("example/worker:"+arch), nil)
}

func (a artifacts) Site() awss3deployment.ISource {
	return awss3deployment.Source_Asset(new(string(a)), nil)
}

// template is what CloudFormation gets, but for what the CDK's bootstrap and
// its bucket would have to be there for.
func template(t *testing.T, chosen map[string]any) map[string]any {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal(synthesised(t, chosen), &body); err != nil {
		t.Fatal(err)
	}
	delete(body, "Parameters")
	delete(body, "Rules")
	for _, r := range body["Resources"].(map[string]any) {
		properties, _ := r.(map[string]any)["Properties"].(map[string]any)
		if _, of := properties["Code"]; of {
			properties["Code"] = map[string]any{"ZipFile": "nothing"}
		}
	}
	return body
}

// made are the templates so far.
var made = map[string][]byte{}

// synthesised is the template as JSON.
func synthesised(t *testing.T, chosen map[string]any) []byte {
	t.Helper()
	key := fmt.Sprint(chosen)
	if made[key] != nil {
		return made[key]
	}
	build := t.TempDir()
	if err := os.WriteFile(filepath.Join(build, "bootstrap"), []byte("a build"), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := options.Parse(chosen, "us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	app := stack.NewApp(new(t.TempDir()))
	s := stack.New(app, o, artifacts(build))
	data, err := json.Marshal(app.Synth(&awscdk.StageSynthesisOptions{}).GetStackByName(s.StackName()).Template())
	if err != nil {
		t.Fatal(err)
	}
	made[key] = data
	return data
}
