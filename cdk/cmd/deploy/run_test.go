package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"

	"casey.internal/cdk/deploy/rehearsal"
)

// aws answers as STS, CloudFormation, Bedrock and ECS do, once the stack is there.
func aws(t *testing.T, stack *bool) string { return serve(t, kind(stack)) }

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

// kind is an account in which all is well.
func kind(stack *bool) http.HandlerFunc {
	account := rehearsal.New()
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		switch action := r.FormValue("Action"); {
		case action == "DescribeStacks" && *stack:
			_, _ = io.WriteString(w, `<R><DescribeStacksResult><Stacks><member><StackStatus>CREATE_COMPLETE</StackStatus><Outputs><member><OutputKey>WsUrl</OutputKey><OutputValue>ws://`+r.Host+`/ws</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></R>`)
		case action == "GetTemplate" && *stack:
			_, _ = io.WriteString(w, `<R><GetTemplateResult><TemplateBody>{}</TemplateBody></GetTemplateResult></R>`)
		case r.URL.Path == "/ws":
			w.WriteHeader(http.StatusForbidden)
		default:
			account.ServeHTTP(w, r)
		}
	}
}

// desk is the folder cdk of somebody with credentials and a fake npx, which
// notes what it was asked for.
func desk(t *testing.T, endpoint string) (ran func() string) {
	t.Helper()
	root := t.TempDir()
	dir, bin := filepath.Join(root, "cdk"), filepath.Join(root, "bin")
	for _, d := range []string{dir, bin} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	script := "#!/bin/sh\necho \"$* CDK_DOCKER=$CDK_DOCKER\" >> " + filepath.Join(root, "ran") + "\n"
	env := "AWS_REGION=us-east-1\nAWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=b\nAWS_ENDPOINT_URL=" + endpoint + "\n"
	for name, data := range map[string]string{filepath.Join(bin, "npx"): script, filepath.Join(bin, "node"): "#!/bin/sh\necho v22.11.0\n", filepath.Join(dir, ".env"): env} {
		if err := os.WriteFile(name, []byte(data), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"} {
		t.Setenv(name, "") // so that they are put back
		if err := os.Unsetenv(name); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin+":/usr/bin:/bin")
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Chdir(dir)
	return func() string {
		data, err := os.ReadFile(filepath.Join(root, "ran"))
		if err != nil {
			return ""
		}
		return string(data)
	}
}

func TestWhoamiReadsTheDeployersFile(t *testing.T) {
	stack := false
	desk(t, aws(t, &stack))
	var out bytes.Buffer
	if err := run(t.Context(), []string{"whoami"}, os.Getenv, nil, &out); err != nil {
		t.Fatal(err)
	}
	if want := "account  111122223333\nregion   us-east-1\narn      arn:aws:iam::111122223333:user/ada\nuser id  AIDAEXAMPLE\nstack    casey\n"; out.String() != want {
		t.Errorf("said %s", out.String())
	}
	t.Setenv("CASEY_ACCOUNT", "444455556666")
	if err := run(t.Context(), []string{"whoami"}, os.Getenv, nil, &out); err == nil || !strings.Contains(err.Error(), "CASEY_ACCOUNT is 444455556666") {
		t.Error(err)
	}
}

func TestDeployAsksForThePageAndStopsAtNo(t *testing.T) {
	stack := false
	endpoint := aws(t, &stack)
	ran, url := desk(t, endpoint), strings.Replace(endpoint, "http", "ws", 1)+"/ws\n"
	var out bytes.Buffer
	err := run(t.Context(), []string{"deploy", "-c", "slots=8"}, os.Getenv, strings.NewReader("https://app.example.com\nn\n"), &out)
	if err == nil || err.Error() != "nothing was changed" {
		t.Error(err)
	}
	if got := ran(); !strings.Contains(got, "aws-cdk@2.1148.1 synth --quiet -c origins=https://app.example.com -c slots=8") || !strings.Contains(got, "/build/aws/docker") || strings.Contains(got, " deploy ") {
		t.Errorf("ran %s", got)
	}
	if kept, err := os.ReadFile(contextFile); err != nil || !strings.Contains(string(kept), `"origins": "https://app.example.com"`) {
		t.Errorf("kept %s, %v", kept, err)
	}
	// The next time it is known, and so is the stack.
	stack = true
	out.Reset()
	if err := run(t.Context(), []string{"url"}, os.Getenv, nil, &out); err != nil || out.String() != url {
		t.Errorf("%q, %v", out.String(), err)
	}
	if err := run(t.Context(), []string{"deploy", "-c", "access=key", "-c", "keys=" + strings.Repeat("0a", 32)}, answering("YES", "1"), strings.NewReader(""), &out); err != nil {
		t.Fatal(err)
	}
	if got := ran(); !strings.Contains(got, "drift Casey") || !strings.Contains(got, "deploy Casey --app ../build/cdk.out") || !strings.Contains(out.String(), "NEXT_PUBLIC_WS_URL="+url+"not tried: Polly, Transcribe and Bedrock") {
		t.Errorf("ran %s and said %s", got, out.String())
	}
}

// TestAProfileWithMFAIsAskedForItsCode: without that the SDK refuses it.
func TestAProfileWithMFAIsAskedForItsCode(t *testing.T) {
	var out bytes.Buffer
	var o stscreds.AssumeRoleOptions
	mfa(asker(answering("YES", ""), strings.NewReader("123456\n"), &out))(&o)
	if code, err := o.TokenProvider(); code != "123456" || err != nil || out.String() != "MFA code: " {
		t.Errorf("%q, %v; said %q", code, err, out.String())
	}
}

// answering is the environment with one more variable.
func answering(name, value string) func(string) string {
	return func(asked string) string {
		if asked == name {
			return value
		}
		return os.Getenv(asked)
	}
}

// refusing answers as AWS does that refuses one action, or knows nothing of a
// model.
func refusing(t *testing.T, action, code string) string {
	t.Helper()
	stack := false
	return serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case action != "" && strings.HasPrefix(r.URL.Path, "/"+action):
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"modelId":"m","agreementAvailability":{"status":"`+code+`"},"authorizationStatus":"AUTHORIZED","entitlementAvailability":"AVAILABLE","regionAvailability":"AVAILABLE"}`)
		case action != "" && r.FormValue("Action") == action:
			w.Header().Set("Content-Type", "text/xml")
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `<ErrorResponse><Error><Code>`+code+`</Code><Message>no</Message></Error></ErrorResponse>`)
		default:
			kind(&stack)(w, r)
		}
	}))
}

// TestWhatIsWrongIsOneSentence with the remedy, before the CDK is even started.
func TestWhatIsWrongIsOneSentence(t *testing.T) {
	for name, c := range map[string]struct {
		action, code string   // that AWS answers
		env          string   // more of cdk/.env
		node         string   // of node --version; "" = there is none
		say          []string // in the sentence
	}{
		"no credentials":      {env: "AWS_ACCESS_KEY_ID=\nAWS_SECRET_ACCESS_KEY=\n", node: "v22.1.0", say: []string{"no AWS credentials", "cdk/.env.example"}},
		"no region":           {env: "AWS_REGION=\n", node: "v22.1.0", say: []string{"No region", "AWS_REGION=us-east-1"}},
		"no such profile":     {env: "AWS_PROFILE=nobody\n", node: "v22.1.0", say: []string{"AWS_PROFILE"}},
		"expired credentials": {action: "GetCallerIdentity", code: "ExpiredToken", node: "v22.1.0", say: []string{"expired", "aws sso login"}},
		"unknown credentials": {action: "GetCallerIdentity", code: "InvalidClientTokenId", node: "v22.1.0", say: []string{"does not know", "AWS_ACCESS_KEY_ID"}},
		"another account":     {env: "CASEY_ACCOUNT=444455556666\n", node: "v22.1.0", say: []string{"of account 111122223333", "CASEY_ACCOUNT is 444455556666"}},
		"no bootstrap":        {action: "AssumeRole", code: "AccessDenied", node: "v22.1.0", say: []string{"npx aws-cdk@2.1148.1 bootstrap aws://111122223333/us-east-1", "make policies"}},
		"no model access":     {action: "foundation-model-availability", code: "NOT_AVAILABLE", node: "v22.1.0", say: []string{"model us.anthropic.claude", "agreed to its terms", "create-foundation-model-agreement"}},
		"no Node.js":          {say: []string{"Node.js is not installed", "https://nodejs.org"}},
		"an old Node.js":      {node: "v18.19.1", say: []string{"18.19.1 is too old", "https://nodejs.org"}},
	} {
		t.Run(name, func(t *testing.T) {
			ran := desk(t, refusing(t, c.action, c.code))
			set(t, c.env, c.node)
			err := run(t.Context(), []string{"deploy"}, os.Getenv, strings.NewReader("\ny\n"), io.Discard)
			if err == nil || strings.Contains(err.Error(), "\n") || ran() != "" {
				t.Fatalf("%v; ran %q", err, ran())
			}
			for _, say := range c.say {
				if !strings.Contains(err.Error(), say) {
					t.Errorf("%q is not in: %v", say, err)
				}
			}
		})
	}
}

// TestTheWorkersFileIsNotRead: who runs a worker on this machine deploys nothing.
func TestTheWorkersFileIsNotRead(t *testing.T) {
	stack := false
	desk(t, aws(t, &stack))
	credentials, err := os.ReadFile(".env")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Mkdir("local", 0o700), os.WriteFile(filepath.Join("local", ".env"), credentials, 0o600), os.Remove(".env")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_REGION", "us-east-1")
	if err := run(t.Context(), []string{"whoami"}, os.Getenv, nil, io.Discard); err == nil || !strings.Contains(err.Error(), "There are no AWS credentials") {
		t.Error(err)
	}
}

// set adds to the deployer's file, and has another Node.js.
func set(t *testing.T, env, node string) {
	t.Helper()
	t.Setenv("CASEY_ACCOUNT", "") // so that it is put back
	t.Setenv("AWS_PROFILE", "")
	if err := errors.Join(os.Unsetenv("CASEY_ACCOUNT"), os.Unsetenv("AWS_PROFILE")); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(".env")
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join("..", "bin")
	if node == "" {
		err = os.Remove(filepath.Join(bin, "npx"))
		t.Setenv("PATH", bin)
	} else {
		err = os.WriteFile(filepath.Join(bin, "node"), []byte("#!/bin/sh\necho "+node+"\n"), 0o700)
	}
	if err := errors.Join(err, os.WriteFile(".env", append(data, env...), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func TestWhatNeedsNobody(t *testing.T) {
	for _, command := range []string{"help", "key", "policies"} {
		var out bytes.Buffer
		if err := run(t.Context(), []string{command}, os.Getenv, nil, &out); err != nil || out.Len() < 50 {
			t.Errorf("%s: %v, %s", command, err, out.String())
		}
	}
}

func TestABadCommandLineIsASentence(t *testing.T) {
	stack := true
	desk(t, aws(t, &stack))
	for line, say := range map[string]string{
		"deploy slots=8":      "is no -c KEY=VALUE",
		"deploy -c slots":     "is no -c KEY=VALUE",
		"deploy -c slots=all": "slots is \"all\", but must be",
		"dance":               "is no command",
	} {
		err := run(t.Context(), strings.Fields(line), os.Getenv, strings.NewReader(""), io.Discard)
		if err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%s: %v", line, fmt.Sprint(err))
		}
	}
}
