package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"casey.internal/cdk/deploy/rehearsal"
)

// TestTheServicesAreLookedAtFirst: what would fail is told before anything runs.
func TestTheServicesAreLookedAtFirst(t *testing.T) {
	there := rehearsal.New()
	server := httptest.NewServer(there)
	defer server.Close()
	cfg := aws.Config{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}
	env := map[string]string{"POLLY_VOICE": "Matthew"}
	getenv := func(name string) string { return env[name] }
	var out strings.Builder
	if err := services(t.Context(), cfg, getenv, &out); err != nil || !strings.Contains(out.String(), "[done] voice Matthew (neural)\n") || strings.Contains(out.String(), "ECS") {
		t.Errorf("%v\n%s", err, out.String())
	}
	there.Facts.Agreement = "NOT_AVAILABLE"
	if err := services(t.Context(), cfg, getenv, &out); err == nil || !strings.Contains(out.String(), "create-foundation-model-agreement") {
		t.Errorf("%v\n%s", err, out.String())
	}
}
