package rehearsal_test

import (
	"bytes"
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	stack, err := local.Start(t.Context(), local.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stack.Stop)
	account, server := open(t, stack.WS)
	u := user{folder: checkout(t), home: t.TempDir(), endpoint: server, region: "us-east-1"}
	first := u.runs(t, "https://app.example.com\ny\n", "deploy")
	for _, want := range []string{
		"[done] model us.anthropic.claude-haiku-5-5", "[done] ECS's service-linked role",
		"account  " + rehearsal.Number, "arn:aws:iam::" + rehearsal.Number + ":user/ada", "a month when nobody speaks", "will be created",
		"Deploy casey to account", "tried: answered after",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("nobody said %q", want)
		}
	}
	if last := first[strings.LastIndex(first[:len(first)-1], "\n")+1:]; !strings.HasPrefix(last, "a worker said, heard and thought a word: Polly ") ||
		!strings.Contains(first, "\nNEXT_PUBLIC_WS_URL="+stack.WS+"\n") {
		t.Errorf("the last line is %q", last)
	}
	if len(account.Pushed()) != 1 || !strings.Contains(account.Template(), "AWS::ECS::TaskDefinition") {
		t.Errorf("pushed %v, deployed %d bytes", account.Pushed(), len(account.Template()))
	}
	again := u.runs(t, "y\n", "deploy")
	if strings.Contains(again, "Address of the page") || !strings.Contains(again, "NEXT_PUBLIC_WS_URL=") {
		t.Error("the second time is not like the first")
	}
	elsewhere(t, u, account)
	if alone := u.runs(t, "y\n", "deploy-worker"); !strings.Contains(alone, "NEXT_PUBLIC_WS_URL=") {
		t.Error("a worker alone was not deployed")
	}
}

// open opens an account whose stack will have this address.
func open(t *testing.T, ws string) (account *rehearsal.Account, url string) {
	t.Helper()
	account = rehearsal.New()
	account.Outputs = map[string]string{"WsUrl": ws, "ClusterName": "casey", "ServiceName": "workers", "RepositoryUrl": "assets"}
	server := httptest.NewServer(account)
	t.Cleanup(server.Close)
	t.Cleanup(func() { t.Log("the account was asked for", account.Asked()) })
	return account, server.URL
}

// changes are what an account is asked that changes something in it.
var changes = []string{"CreateChangeSet", "ExecuteChangeSet", "GetAuthorizationToken", "DeleteChangeSet"}

// TestWhatWouldFailIsSaidFirst: in accounts in which a deploy would fail, or the
// first interview, it says so before anything was changed.
func TestWhatWouldFailIsSaidFirst(t *testing.T) {
	if testing.Short() {
		t.Skip("make e2e runs this one")
	}
	account, server := open(t, "ws://localhost/ws")
	u := user{folder: checkout(t), home: t.TempDir(), endpoint: server, region: "us-east-1"}
	for name, c := range map[string]struct {
		set func(*rehearsal.Facts)
		say string
	}{
		"nobody agreed to the model's terms": {func(f *rehearsal.Facts) { f.Agreement = "NOT_AVAILABLE" }, "create-foundation-model-agreement --model-id anthropic.claude-haiku-5-5"},
		"Anthropic knows nothing of it":      {func(f *rehearsal.Facts) { f.Told = false }, "fill in the form"},
		"the model is not in the region":     {func(f *rehearsal.Facts) { f.Profiles = f.Profiles[2:] }, "-c model=us.anthropic.claude-haiku-4-5-20251001-v1:0"},
		"an organisation refuses the model":  {func(f *rehearsal.Facts) { f.Authorized = false }, "service control policy"},
		"ECS was never used":                 {func(f *rehearsal.Facts) { f.ClusterRole = false }, "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com"},
		"no neural voices":                   {func(f *rehearsal.Facts) { f.Engines = []string{"standard"} }, "-c engine=standard"},
		"not bootstrapped":                   {func(f *rehearsal.Facts) { f.Bootstrapped = false }, "bootstrap aws://" + rehearsal.Number + "/us-east-1"},
		"nothing was ever done in it":        {func(f *rehearsal.Facts) { *f = rehearsal.FreshFacts() }, "3 things would fail"},
	} {
		set := rehearsal.GoodFacts()
		c.set(&set)
		account.Facts = set
		if seen := u.fails(t, "\n", "deploy"); !strings.Contains(seen, c.say) || !strings.Contains(seen, "nothing was changed") {
			t.Errorf("%s: nobody said %q", name, c.say)
		}
	}
	for _, action := range account.Asked() {
		if slices.Contains(changes, action) {
			t.Errorf("%s came before all was well", action)
		}
	}
}

// elsewhere deploys to Japan, in an account with little of everything: it
// passes, with notes, and takes the model's name and the zones of that account.
func elsewhere(t *testing.T, u user, account *rehearsal.Account) {
	t.Helper()
	account.Facts = rehearsal.Facts{
		Region: "ap-northeast-1", Bootstrapped: true, Policies: []string{"casey-deploy-resources", "casey-deploy-rest"}, Agreement: "AVAILABLE", Told: true, Authorized: true,
		Life: "LEGACY", Profiles: []string{"jp.anthropic.claude-haiku-5-5", "jp.anthropic.claude-haiku-4-5-20251001-v1:0"}, Engines: []string{"neural"},
		ClusterRole: true, Functions: 10, Streams: 25, Processors: 2, Zones: []string{"apne1-az3", "apne1-az1", "apne1-az4"},
	}
	account.Forget()
	u.region = "ap-northeast-1"
	seen := u.runs(t, "y\n", "deploy")
	for _, want := range []string{"[done] what CloudFormation may do: what make policies prints", "[note] model jp.anthropic.claude-haiku-5-5: it is a legacy model", "[note] Lambdas at a time: 10", "[note] Fargate's vCPUs: 2"} {
		if !strings.Contains(seen, want) {
			t.Errorf("nobody said %q", want)
		}
	}
	for _, want := range []string{`"Value": "jp.anthropic.claude-haiku-5-5"`, `"AvailabilityZone": "ap-northeast-1b"`, `"AvailabilityZone": "ap-northeast-1c"`} {
		if !strings.Contains(account.Template(), want) {
			t.Errorf("%s is not in the template", want)
		}
	}
	account.Facts = rehearsal.GoodFacts()
}

// commandLimit is how long a command may take: compilers and the CDK are slow.
const commandLimit = 15 * time.Minute

// user is somebody at a terminal in the folder cdk.
type user struct{ folder, home, endpoint, region string }

// runs runs a command with what is typed, and returns what they see.
func (u user) runs(t *testing.T, typed string, args ...string) string {
	t.Helper()
	seen, err := u.try(t, typed, args...)
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, seen)
	}
	return seen
}

// fails is runs for what must not go well.
func (u user) fails(t *testing.T, typed string, args ...string) string {
	t.Helper()
	seen, err := u.try(t, typed, args...)
	if err == nil {
		t.Errorf("%v went well", args)
	}
	return seen
}

func (u user) try(t *testing.T, typed string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), commandLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(u.folder, "..", "build", "deploy"), args...)
	cmd.Dir, cmd.Stdin = u.folder, strings.NewReader(typed)
	cmd.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+u.endpoint, "AWS_REGION="+u.region, "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b",
		"AWS_PROFILE=", "CDK_HOME="+u.home, "AWS_SESSION_TOKEN=", "AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull)
	var seen bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &seen, &seen, time.Second
	err := cmd.Run()
	t.Logf("$ deploy %s\n%s", strings.Join(args, " "), seen.String())
	return seen.String(), err
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
