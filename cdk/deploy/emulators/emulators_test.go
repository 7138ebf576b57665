package emulators

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/jsii-runtime-go"

	"casey.internal/cdk/local/process/child"
	"casey.internal/shared/queue"
	"casey.internal/shared/queue/queuetest"
	"casey.internal/shared/store"
	"casey.internal/shared/store/storetest"
)

func TestMain(m *testing.M) {
	_ = os.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20") // a box of ten lines
	code := m.Run()
	jsii.Close()
	os.Exit(code)
}

// emulator is a program that somebody else wrote.
type emulator struct {
	name    string
	command func(folder string, port int) []string
	env     func(port int) []string
	// absent are the types of resources that it cannot make, or remove, and
	// instead what it has in their place.
	absent  []string
	instead map[string]string
	plain   bool // it has no alarms on metric math
	racy    bool // of conditional writes that come at once it may grant several
}

var (
	ministack = emulator{
		name:    "ministack",
		command: func(folder string, _ int) []string { return []string{filepath.Join(folder, "python/bin/ministack")} },
		env:     func(port int) []string { return []string{"GATEWAY_PORT=" + strconv.Itoa(port)} },
		absent:  []string{"AWS::Logs::QueryDefinition", "AWS::ApplicationAutoScaling::ScalableTarget", "AWS::ApplicationAutoScaling::ScalingPolicy"},
		plain:   true,
	}
	moto = emulator{
		name: "moto",
		command: func(folder string, port int) []string {
			return []string{filepath.Join(folder, "python/bin/moto_server"), "-p", strconv.Itoa(port)}
		},
		// It forgets route tables, and cannot remove the network then; and of what it
		// does not know it tells no attributes.
		absent:  []string{"AWS::EC2::RouteTable", "AWS::EC2::Route", "AWS::EC2::SubnetRouteTableAssociation", "AWS::EC2::VPCEndpoint", "AWS::SecretsManager::Secret", "AWS::ApiGatewayV2::DomainName", "AWS::ApiGatewayV2::ApiMapping"},
		instead: map[string]string{"AWS::DynamoDB::GlobalTable": "AWS::DynamoDB::Table"},
		racy:    true,
	}
	elasticmq = emulator{
		name: "ElasticMQ",
		command: func(folder string, port int) []string {
			p := strconv.Itoa(port)
			return []string{"java", "-cp", filepath.Join(folder, "jars", "*"), "-Drest-sqs.bind-port=" + p, "-Dnode-address.port=" + p, "-Drest-stats.enabled=false", "org.elasticmq.server.Main"}
		},
	}
)

// folder is where make test-emulators has put them.
func folder(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("make test-emulators runs this")
	}
	path, err := filepath.Abs("../../../build/emulators")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(path, "installed")); err != nil {
		t.Skip("make test-emulators installs them")
	}
	return path
}

// start runs an emulator until the test has ended.
func (e emulator) start(t *testing.T) aws.Config {
	t.Helper()
	port := free(t)
	command := e.command(folder(t), port)
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), command[0], command[1:]...)
	cmd.Env = os.Environ()
	if e.env != nil {
		cmd.Env = append(cmd.Env, e.env(port)...)
	}
	cmd.Dir, cmd.Stdout, cmd.Stderr = t.TempDir(), t.Output(), t.Output()
	process, err := child.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { process.Stop(3 * time.Second) })
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	await(t, "start of "+e.name, func() bool {
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		if err == nil {
			_ = connection.Close()
		}
		return err == nil
	})
	return aws.Config{Region: "us-east-1", BaseEndpoint: aws.String("http://" + address), Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")}
}

// inTurn sends one request after the other.
type inTurn struct {
	mu     sync.Mutex
	client aws.HTTPClient
}

func (c *inTurn) Do(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.client.Do(r)
}

// free is a port that nobody listens on.
func free(t *testing.T) int {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// await waits for what another process does.
func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within a minute", what)
		}
	}
}

func TestStore(t *testing.T) {
	for _, e := range []emulator{ministack, moto} {
		t.Run(e.name, func(t *testing.T) {
			cfg := e.start(t)
			if e.racy {
				cfg.HTTPClient = &inTurn{client: http.DefaultClient}
			}
			if err := store.CreateTable(t.Context(), cfg, "casey"); err != nil {
				t.Fatal(err)
			}
			storetest.Run(t, store.New(cfg, "casey"))
		})
	}
}

func TestQueue(t *testing.T) {
	for _, e := range []emulator{ministack, moto, elasticmq} {
		t.Run(e.name, func(t *testing.T) {
			cfg := e.start(t)
			url, err := queue.Create(t.Context(), cfg, "casey-dispatch")
			if err != nil {
				t.Fatal(err)
			}
			queuetest.Run(t, queue.New(cfg, url))
		})
	}
}

