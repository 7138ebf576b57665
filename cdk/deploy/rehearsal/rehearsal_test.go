package rehearsal_test

import (
	"bytes"
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/deploy/rehearsal"
	"casey.internal/cdk/local"
)

// TestADeployFromTheFirstLineToTheLast: our command and the CDK's, with an
// account in memory; what is deployed is the local stack.
func TestADeployFromTheFirstLineToTheLast(t *testing.T) {
	if testing.Short() {
		t.Skip("make e2e runs this one")
	}
	stack, err := local.Start(t.Context(), local.Config{NoStandin: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stack.Stop)
	account := rehearsal.New()
	account.Outputs = map[string]string{"WsUrl": stack.WS, "ClusterName": "casey", "ServiceName": "workers", "RepositoryUrl": "assets"}
	server := httptest.NewServer(account)
	t.Cleanup(server.Close)
	t.Cleanup(func() { t.Log("the account was asked for", account.Asked()) })
	u := user{folder: checkout(t), home: t.TempDir(), endpoint: server.URL}
	first := u.runs(t, "https://app.example.com\ny\n", "deploy")
	for _, want := range []string{
		"account  " + rehearsal.Number, "arn:aws:iam::" + rehearsal.Number + ":user/ada", "a month when nobody speaks", "will be created",
		"Deploy casey to account", "tried: answered after",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("nobody said %q", want)
		}
	}
	if !strings.HasSuffix(first, "\nNEXT_PUBLIC_WS_URL="+stack.WS+"\n") {
		t.Error("the last line is another")
	}
	if len(account.Pushed()) != 1 || !strings.Contains(account.Template(), "AWS::ECS::TaskDefinition") {
		t.Errorf("pushed %v, deployed %d bytes", account.Pushed(), len(account.Template()))
	}
	again := u.runs(t, "y\n", "deploy")
	if strings.Contains(again, "Address of the page") || !strings.Contains(again, "NEXT_PUBLIC_WS_URL=") {
		t.Error("the second time is not like the first")
	}
	if alone := u.runs(t, "y\n", "deploy-worker"); !strings.Contains(alone, "NEXT_PUBLIC_WS_URL=") {
		t.Error("a worker alone was not deployed")
	}
}

// commandLimit is how long a command may take: compilers and the CDK are slow.
const commandLimit = 10 * time.Minute

// user is somebody at a terminal in the folder cdk.
type user struct{ folder, home, endpoint string }

// runs runs a command with what is typed, and returns what they see.
func (u user) runs(t *testing.T, typed string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), commandLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(u.folder, "..", "build", "deploy"), args...)
	cmd.Dir, cmd.Stdin = u.folder, strings.NewReader(typed)
	cmd.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+u.endpoint, "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b",
		"AWS_PROFILE=", "CDK_HOME="+u.home, "AWS_SESSION_TOKEN=", "AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull)
	var seen bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &seen, &seen, time.Second
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, seen.String())
	}
	t.Logf("$ deploy %s\n%s", strings.Join(args, " "), seen.String())
	return seen.String()
}

// checkout is a copy of what is needed of the sources, so that nobody's own
// choices and builds are touched; it returns its folder cdk.
func checkout(t *testing.T) string {
	t.Helper()
	root, err := local.Root()
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "casey")
	for _, command := range [][]string{
		{"git", "clone", "--quiet", "--depth", "1", "file://" + root, copied},
		{"go", "build", "-C", filepath.Join(copied, "cdk"), "-o", filepath.Join(copied, "build", "deploy"), "./cmd/deploy"},
	} {
		cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", command, err, out)
		}
	}
	return filepath.Join(copied, "cdk")
}
