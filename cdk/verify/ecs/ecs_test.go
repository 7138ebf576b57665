package ecs_test

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	standin "casey.internal/cdk/verify/ecs"
	"casey.internal/worker/ecs"
	"casey.internal/worker/ecs/revisions"
)

// TestAWorkerOfAnOldRevision: a task learns what it is, protects itself, sees
// that a newer revision is there, and is free to be stopped when it says so.
func TestAWorkerOfAnOldRevision(t *testing.T) {
	service, err := standin.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	env := map[string]string{}
	for _, line := range service.Env("w1") {
		name, value, _ := strings.Cut(line, "=")
		env[name] = value
	}
	task, err := ecs.Describe(t.Context(), http.DefaultClient, env[ecs.MetadataVariable])
	if err != nil || task.Revision != "1" || task.Service == "" {
		t.Fatalf("%+v, %v", task, err)
	}
	protection := ecs.NewProtection(http.DefaultClient, env[ecs.AgentVariable], slog.New(slog.DiscardHandler))
	if err := protection.Take(t.Context()); err != nil {
		t.Fatal(err)
	}
	current := revisions.New(aws.Config{
		Region: "us-east-1", BaseEndpoint: new(env["AWS_ENDPOINT_URL_ECS"]), Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	})
	for _, suffix := range []string{":1", ":2"} {
		if got, err := current.Current(t.Context(), task.Cluster, task.Service); err != nil || !strings.HasSuffix(got, "/"+task.Family+suffix) {
			t.Errorf("%q is to run, want one that ends in %s; %v", got, suffix, err)
		}
		service.Deploy()
	}
	if protected, free := service.Outdated(); !slices.Equal(protected, []string{"w1"}) || free != nil {
		t.Errorf("protected %q, free %q", protected, free)
	}
	protection.Release(t.Context())
	if protected, free := service.Outdated(); protected != nil || !slices.Equal(free, []string{"w1"}) {
		t.Errorf("protected %q, free %q after the release", protected, free)
	}
	service.Stopped("w1")
	if _, free := service.Outdated(); free != nil {
		t.Errorf("free %q after it was stopped", free)
	}
}
