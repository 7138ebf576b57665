package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"

	"casey.internal/cdk/artifacts"
	"casey.internal/cdk/deploy"
	"casey.internal/cdk/deploy/account"
	"casey.internal/cdk/deploy/doctor"
	"casey.internal/cdk/deploy/dotenv"
	"casey.internal/cdk/deploy/live"
	"casey.internal/cdk/deploy/toolkit"
	"casey.internal/cdk/deploy/trial"
	"casey.internal/cdk/options"
	"casey.internal/cdk/policy"
	"casey.internal/lambdas/secret"
)

// usage is what `help` prints.
const usage = `usage: deploy COMMAND [-c KEY=VALUE]...

  whoami         who deploys, and where to
  doctor         what would fail in this account and region, and what mends it
  diff           what a deploy would change
  synth          the template
  deploy         show, ask, deploy, try (SKIP_INFRA=1: as deploy-worker)
  deploy-worker  a new image of the worker and nothing else (IMAGE_TAG=...: one that is in the repository)
  url            the address of the WebSocket
  logs           follow the workers' log
  destroy        remove it all
  key            a new key for -c access=key
  policies       the policies of those who deploy, for an administrator

YES=1 answers every question with yes. cdk/.env says who deploys; cdk/.env.example explains it.
`

// contextFile keeps what was chosen for the next time; the CDK's own command
// line reads it too.
const contextFile = "cdk.context.json"

// anywhere is a region in which every option can be chosen.
const anywhere = "us-east-1"

// run does one command.
func run(ctx context.Context, args []string, getenv func(string) string, in io.Reader, out io.Writer) error {
	if len(args) == 0 {
		args = []string{"help"}
	}
	command, chosen, err := parse(args)
	if err != nil {
		return err
	}
	switch command {
	case "help", "--help", "-h":
		_, err := io.WriteString(out, usage)
		return err
	case "key":
		return printKey(out)
	case "policies":
		if err := dotenv.Enter(".env"); err != nil { // the region's partition is in them
			return err
		}
		return printPolicies(policy.Partition(getenv("AWS_REGION")), out)
	}
	return connected(ctx, command, chosen, getenv, in, out)
}

// parse returns the command and what -c chooses.
func parse(args []string) (command string, chosen map[string]any, err error) {
	chosen = map[string]any{}
	for i := 1; i < len(args); i++ {
		pair := strings.TrimPrefix(args[i], "-c")
		if pair == "" && i+1 < len(args) {
			i++
			pair = args[i]
		}
		key, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
		if !strings.HasPrefix(args[i], "-c") && args[i-1] != "-c" || !ok {
			return "", nil, fmt.Errorf("%q is no -c KEY=VALUE", args[i])
		}
		chosen[key] = value
	}
	return args[0], chosen, nil
}

// connected does a command for which one has to be somebody.
func connected(ctx context.Context, command string, chosen map[string]any, getenv func(string) string, in io.Reader, out io.Writer) error {
	if err := dotenv.Enter(".env"); err != nil {
		return err
	}
	kept, err := remembered()
	if err != nil {
		return err
	}
	all := maps.Clone(kept)
	maps.Copy(all, chosen)
	anyhow, err := options.Parse(all, anywhere)
	if err != nil { // what is wrong everywhere is told before AWS is asked
		return err
	}
	if _, err := artifacts.OpenInterviews("..", anyhow.Interviews); err != nil {
		return err
	}
	tool := toolkit.Toolkit{Folder: ".", Context: pairs(chosen), Env: docker(getenv), In: in, Out: out, Err: os.Stderr}
	if command == "synth" { // needs nobody
		return tool.Run(ctx, "synth")
	}
	if err := toolkit.Check(ctx); err != nil {
		return err
	}
	ask := asker(getenv, in, out)
	cfg, err := awsconfig.LoadDefaultConfig(ctx, awsconfig.WithAssumeRoleCredentialOptions(mfa(ask)))
	if err != nil {
		return &account.ProblemError{Sentence: "The AWS settings cannot be read: check AWS_PROFILE in cdk/.env.", Cause: err}
	}
	id, err := account.Identify(ctx, cfg, getenv("CASEY_ACCOUNT"))
	if err != nil {
		return err
	}
	o, err := options.Parse(all, id.Region)
	if err != nil {
		return err
	}
	d := &deploy.Deployer{
		Options: o, Identity: id, Try: trial.Try, Speak: trial.Speak, Refused: trial.Refused, Ask: ask, Key: getenv("CASEY_KEY"),
		Secret:   func(ctx context.Context, arn string) ([]byte, error) { return secret.Read(ctx, cfg, arn) },
		Assembly: "../build/cdk.out", Folder: "../build/cdk.out", Image: getenv("IMAGE_TAG"), Out: out,
	}
	if command == "whoami" {
		d.Whoami()
		return nil
	}
	reader, unusable := account.Reader(ctx, cfg, id)
	if unusable != nil {
		if command != "deploy" && command != "doctor" {
			return unusable
		}
		reader = cfg // the doctor says it among the rest
	}
	d.Account = live.New(reader)
	d.Tool = tool
	d.Look = func(ctx context.Context, o options.Options) []doctor.Check {
		return doctor.Look(ctx, doctor.Account{Config: reader, Identity: id, Bootstrap: unusable, Options: o})
	}
	d.Settle = func(d *deploy.Deployer, key, value string) error {
		err := settle(d, all, chosen, key, value)
		tool.Context = pairs(chosen)
		d.Tool = tool
		return err
	}
	d.Choose = func(d *deploy.Deployer) error { return chooseOrigin(d, all) }
	return do(ctx, d, command, getenv)
}

