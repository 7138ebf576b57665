package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// aws answers as STS, CloudFormation, Bedrock and ECS do, once the stack is there.
func aws(t *testing.T, stack *bool) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		switch action := r.FormValue("Action"); {
		case action == "GetCallerIdentity":
			_, _ = io.WriteString(w, `<R><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/ada</Arn><UserId>AIDA1</UserId><Account>111122223333</Account></GetCallerIdentityResult></R>`)
		case action == "AssumeRole":
			_, _ = io.WriteString(w, `<R><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></R>`)
		case action == "DescribeStacks" && !*stack:
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id casey does not exist</Message></Error></ErrorResponse>`)
		case action == "DescribeStacks":
			_, _ = io.WriteString(w, `<R><DescribeStacksResult><Stacks><member><StackStatus>CREATE_COMPLETE</StackStatus><Outputs><member><OutputKey>WsUrl</OutputKey><OutputValue>ws://`+r.Host+`/ws</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></R>`)
		case r.URL.Path == "/ws":
			w.WriteHeader(http.StatusForbidden)
		default: // ECS and Bedrock
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"services":[{"deployments":[{"status":"PRIMARY","desiredCount":1,"runningCount":1}]}],"entitlementAvailability":"AVAILABLE","authorizationStatus":"AUTHORIZED"}`)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
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
	for name, data := range map[string]string{filepath.Join(bin, "npx"): script, filepath.Join(dir, ".env"): env} {
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
	if want := "account  111122223333\nregion   us-east-1\narn      arn:aws:iam::111122223333:user/ada\nuser id  AIDA1\nstack    casey\n"; out.String() != want {
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
	if got := ran(); !strings.Contains(got, "drift Casey") || !strings.Contains(got, "deploy Casey --app ../build/cdk.out") || !strings.HasSuffix(out.String(), "NEXT_PUBLIC_WS_URL="+url) {
		t.Errorf("ran %s and said %s", got, out.String())
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

func TestWithoutCredentialsThereIsASentence(t *testing.T) {
	stack := false
	ran := desk(t, aws(t, &stack))
	if err := os.WriteFile(".env", []byte("AWS_REGION=us-east-1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := run(t.Context(), []string{"deploy"}, os.Getenv, nil, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "There are no AWS credentials") || ran() != "" {
		t.Errorf("%v; ran %s", err, ran())
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
