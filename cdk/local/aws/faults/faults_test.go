package faults_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"casey.internal/cdk/local/aws/faults"
	"casey.internal/cdk/local/aws/stores"
)

// fixture is both stores behind their proxies, with clients that check what
// they are told: the SDK verifies the checksums of queue messages and of the
// table's answers.
type fixture struct {
	injector *faults.Injector
	queues   *sqs.Client
	table    *dynamodb.Client
}

func setUp(t *testing.T, s faults.Settings) fixture {
	t.Helper()
	running, err := stores.Start(t.Context(), stores.Config{Dir: filepath.Join("..", "..", "..", "..", "build", "stores"), Progress: t.Output()})
	check(t, err)
	t.Cleanup(running.Stop)
	injector, err := faults.NewInjector(s)
	check(t, err)
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	queues, err := faults.NewQueues(running.SQS, injector, log)
	check(t, err)
	table, err := faults.NewTable(running.DynamoDB, injector, log)
	check(t, err)
	t.Cleanup(queues.Close)
	t.Cleanup(table.Close)
	cfg := aws.Config{Region: "us-east-1", RetryMaxAttempts: 1, Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")}
	at := func(h http.Handler) *string {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return &s.URL
	}
	return fixture{
		injector: injector,
		queues:   sqs.NewFromConfig(cfg, func(o *sqs.Options) { o.BaseEndpoint = at(queues) }),
		table:    dynamodb.NewFromConfig(cfg, func(o *dynamodb.Options) { o.BaseEndpoint = at(table) }),
	}
}

func TestQueueDeliversLateTwiceAndOutOfOrder(t *testing.T) {
	const n = 200
	f := setUp(t, faults.AsAWS(1))
	queue, err := f.queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: new("q")})
	check(t, err)
	for i := range n {
		_, err := f.queues.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: queue.QueueUrl, MessageBody: new(fmt.Sprint(i))})
		check(t, err)
	}
	times, overtaken, last, received := map[string]int{}, 0, -1, 0
	for quiet := 0; quiet < 1; {
		out, err := f.queues.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue.QueueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: 10})
		check(t, err)
		if len(out.Messages) == 0 {
			quiet++
		}
		for _, m := range out.Messages {
			received++
			times[*m.Body]++
			var i int
			_, err := fmt.Sscan(*m.Body, &i)
			check(t, err)
			if i < last {
				overtaken++
			}
			last = i
		}
	}
	if len(times) != n {
		t.Errorf("%d messages arrived, want %d", len(times), n)
	}
	if twice := received - n; twice < 5 || twice > 45 {
		t.Errorf("%d of %d came twice, want about a tenth", twice, n)
	}
	if overtaken < 10 {
		t.Errorf("%d overtaken, want many", overtaken)
	}
}

func TestAcknowledgementIsTheStandInsOwn(t *testing.T) {
	f := setUp(t, faults.Settings{})
	queue, err := f.queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: new("q")})
	check(t, err)
	in := &sqs.SendMessageInput{QueueUrl: queue.QueueUrl, MessageBody: new("körper"), MessageAttributes: map[string]types.MessageAttributeValue{
		"kind": {DataType: new("String"), StringValue: new("note")}, "n": {DataType: new("Number"), StringValue: new("12")},
		"bytes": {DataType: new("Binary"), BinaryValue: []byte{0, 1, 2}}}}
	plain, err := f.queues.SendMessage(t.Context(), in)
	check(t, err)
	check(t, f.injector.Set(faults.AsAWS(1)))
	late, err := f.queues.SendMessage(t.Context(), in)
	check(t, err)
	if *plain.MD5OfMessageBody != *late.MD5OfMessageBody || *plain.MD5OfMessageAttributes != *late.MD5OfMessageAttributes {
		t.Errorf("checksums %s %s, want %s %s", *late.MD5OfMessageBody, *late.MD5OfMessageAttributes,
			*plain.MD5OfMessageBody, *plain.MD5OfMessageAttributes)
	}
	if *late.MessageId == "" {
		t.Error("no message id")
	}
}