func do(ctx context.Context, d *deploy.Deployer, command string, getenv func(string) string) error {
	switch command {
	case "doctor":
		return d.Doctor(ctx)
	case "deploy":
		if getenv("SKIP_INFRA") == "1" {
			return d.Worker(ctx)
		}
		return d.Deploy(ctx)
	case "deploy-worker":
		return d.Worker(ctx)
	case "diff":
		return d.Diff(ctx)
	case "url":
		return d.URL(ctx)
	case "logs":
		return d.Logs(ctx)
	case "destroy":
		return d.Destroy(ctx)
	}
	return fmt.Errorf("%q is no command; deploy help lists them", command)
}

// docker lets the CDK push images without Docker, unless something else was chosen.
func docker(getenv func(string) string) []string {
	path, err := filepath.Abs("../build/aws/docker")
	if getenv("CDK_DOCKER") != "" || err != nil {
		return nil
	}
	return []string{"CDK_DOCKER=" + path}
}

// mfa asks for the code of a profile with mfa_serial.
func mfa(ask func(question, yes string) (string, error)) func(*stscreds.AssumeRoleOptions) {
	return func(o *stscreds.AssumeRoleOptions) {
		o.TokenProvider = func() (string, error) {
			code, err := ask("MFA code: ", "")
			return strings.TrimSpace(code), err
		}
	}
}

// asker asks at the terminal, or answers what means yes where YES=1.
func asker(getenv func(string) string, in io.Reader, out io.Writer) func(question, yes string) (string, error) {
	lines := bufio.NewReader(in)
	return func(question, yes string) (string, error) {
		if getenv("YES") == "1" {
			return yes, nil
		}
		if _, err := io.WriteString(out, question); err != nil {
			return "", err
		}
		answer, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return answer, err
	}
}

// chooseOrigin asks for the page that may use casey, once.
func chooseOrigin(d *deploy.Deployer, all map[string]any) error {
	if _, given := all["origins"]; given || d.Options.Access != options.Open {
		return nil
	}
	answer, err := d.Ask("\nAddress of the page that may use casey, like https://app.example.com (Enter: only pages on localhost:3000 and :3001): ", "")
	answer = strings.TrimSpace(answer)
	if err != nil || answer == "" {
		return err
	}
	if err := d.Settle(d, "origins", answer); err != nil {
		return err
	}
	kept, err := remembered()
	if err != nil {
		return err
	}
	kept["origins"] = answer
	data, err := json.MarshalIndent(kept, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(contextFile, append(data, '\n'), 0o600)
}

// settle chooses an option for this run.
func settle(d *deploy.Deployer, all, chosen map[string]any, key, value string) error {
	all[key], chosen[key] = value, value
	o, err := options.Parse(all, d.Identity.Region)
	if err == nil {
		d.Options = o
	}
	return err
}

// remembered returns what was chosen before.
func remembered() (map[string]any, error) {
	kept := map[string]any{}
	data, err := os.ReadFile(contextFile)
	if errors.Is(err, os.ErrNotExist) {
		return kept, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &kept)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", contextFile, err)
	}
	return kept, nil
}

func pairs(chosen map[string]any) []string {
	var all []string
	for _, key := range options.Keys() {
		if value, ok := chosen[key]; ok {
			all = append(all, fmt.Sprintf("%s=%v", key, value))
		}
	}
	return all
}

func printKey(out io.Writer) error {
	key := rand.Text()
	sum := sha256.Sum256([]byte(key))
	_, err := fmt.Fprintf(out, "key:  %s   (wss://…/ws?key=%s)\nsum:  %s   (-c access=key -c keys=…)\n", key, key, hex.EncodeToString(sum[:]))
	return err
}

func printPolicies(partition string, out io.Writer) error {
	resources, rest := policy.Deploy(partition)
	for _, p := range []struct {
		about string
		data  []byte
	}{
		{"casey-deploy-resources, for CloudFormation (cdk bootstrap --cloudformation-execution-policies)", resources.JSON()},
		{"casey-deploy-rest, for CloudFormation as well", rest.JSON()},
		{"casey-deployer, for whoever runs make deploy; put your account's number in", policy.Deployer(partition, "ACCOUNT").JSON()},
	} {
		if _, err := fmt.Fprintf(out, "# %s\n%s\n", p.about, p.data); err != nil {
			return err
		}
	}
	return nil
}
