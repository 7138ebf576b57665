package deploy_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/deploy"
	"casey.internal/cdk/deploy/account"
	"casey.internal/cdk/deploy/live"
	"casey.internal/cdk/deploy/toolkit"
	"casey.internal/cdk/deploy/trial"
	"casey.internal/cdk/options"
)

// world is an account, a command line and a person, and what they did.
type world struct {
	stack    *live.Stack // nil = none yet
	model    error
	workers  error
	tried    error
	says     string // the answer to every question
	failing  string // the command that fails
	did      []string
	out      bytes.Buffer
	deployer *deploy.Deployer
}

func newWorld(t *testing.T) *world {
	w := &world{says: "y"}
	folder := t.TempDir()
	for name, data := range map[string]string{
		"Casey.template.json": task, "manifest.json": `"t1"`, "Casey.assets.json": `{"files":{"t1":{"source":{"path":"Casey.template.json"}}}}`,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.deployer = &deploy.Deployer{
		Options: options.Defaults(), Identity: account.Identity{Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/ada", UserID: "AIDA1", Region: "us-east-1"},
		Tool: w, Account: w, Assembly: "cdk.out", Folder: folder, Out: &w.out,
		Ask: func(string, string) (string, error) { w.did = append(w.did, "ask"); return w.says, nil },
		Try: func(_ context.Context, url, origin string) (trial.Result, error) {
			w.did = append(w.did, "try "+url+" from "+origin)
			return trial.Result{Answered: time.Second, Connected: 2 * time.Second}, w.tried
		},
	}
	return w
}

const task = `{"Resources":{"T":{"Type":"AWS::ECS::TaskDefinition","Properties":{"ContainerDefinitions":[{"Image":"i"}]}}}}`

func (w *world) Run(_ context.Context, args ...string) error {
	w.did = append(w.did, "cdk "+args[0])
	if args[0] == w.failing {
		return errors.New("cdk " + args[0] + ": exit status 1")
	}
	if args[0] == "deploy" {
		w.stack = &deployed
	}
	return nil
}

func (w *world) Compare(ctx context.Context, args ...string) error {
	if err := w.Run(ctx, args...); err != nil {
		return err
	}
	return toolkit.ErrDifferent
}

var deployed = live.Stack{Status: "UPDATE_COMPLETE", Outputs: map[string]string{
	"WsUrl": "wss://x/ws", "ClusterName": "c", "ServiceName": "s", "RepositoryUrl": "repo", "WorkerLogGroup": "log",
}}

func (w *world) Stack(context.Context, string) (live.Stack, error) {
	if w.stack == nil {
		return live.Stack{}, live.ErrNoStack
	}
	return *w.stack, nil
}

func (w *world) Template(context.Context, string) ([]byte, error) { return []byte(task), nil }
func (w *world) CheckModel(context.Context, string) error         { return w.model }
func (w *world) AwaitWorkers(context.Context, string, string, func(string)) error {
	w.did = append(w.did, "wait")
	return w.workers
}

func (w *world) Logs(_ context.Context, group string, _ time.Time, _ io.Writer) error {
	w.did = append(w.did, "logs of "+group)
	return nil
}

func TestTheFirstDeploy(t *testing.T) {
	w := newWorld(t)
	if err := w.deployer.Deploy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(w.did, ", "); got != "cdk synth, ask, cdk deploy, wait, try wss://x/ws from http://localhost:3000" {
		t.Errorf("did %s", got)
	}
	out := w.out.String()
	for _, want := range []string{"account  111122223333", "arn      arn:aws:iam", "user id  AIDA1", "region   us-east-1", "a month when nobody speaks", "everything will be created", "tried: answered after 1s"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	if !strings.HasSuffix(out, "\nNEXT_PUBLIC_WS_URL=wss://x/ws\n") {
		t.Errorf("it ends with\n%s", out)
	}
}

func TestTheNextDeployShowsDriftAndChanges(t *testing.T) {
	w := newWorld(t)
	w.stack = &deployed
	if err := w.deployer.Deploy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(w.did[:5], ", "); got != "cdk synth, cdk drift, cdk diff, ask, cdk deploy" {
		t.Errorf("did %s", got)
	}
}

func TestNothingChangesBeforeItIsSure(t *testing.T) {
	for name, c := range map[string]struct {
		set func(*world)
		say string
	}{
		"no":                       {func(w *world) { w.says = "n" }, "nothing was changed"},
		"no model access":          {func(w *world) { w.model = &account.ProblemError{Sentence: "ask for access"} }, "ask for access"},
		"a first deploy failed":    {func(w *world) { w.stack = &live.Stack{Status: "ROLLBACK_COMPLETE"} }, "make destroy"},
		"another deploy is at it":  {func(w *world) { w.stack = &live.Stack{Status: "UPDATE_IN_PROGRESS"} }, "wait until"},
		"the stack does not synth": {func(w *world) { w.failing = "synth" }, "cdk synth"},
		"drift cannot be found":    {func(w *world) { w.stack, w.failing = &deployed, "drift" }, "cdk drift"},
	} {
		w := newWorld(t)
		c.set(w)
		err := w.deployer.Deploy(t.Context())
		if err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(strings.Join(w.did, " "), "deploy") {
			t.Errorf("%s: did %q", name, w.did)
		}
	}
}

func TestADeployThatDoesNotWorkIsAFailure(t *testing.T) {
	for name, set := range map[string]func(*world){
		"no worker is healthy": func(w *world) { w.workers = errors.New("workers did not become healthy") },
		"no offer is answered": func(w *world) { w.tried = errors.New("the offer was not answered") },
		"it does not deploy":   func(w *world) { w.failing = "deploy" },
	} {
		w := newWorld(t)
		set(w)
		if err := w.deployer.Deploy(t.Context()); err == nil || strings.Contains(w.out.String(), "NEXT_PUBLIC") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAWorkerAlone(t *testing.T) {
	w := newWorld(t)
	if err := w.deployer.Worker(t.Context()); err == nil || !strings.Contains(err.Error(), "run make deploy") {
		t.Errorf("without a stack: %v", err)
	}
	w.stack, w.deployer.Image = &deployed, "v7"
	if err := w.deployer.Worker(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(w.did[:3], ", "); got != "cdk synth, ask, cdk deploy" {
		t.Errorf("did %s", got)
	}
	data, err := os.ReadFile(filepath.Join(w.deployer.Folder, "Casey.template.json"))
	if err != nil || !strings.Contains(string(data), `"Image": "repo:v7"`) {
		t.Errorf("the template is %s, %v", data, err)
	}
}

func TestTheRest(t *testing.T) {
	w := newWorld(t)
	w.stack = &deployed
	d, ctx := w.deployer, t.Context()
	if err := errors.Join(d.URL(ctx), d.Logs(ctx), d.Diff(ctx)); err != nil {
		t.Fatal(err)
	}
	if err := d.Destroy(ctx); !errors.Is(err, deploy.ErrDeclined) {
		t.Errorf("y destroys: %v", err)
	}
	w.says = "casey"
	if err := d.Destroy(ctx); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(w.did, ", "); got != "logs of log, cdk synth, cdk diff, ask, ask, cdk destroy" || !strings.Contains(w.out.String(), "wss://x/ws\n") {
		t.Errorf("did %s", got)
	}
}
