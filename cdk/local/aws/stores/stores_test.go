package stores_test

import (
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"casey.internal/cdk/local/aws/stores"
)

func TestServesBothAndLeavesNothing(t *testing.T) {
	s := start(t, stores.Config{})
	db, queues := clients(s)
	makeTable(t, db)
	putItem(t, db, "1")
	if got := readItem(t, db, "1"); got != "1" {
		t.Errorf("read %q", got)
	}
	queue := makeQueue(t, queues)
	send(t, queues, queue, "hello")
	if got := receive(t, queues, queue); got != "hello" {
		t.Errorf("received %q", got)
	}
	s.Stop()
	for _, endpoint := range []string{s.DynamoDB, s.SQS} {
		refused(t, endpoint)
	}
}

func TestStateSurvivesKill(t *testing.T) {
	state := t.TempDir()
	s := start(t, stores.Config{State: state})
	db, queues := clients(s)
	makeTable(t, db)
	putItem(t, db, "kept")
	queue := makeQueue(t, queues)
	send(t, queues, queue, "kept too")
	s.Kill()

	again := start(t, stores.Config{State: state, DynamoDBPort: port(t, s.DynamoDB), SQSPort: port(t, s.SQS)})
	if again.DynamoDB != s.DynamoDB || again.SQS != s.SQS {
		t.Errorf("moved from %s, %s to %s, %s", s.DynamoDB, s.SQS, again.DynamoDB, again.SQS)
	}
	db, queues = clients(again)
	if got := readItem(t, db, "kept"); got != "kept" {
		t.Errorf("read %q", got)
	}
	if got := receive(t, queues, queue); got != "kept too" {
		t.Errorf("received %q", got)
	}
}

func TestStartFailsWithTheReason(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, err = stores.Start(t.Context(), stores.Config{Dir: dir(t), DynamoDBPort: l.Addr().(*net.TCPAddr).Port})
	if err == nil {
		t.Fatal("started on a port that is taken")
	}
}

func start(t *testing.T, cfg stores.Config) *stores.Stores {
	t.Helper()
	cfg.Dir, cfg.Progress = dir(t), t.Output()
	s, err := stores.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

// dir is the shared installation of the checkout.
func dir(t *testing.T) string {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(root, "..", "..", "..", "..", "build", "stores")
}

func clients(s *stores.Stores) (*dynamodb.Client, *sqs.Client) {
	cfg := aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")}
	return dynamodb.NewFromConfig(cfg, func(o *dynamodb.Options) { o.BaseEndpoint = &s.DynamoDB }),
		sqs.NewFromConfig(cfg, func(o *sqs.Options) { o.BaseEndpoint = &s.SQS })
}

func makeTable(t *testing.T, db *dynamodb.Client) {
	t.Helper()
	_, err := db.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: new("table"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: new("pk"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: new("pk"), KeyType: types.KeyTypeHash}},
	})
	check(t, err)
	wait := dynamodb.NewTableExistsWaiter(db, func(o *dynamodb.TableExistsWaiterOptions) { o.MinDelay = 10 * time.Millisecond })
	check(t, wait.Wait(t.Context(), &dynamodb.DescribeTableInput{TableName: new("table")}, 30*time.Second))
}

func key(pk string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: pk}}
}

func putItem(t *testing.T, db *dynamodb.Client, pk string) {
	t.Helper()
	_, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: new("table"), Item: key(pk)})
	check(t, err)
}

func readItem(t *testing.T, db *dynamodb.Client, pk string) string {
	t.Helper()
	out, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: new("table"), Key: key(pk)})
	check(t, err)
	v, _ := out.Item["pk"].(*types.AttributeValueMemberS)
	if v == nil {
		return ""
	}
	return v.Value
}

func makeQueue(t *testing.T, queues *sqs.Client) *string {
	t.Helper()
	out, err := queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: new("q")})
	check(t, err)
	return out.QueueUrl
}

func send(t *testing.T, queues *sqs.Client, queue *string, body string) {
	t.Helper()
	_, err := queues.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: queue, MessageBody: &body})
	check(t, err)
}

func receive(t *testing.T, queues *sqs.Client, queue *string) string {
	t.Helper()
	out, err := queues.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue, WaitTimeSeconds: 5})
	check(t, err)
	if len(out.Messages) == 0 {
		return ""
	}
	return *out.Messages[0].Body
}

func port(t *testing.T, endpoint string) int {
	t.Helper()
	u, err := url.Parse(endpoint)
	check(t, err)
	n, err := net.DefaultResolver.LookupPort(t.Context(), "tcp", u.Port())
	check(t, err)
	return n
}

func refused(t *testing.T, endpoint string) {
	t.Helper()
	u, err := url.Parse(endpoint)
	check(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	c, err := new(net.Dialer).DialContext(ctx, "tcp", u.Host)
	if err == nil {
		_ = c.Close()
		t.Errorf("%s still listens", endpoint)
	} else if errno := syscall.Errno(0); !errors.As(err, &errno) || errno != syscall.ECONNREFUSED {
		t.Errorf("dial %s: %v", endpoint, err)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
