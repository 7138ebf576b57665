package deploy_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	ec2 "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"casey.internal/cdk/deploy"
	"casey.internal/cdk/deploy/account"
	"casey.internal/cdk/deploy/doctor"
	"casey.internal/cdk/deploy/live"
	"casey.internal/cdk/deploy/toolkit"
	"casey.internal/cdk/deploy/trial"
	"casey.internal/cdk/options"
	"casey.internal/shared/ticket"
)

// world is an account, a command line and a person, and what they did.
type world struct {
	stack    *live.Stack // nil = none yet
	checks   []doctor.Check
	workers  error
	tried    error
	spoken   error
	open     error // somebody without a pass comes in
	secret   []byte
	template string   // that is deployed
	says     string   // the answer to every question
	answers  []string // to the first questions
	failing  string   // the command that fails
	visitor  trial.Visitor
	did      []string
	out      bytes.Buffer
	deployer *deploy.Deployer
}

func newWorld(t *testing.T) *world {
	w := &world{says: "y", template: task}
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
		Ask: func(string, string) (string, error) {
			w.did = append(w.did, "ask")
			if len(w.answers) > 0 {
				answer := w.answers[0]
				w.answers = w.answers[1:]
				return answer, nil
			}
			return w.says, nil
		},
		Try: func(_ context.Context, v trial.Visitor) (trial.Result, error) {
			w.did = append(w.did, "try "+v.URL+" from "+v.Origin)
			w.visitor = v
			return trial.Result{Answered: time.Second, Connected: 2 * time.Second}, w.tried
		},
		Speak: func(_ context.Context, v trial.Visitor) (trial.Services, error) {
			w.did = append(w.did, "speak")
			return trial.Services{{Service: "Polly", MS: 120}, {Service: "Bedrock", MS: 400}}, w.spoken
		},
		Refused: func(_ context.Context, v trial.Visitor) error {
			w.did = append(w.did, "knock")
			return errors.Join(w.open, unlessNobody(v))
		},
		Look: func(context.Context, options.Options) []doctor.Check { return w.checks },
		Secret: func(_ context.Context, arn string) ([]byte, error) {
			if arn != "arn:secret" || w.secret == nil {
				return nil, errors.New("access denied")
			}
			return w.secret, nil
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
	"WsUrl": "wss://x/ws", "ClusterName": "c", "ServiceName": "s", "RepositoryUrl": "repo", "WorkerLogGroup": "log", "TicketSecretArn": "arn:secret",
}}

// unlessNobody is an error for a visitor with a key or a ticket.
func unlessNobody(v trial.Visitor) error {
	if v.Key+v.Ticket != "" {
		return errors.New("knocked with a pass")
	}
	return nil
}

func (w *world) Stack(context.Context, string) (live.Stack, error) {
	if w.stack == nil {
		return live.Stack{}, live.ErrNoStack
	}
	return *w.stack, nil
}

