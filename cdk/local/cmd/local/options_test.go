package main

import (
	"errors"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"casey.internal/cdk/local/aws/faults"
)

func TestOptionsBecomeAStack(t *testing.T) {
	o, err := parse(strings.Fields("-port 4000 -workers 2 -slots 3 -faults 7 -keep -sentences a.txt -sentences b.txt -ear open -voice espeak -llm http://localhost:11434 -llm-model small"), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	o.standin = "-canned -final-delay 2s"
	cfg, err := o.stack(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Address != "127.0.0.1:4000" || cfg.Workers != 2 || cfg.Slots != 3 || !cfg.Keep || cfg.AWS || cfg.Page == nil {
		t.Errorf("configuration %+v", cfg)
	}
	if cfg.LLM != "http://localhost:11434" || cfg.LLMModel != "small" {
		t.Errorf("model %q of %q", cfg.LLMModel, cfg.LLM)
	}
	if cfg.Faults != faults.AsAWS(7) {
		t.Errorf("faults %+v", cfg.Faults)
	}
	want := strings.Fields("-sentences a.txt -sentences b.txt -ear open -voice espeak -canned -final-delay 2s")
	if !slices.Equal(cfg.Standin, want) {
		t.Errorf("stand-in's arguments %q, want %q", cfg.Standin, want)
	}
	if !strings.HasSuffix(cfg.State, "build/local-state") {
		t.Errorf("state in %s", cfg.State)
	}
}

func TestNothingIsRecordedUnlessAskedFor(t *testing.T) {
	data := t.TempDir()
	t.Setenv("XDG_DATA_HOME", data)
	for line, want := range map[string]string{"": "", "-record": filepath.Join(data, "casey", "recordings")} {
		o, err := parse(strings.Fields(line), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if cfg, err := o.stack(t.Context()); err != nil || cfg.Record != want {
			t.Errorf("%q records in %q, %v; want %q", line, cfg.Record, err, want)
		}
	}
}

// TestAFolderOfInterviews reaches the workers, and its cards the page.
func TestAFolderOfInterviews(t *testing.T) {
	folder := t.TempDir()
	write := func(data string) {
		if err := os.WriteFile(filepath.Join(folder, "mine.json"), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"title":"Mine","goodFor":"G","interviewer":{"name":"Ada"},"minutes":10,"persona":"P","brief":"B","greeting":["Hi."],
		"welcome":["Hi."],"closing":["Bye."],"phases":[{"name":"N","profile":"reflective","goals":["G"]}],"rubric":[{"name":"R","looksFor":"L"}]}`)
	o, err := parse([]string{"-interviews", folder}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := o.stack(t.Context())
	if err != nil || !slices.Contains(cfg.WorkerEnv, "CASEY_INTERVIEWS="+folder) {
		t.Fatalf("the workers get %q, %v", cfg.WorkerEnv, err)
	}
	got := httptest.NewRecorder()
	cfg.Page.ServeHTTP(got, httptest.NewRequest(http.MethodGet, "/interviews.json", nil))
	if got.Code != http.StatusOK || !strings.Contains(got.Body.String(), `"title":"Mine"`) || strings.Contains(got.Body.String(), "coach") {
		t.Errorf("the page has %s", got.Body)
	}
	write(`{}`)
	if _, err := o.stack(t.Context()); err == nil || !strings.Contains(err.Error(), "mine.json:1: title is missing") {
		t.Errorf("what is wrong is taken: %v", err)
	}
}

func TestBadOptionsAreRefused(t *testing.T) {
	for _, line := range []string{"-ai moon", "-port 70000", "-workers 0", "-slots -1", "surplus", "-nonsense", "-ai aws -llm http://localhost:1", "-llm-model small", "-ai aws -record"} {
		if _, err := parse(strings.Fields(line), io.Discard); err == nil {
			t.Errorf("%q is accepted", line)
		}
	}
}

func TestHelp(t *testing.T) {
	var out strings.Builder
	if _, err := parse([]string{"-help"}, &out); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("error %v", err)
	}
	if !strings.Contains(out.String(), "-faults") {
		t.Errorf("help is\n%s", out.String())
	}
}

func TestOnlyWhatTunesAWorkerIsPassedOn(t *testing.T) {
	got := passed([]string{"HOME=/h", "AWS_SECRET_ACCESS_KEY=s", "POLLY_VOICE=Ruth", "BEDROCK_MODEL=m", "LOG_PII=1", "CASEY_JUDGE=j", "CASEY_TABLE=other"})
	if want := []string{"POLLY_VOICE=Ruth", "BEDROCK_MODEL=m", "LOG_PII=1", "CASEY_JUDGE=j"}; !slices.Equal(got, want) {
		t.Errorf("passed %q, want %q", got, want)
	}
}

func TestIdentityIsTheUsers(t *testing.T) {
	for name, value := range map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "mine", "AWS_SECRET_ACCESS_KEY": "mine", "AWS_CONFIG_FILE": "/dev/null",
	} {
		t.Setenv(name, value)
	}
	got, _, err := identity(t.Context(), []string{"AWS_ACCESS_KEY_ID=mine", "AWS_CA_BUNDLE=/x.pem", "AWS_ENDPOINT_URL_POLLY=http://x", "HOME=/h"})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"AWS_ACCESS_KEY_ID=mine", "HOME=/h", "AWS_REGION=eu-west-1"}; !slices.Equal(got, want) {
		t.Errorf("identity %q, want %q", got, want)
	}
}

// TestTheWorkersFileIsReadAndNotTheDeployers: who deploys is nobody's business
// here.
func TestTheWorkersFileIsReadAndNotTheDeployers(t *testing.T) {
	root := t.TempDir()
	for name, data := range map[string]string{
		"go.work":        "",
		"cdk/.env":       "AWS_REGION=eu-central-1\nAWS_ACCESS_KEY_ID=deployer\nAWS_SECRET_ACCESS_KEY=s\nAWS_SESSION_TOKEN=deployer\n",
		"cdk/local/.env": "AWS_REGION=eu-west-1\nAWS_ACCESS_KEY_ID=worker\nAWS_SECRET_ACCESS_KEY=s\n",
	} {
		file := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(data), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"AWS_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		t.Setenv(name, "") // so that it is put back
		if err := os.Unsetenv(name); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	t.Chdir(root)
	cfg, err := options{ai: "aws"}.stack(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	env := strings.Join(cfg.WorkerEnv, "\n")
	if !strings.Contains(env, "AWS_ACCESS_KEY_ID=worker") || !strings.Contains(env, "AWS_REGION=eu-west-1") || strings.Contains(env, "deployer") {
		t.Errorf("the worker gets\n%s", env)
	}
}