// TestTemplates: each is created and deleted; nothing is left.
func TestTemplates(t *testing.T) {
	for _, e := range []emulator{ministack, moto} {
		t.Run(e.name, func(t *testing.T) {
			client := cloudformation.NewFromConfig(e.start(t))
			for name, chosen := range variants {
				t.Run(name, func(t *testing.T) { e.live(t, client, template(t, chosen)) })
			}
		})
	}
}

// live is the life of a stack.
func (e emulator) live(t *testing.T, client *cloudformation.Client, body map[string]any) {
	t.Helper()
	all := len(body["Resources"].(map[string]any))
	e.adapt(body)
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: aws.String("casey"), TemplateBody: aws.String(string(data)), Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam},
	}); err != nil {
		t.Fatal(err)
	}
	if status, why := settle(t, client); status != "CREATE_COMPLETE" {
		t.Fatalf("it is %s: %s\n%s", status, why, failures(t, client))
	}
	made, err := client.ListStackResources(t.Context(), &cloudformation.ListStackResourcesInput{StackName: aws.String("casey")})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range made.StackResourceSummaries {
		if r.ResourceStatus != "CREATE_COMPLETE" {
			t.Errorf("%s is %s", aws.ToString(r.LogicalResourceId), r.ResourceStatus)
		}
	}
	t.Logf("%d of %d resources made", len(made.StackResourceSummaries), all)
	if _, err := client.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("casey")}); err != nil {
		t.Fatal(err)
	}
	if status, why := settle(t, client); status != "DELETE_COMPLETE" {
		t.Errorf("it is %s after its removal: %s", status, why)
	}
}

// failures are the events that say what went wrong.
func failures(t *testing.T, client *cloudformation.Client) string {
	t.Helper()
	out, err := client.DescribeStackEvents(t.Context(), &cloudformation.DescribeStackEventsInput{StackName: aws.String("casey")})
	if err != nil {
		return err.Error()
	}
	var all []string
	for _, e := range out.StackEvents {
		if reason := aws.ToString(e.ResourceStatusReason); reason != "" {
			all = append(all, aws.ToString(e.LogicalResourceId)+" ("+string(e.ResourceStatus)+"): "+reason)
		}
	}
	return strings.Join(all, "\n")
}

// settle waits until nothing happens to the stack, and returns how it is.
func settle(t *testing.T, client *cloudformation.Client) (status, why string) {
	t.Helper()
	await(t, "the stack", func() bool {
		out, err := client.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("casey")})
		if err != nil || len(out.Stacks) == 0 {
			status = "DELETE_COMPLETE" // it is not there any more
			return true
		}
		status, why = string(out.Stacks[0].StackStatus), aws.ToString(out.Stacks[0].StackStatusReason)
		return !slices.Contains([]string{"CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"}, status)
	})
	return status, why
}

// adapt takes out what an emulator cannot make, and the mentions of it.
func (e emulator) adapt(body map[string]any) {
	resources := body["Resources"].(map[string]any)
	gone := map[string]bool{}
	for id, r := range resources {
		r := r.(map[string]any)
		kind := r["Type"].(string)
		_, math := r["Properties"].(map[string]any)["Metrics"]
		if slices.Contains(e.absent, kind) || e.plain && math && kind == "AWS::CloudWatch::Alarm" {
			delete(resources, id)
			gone[id] = true
			continue
		}
		if other, has := e.instead[kind]; has {
			r["Type"] = other
			single(r["Properties"].(map[string]any))
		}
	}
	for id, r := range resources {
		resources[id] = without(r, gone)
	}
	body["Outputs"] = without(body["Outputs"], gone)
}

// single makes the properties of a global table those of a table.
func single(p map[string]any) {
	replica, _ := p["Replicas"].([]any)[0].(map[string]any)
	delete(p, "Replicas")
	for _, name := range []string{"PointInTimeRecoverySpecification", "Tags"} {
		if v, has := replica[name]; has {
			p[name] = v
		}
	}
}

// absent is what stands for a resource that is not there.
const absent = "arn:aws:absent:us-east-1:123456789012:absent"

// without replaces mentions of resources by a word.
func without(v any, gone map[string]bool) any {
	switch x := v.(type) {
	case map[string]any:
		if id, ok := x["Ref"].(string); ok && gone[id] {
			return absent
		}
		if list, ok := x["Fn::GetAtt"].([]any); ok && gone[fmt.Sprint(list[0])] {
			return absent
		}
		for key, value := range x {
			if key == "DependsOn" {
				x[key] = slices.DeleteFunc(list(value), func(id any) bool { return gone[fmt.Sprint(id)] })
				continue
			}
			x[key] = without(value, gone)
		}
	case []any:
		for i := range x {
			x[i] = without(x[i], gone)
		}
	}
	return v
}

// list is a value, or the list that it is.
func list(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	return []any{v}
}