func (w *world) Template(context.Context, string) ([]byte, error) { return []byte(w.template), nil }
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
	if got := strings.Join(w.did, ", "); got != "cdk synth, ask, cdk deploy, wait, try wss://x/ws from http://localhost:3000, speak" {
		t.Errorf("did %s", got)
	}
	out := w.out.String()
	for _, want := range []string{"account  111122223333", "arn      arn:aws:iam", "user id  AIDA1", "region   us-east-1", "a month when nobody speaks", "everything will be created", "tried: answered after 1s"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	if !strings.HasSuffix(out, "\nNEXT_PUBLIC_WS_URL=wss://x/ws\na worker said, heard and thought a word: Polly 120 ms, Bedrock 400 ms\n") {
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
		"a key of another door": {func(w *world) { w.deployer.Options.Access, w.deployer.Key = "key", "k" }, "none of keys"},
		"no":                    {func(w *world) { w.says = "n" }, "nothing was changed"},
		"something is wrong":    {func(w *world) { w.checks = []doctor.Check{doctor.Caller{ARN: "arn:aws:iam::1:root"}} }, "no role. sign in"},
		"several things are": {func(w *world) {
			w.checks = []doctor.Check{doctor.Hearing{Region: "us-west-1"}, doctor.Caller{ARN: "arn:aws:iam::1:root"}}
		}, "2 things would fail; the first: Transcribe's streams"},
		"a first deploy failed":     {func(w *world) { w.stack = &live.Stack{Status: "ROLLBACK_COMPLETE"} }, "make destroy"},
		"a first one is half there": {func(w *world) { w.stack = &live.Stack{Status: "ROLLBACK_FAILED"} }, "make destroy"},
		"no way forth or back":      {func(w *world) { w.stack = &live.Stack{Status: "UPDATE_ROLLBACK_FAILED"} }, "rollback Casey"},
		"another deploy is at it":   {func(w *world) { w.stack = &live.Stack{Status: "UPDATE_IN_PROGRESS"} }, "wait until"},
		"the stack does not synth":  {func(w *world) { w.failing = "synth" }, "cdk synth"},
		"drift cannot be found":     {func(w *world) { w.stack, w.failing = &deployed, "drift" }, "cdk drift"},
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

// TestWhoKnowsBetterGoesOn: the doctor may be wrong about what is wrong.
func TestWhoKnowsBetterGoesOn(t *testing.T) {
	w := newWorld(t)
	w.checks, w.answers = []doctor.Check{doctor.Hearing{Region: "us-west-1"}}, []string{"anyway\n", "y"}
	if err := w.deployer.Deploy(t.Context()); err != nil || !slices.Contains(w.did, "cdk deploy") || !strings.Contains(w.out.String(), "[ NO ] Transcribe's streams") {
		t.Errorf("%v, did %q\n%s", err, w.did, w.out.String())
	}
}

// TestZonesAreChosenOnce: for a new stack whose first zones have no Fargate. One
// that is there keeps its own, also when another checkout deploys.
func TestZonesAreChosenOnce(t *testing.T) {
	zones := doctor.Zones{Arch: "arm64", Here: doctor.Answer[[]ec2.AvailabilityZone]{Out: []ec2.AvailabilityZone{
		zone("us-east-1a", "use1-az3"), zone("us-east-1b", "use1-az1"), zone("us-east-1c", "use1-az2"),
	}}}
	const subnets = `{"Resources":{"A":{"Type":"AWS::EC2::Subnet","Properties":{"AvailabilityZone":"us-east-1d"}},"B":{"Type":"AWS::EC2::Subnet","Properties":{"AvailabilityZone":"us-east-1b"}}}}`
	for name, c := range map[string]struct {
		stack          *live.Stack
		template, want string
	}{
		"a new one":               {nil, "", "azs=us-east-1b,us-east-1c"},
		"one with zones":          {&deployed, subnets, "azs=us-east-1d,us-east-1b"},
		"one that left it to AWS": {&deployed, task, ""},
	} {
		w, settled := newWorld(t), ""
		w.stack, w.template, w.checks = c.stack, c.template, []doctor.Check{zones}
		w.deployer.Settle = func(_ *deploy.Deployer, key, value string) error {
			settled = key + "=" + value
			return nil
		}
		if err := w.deployer.Deploy(t.Context()); err != nil || settled != c.want {
			t.Errorf("%s: settled %q, %v", name, settled, err)
		}
	}
}

func zone(name, id string) ec2.AvailabilityZone {
	return ec2.AvailabilityZone{ZoneName: &name, ZoneId: &id, State: ec2.AvailabilityZoneStateAvailable}
}

// TestAChangeSetAloneIsNoStack: what a deploy that was broken off before its
// first resource leaves.
func TestAChangeSetAloneIsNoStack(t *testing.T) {
	w := newWorld(t)
	w.stack = &live.Stack{Status: "REVIEW_IN_PROGRESS"}
	err := w.deployer.Deploy(t.Context())
	if err != nil || !slices.Contains(w.did, "cdk deploy") || slices.Contains(w.did, "cdk diff") {
		t.Errorf("%v, did %q", err, w.did)
	}
}

func TestADeployThatDoesNotWorkIsAFailure(t *testing.T) {
	for name, set := range map[string]func(*world){
		"no worker is healthy": func(w *world) { w.workers = errors.New("workers did not become healthy") },
		"no word is said":      func(w *world) { w.spoken = errors.New("a worker is not answered by Bedrock") },
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
	if got := strings.Join(w.did, ", "); got != "logs of log, cdk synth, cdk diff, ask, ask, cdk synth, cdk destroy" || !strings.Contains(w.out.String(), "wss://x/ws\n") {
		t.Errorf("did %s", got)
	}
}

func TestADoorIsTriedWithAndWithoutAPass(t *testing.T) {
	const key = "a key that nobody guesses"
	sum := sha256.Sum256([]byte(key))
	keys := []string{hex.EncodeToString(sum[:])}
	for name, c := range map[string]struct {
		access string
		set    func(*world)
		did    string
		say    string
	}{
		"a key":               {"key", func(w *world) { w.deployer.Key = key }, "ask, cdk deploy, wait, knock, try wss://x/ws from http://localhost:3000, speak", "answered after 1s"},
		"a key that is asked": {"key", func(w *world) { w.answers = []string{key, "y"} }, "ask, ask, cdk deploy, wait, knock, try wss://x/ws from http://localhost:3000, speak", "answered after 1s"},
		"no key":              {"key", func(w *world) { w.answers = []string{"", "y"} }, "ask, ask, cdk deploy, wait, knock", "no key was given"},
		"a ticket":            {"secret", func(w *world) { w.secret = []byte("between us") }, "ask, cdk deploy, wait, knock, try wss://x/ws from http://localhost:3000, speak", "answered after 1s"},
		"nobody's secret":     {"secret", func(*world) {}, "ask, cdk deploy, wait, knock", "may not read the secret"},
	} {
		w := newWorld(t)
		w.deployer.Options.Access, w.deployer.Options.Keys = c.access, keys
		c.set(w)
		if err := w.deployer.Deploy(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := strings.ReplaceAll(strings.Join(w.did, ", "), "cdk synth, ", ""); got != c.did || !strings.Contains(w.out.String(), c.say) {
			t.Errorf("%s: did %s\n%s", name, got, w.out.String())
		}
		if c.access == "secret" && w.secret != nil {
			if user, err := ticket.Check(w.secret, w.visitor.Ticket, time.Now()); err != nil || user == "" || w.visitor.Key != "" {
				t.Errorf("%s: tried as %+v, %v", name, w.visitor, err)
			}
		} else if strings.Contains(c.did, "try") && w.visitor.Key != key {
			t.Errorf("%s: tried as %+v", name, w.visitor)
		}
		if strings.Contains(w.out.String(), key) || w.visitor.Ticket != "" && strings.Contains(w.out.String(), w.visitor.Ticket) {
			t.Errorf("%s: the pass was printed", name)
		}
	}
}

func TestADoorThatIsOpenIsAFailure(t *testing.T) {
	w := newWorld(t)
	w.deployer.Options.Access, w.open = "secret", errors.New("the WebSocket opened")
	if err := w.deployer.Deploy(t.Context()); err == nil || strings.Contains(w.out.String(), "NEXT_PUBLIC") {
		t.Errorf("%v", err)
	}
}