func TestDeadPollSwallowsNothing(t *testing.T) {
	f := setUp(t, faults.Settings{})
	queue, err := f.queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: new("q")}) // visibility timeout 30 s
	check(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := f.queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: queue.QueueUrl, WaitTimeSeconds: 2}); err == nil {
		t.Fatal("the poll ended by itself")
	}
	_, err = f.queues.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: queue.QueueUrl, MessageBody: new("x")})
	check(t, err)
	out, err := f.queues.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue.QueueUrl, WaitTimeSeconds: 10})
	check(t, err)
	if len(out.Messages) != 1 {
		t.Error("the message went to the dead poll")
	}
}

func TestQueueThatIsNotThereIsSaidSo(t *testing.T) {
	f := setUp(t, faults.AsAWS(1))
	_, err := f.queues.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: new("http://127.0.0.1/000000000000/none"), MessageBody: new("x")})
	if _, is := errors.AsType[*types.QueueDoesNotExist](err); !is {
		t.Errorf("error %v", err)
	}
}

func TestOnlyInconsistentReadsAreOld(t *testing.T) {
	f := setUp(t, faults.AsAWS(1))
	makeTable(t, f.table)
	old := 0
	for i := 1; i <= 40; i++ {
		write(t, f.table, i)
		if got := read(t, f.table, true); got != fmt.Sprint(i) {
			t.Fatalf("a consistent read got %s, want %d", got, i)
		}
		if got := read(t, f.table, false); got != fmt.Sprint(i) {
			old++
		}
	}
	if old == 0 || old == 40 {
		t.Errorf("%d of 40 reads were old, want some", old)
	}
	write(t, f.table, 41)
	deadline := time.Now().Add(5 * time.Second)
	for fresh := 0; fresh < 20; { // both the table and its replica have it in the end
		fresh++
		if read(t, f.table, false) != "41" || query(t, f.table, "41") != 1 {
			fresh = 0
		}
		if time.Now().After(deadline) {
			t.Fatal("reads stay old")
		}
	}
}

func TestReplicaBeginsWithWhatIsThere(t *testing.T) {
	f := setUp(t, faults.Settings{})
	makeTable(t, f.table)
	write(t, f.table, 7)
	for range 2 { // the second time over the replica of the first
		check(t, f.injector.Set(faults.AsAWS(1)))
		for range 20 {
			if got := read(t, f.table, false); got != "7" || query(t, f.table, "7") != 1 {
				t.Fatalf("read %q", got)
			}
		}
		check(t, f.injector.Set(faults.Settings{}))
		read(t, f.table, false)
	}
}

func TestAwayAndSlow(t *testing.T) {
	f := setUp(t, faults.Settings{TableAway: true, QueuesAway: true})
	if _, err := f.queues.ListQueues(t.Context(), &sqs.ListQueuesInput{}); err == nil {
		t.Error("SQS answers although it is away")
	}
	if _, err := f.table.ListTables(t.Context(), &dynamodb.ListTablesInput{}); err == nil {
		t.Error("DynamoDB answers although it is away")
	}
	check(t, f.injector.Set(faults.Settings{TableSlowMS: 60, QueuesSlowMS: 60}))
	began := time.Now()
	_, err := f.queues.ListQueues(t.Context(), &sqs.ListQueuesInput{})
	check(t, err)
	_, err = f.table.ListTables(t.Context(), &dynamodb.ListTablesInput{})
	check(t, err)
	if d := time.Since(began); d < 120*time.Millisecond {
		t.Errorf("both took %v", d)
	}
}

func TestControlEndpoint(t *testing.T) {
	injector, err := faults.NewInjector(faults.AsAWS(3))
	check(t, err)
	put := func(body string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		injector.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/", strings.NewReader(body)))
		return w
	}
	if w := put(`{"cold":1,"tableAway":true}`); w.Code != http.StatusOK || !injector.Cold() {
		t.Errorf("PUT answers %d", w.Code)
	}
	want := faults.AsAWS(3)
	want.Cold, want.TableAway = 1, true
	if got := injector.Settings(); got != want {
		t.Errorf("settings %+v, want %+v", got, want)
	}
	for _, bad := range []string{`{"cold":2}`, `{"staleMs":-1}`, `{"delayMinMs":70}`, `{"unknown":1}`, `x`} {
		if w := put(bad); w.Code != http.StatusBadRequest {
			t.Errorf("PUT %s answers %d", bad, w.Code)
		}
	}
	if got := injector.Settings(); got != want {
		t.Errorf("bad settings changed %+v", got)
	}
}

func TestSameSeedSameChoices(t *testing.T) {
	choices := func(seed uint64) (all string) {
		injector, err := faults.NewInjector(faults.Settings{Seed: seed, Cold: 0.5})
		check(t, err)
		for range 64 {
			all += fmt.Sprint(injector.Cold())
		}
		return all
	}
	first, again, other := choices(5), choices(5), choices(6)
	if first != again || first == other {
		t.Error("a seed does not decide")
	}
}

func makeTable(t *testing.T, c *dynamodb.Client) {
	t.Helper()
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: new("table"), BillingMode: ddb.BillingModePayPerRequest,
		AttributeDefinitions: []ddb.AttributeDefinition{
			{AttributeName: new("pk"), AttributeType: ddb.ScalarAttributeTypeS}, {AttributeName: new("n"), AttributeType: ddb.ScalarAttributeTypeN}},
		KeySchema: []ddb.KeySchemaElement{{AttributeName: new("pk"), KeyType: ddb.KeyTypeHash}},
		GlobalSecondaryIndexes: []ddb.GlobalSecondaryIndex{{IndexName: new("by-n"), Projection: &ddb.Projection{ProjectionType: ddb.ProjectionTypeAll},
			KeySchema: []ddb.KeySchemaElement{{AttributeName: new("n"), KeyType: ddb.KeyTypeHash}}}},
	})
	check(t, err)
	wait := dynamodb.NewTableExistsWaiter(c, func(o *dynamodb.TableExistsWaiterOptions) { o.MinDelay = 10 * time.Millisecond })
	check(t, wait.Wait(t.Context(), &dynamodb.DescribeTableInput{TableName: new("table")}, 30*time.Second))
}

func write(t *testing.T, c *dynamodb.Client, n int) {
	t.Helper()
	_, err := c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{TableName: new("table"), Key: key(), UpdateExpression: new("SET n = :n"),
		ExpressionAttributeValues: map[string]ddb.AttributeValue{":n": &ddb.AttributeValueMemberN{Value: fmt.Sprint(n)}}})
	check(t, err)
}

func key() map[string]ddb.AttributeValue {
	return map[string]ddb.AttributeValue{"pk": &ddb.AttributeValueMemberS{Value: "one"}}
}

func read(t *testing.T, c *dynamodb.Client, consistent bool) string {
	t.Helper()
	out, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: new("table"), Key: key(), ConsistentRead: &consistent})
	check(t, err)
	n, _ := out.Item["n"].(*ddb.AttributeValueMemberN)
	if n == nil {
		return ""
	}
	return n.Value
}

func query(t *testing.T, c *dynamodb.Client, n string) int {
	t.Helper()
	out, err := c.Query(t.Context(), &dynamodb.QueryInput{TableName: new("table"), IndexName: new("by-n"), KeyConditionExpression: new("n = :n"),
		ExpressionAttributeValues: map[string]ddb.AttributeValue{":n": &ddb.AttributeValueMemberN{Value: n}}})
	check(t, err)
	return len(out.Items)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
