package local_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/coder/websocket"

	"casey.internal/cdk/local"
	"casey.internal/cdk/local/aws/faults"
	"casey.internal/cdk/local/process/logs"
)

// TestMain makes the test binary its own functions and worker: a message goes
// through a function, the dispatch queue and a worker back to the client.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv("AWS_LAMBDA_RUNTIME_API") != "":
		lambda.Start(handle)
	case os.Getenv("CASEY_SLOTS") != "":
		if err := work(); err != nil {
			slog.Error("worker", "error", err)
			os.Exit(1)
		}
	default:
		os.Exit(m.Run())
	}
}

func handle(ctx context.Context, e events.APIGatewayWebsocketProxyRequest) (events.APIGatewayProxyResponse, error) {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	slog.Info("called", "route", e.RequestContext.RouteKey, "function", os.Getenv("AWS_LAMBDA_FUNCTION_NAME"))
	if e.RequestContext.RouteKey != "$default" {
		return events.APIGatewayProxyResponse{StatusCode: 200}, nil
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return events.APIGatewayProxyResponse{}, err
	}
	_, err = sqs.NewFromConfig(cfg).SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl:    new(os.Getenv("CASEY_DISPATCH_QUEUE_URL")),
		MessageBody: new(e.RequestContext.ConnectionID + " " + e.Body),
	})
	return events.APIGatewayProxyResponse{StatusCode: 200}, err
}

// work answers each dispatched message until SIGTERM.
func work() error {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	defer slog.Info("drained")
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", os.Getenv("HTTP_ADDRESS"))
	if err != nil {
		return err
	}
	go func() { _ = http.Serve(listener, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})) }()
	queue, posts := sqs.NewFromConfig(cfg), apigatewaymanagementapi.NewFromConfig(cfg)
	for ctx.Err() == nil {
		if err := answerNext(context.WithoutCancel(ctx), queue, posts); err != nil {
			slog.Warn("failed", "error", err)
		}
	}
	return nil
}

func answerNext(ctx context.Context, queue *sqs.Client, posts *apigatewaymanagementapi.Client) error {
	url := aws.String(os.Getenv("CASEY_DISPATCH_QUEUE_URL"))
	out, err := queue.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: url, WaitTimeSeconds: 1})
	if err != nil {
		return err
	}
	for _, m := range out.Messages {
		id, text, _ := strings.Cut(*m.Body, " ")
		_, err = posts.PostToConnection(ctx, &apigatewaymanagementapi.PostToConnectionInput{ConnectionId: &id, Data: []byte("you said " + text)})
		if err != nil {
			return err
		}
		if _, err = queue.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: url, ReceiptHandle: m.ReceiptHandle}); err != nil {
			return err
		}
	}
	return nil
}

func TestAMessageGoesAllTheWayRound(t *testing.T) {
	before := children(t)
	s := start(t, local.Config{Page: http.RedirectHandler("https://example.org", http.StatusTeapot)})
	talk(t, s, "hello")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/", nil)
	check(t, err)
	response, err := http.DefaultTransport.RoundTrip(request)
	check(t, err)
	_ = response.Body.Close()
	if response.StatusCode != http.StatusTeapot {
		t.Errorf("page answers %d", response.StatusCode)
	}
	await(t, s, "sweep", "called")
	await(t, s, "disconnect", "called")
	s.Stop()
	await(t, s, "worker-1", "drained")
	if after := children(t); after != before {
		t.Errorf("children before %q, after %q", before, after)
	}
	if c, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.URL, "http://")); err == nil {
		_ = c.Close()
		t.Error("the port is still open")
	}
}

func TestWhatDiesComesBack(t *testing.T) {
	s := start(t, local.Config{State: t.TempDir()})
	for _, name := range []string{"worker-1", "stores"} {
		pid, err := s.PID(name)
		check(t, err)
		check(t, s.Kill(name, syscall.SIGKILL))
		check(t, s.AwaitRestart(t.Context(), name, pid))
	}
	check(t, s.Kill("message", syscall.SIGKILL))
	check(t, s.Restart(t.Context(), "worker-1"))
	talk(t, s, "still there")
}

func TestUnkindStackStillAnswers(t *testing.T) {
	settings := faults.AsAWS(1)
	settings.DropMessage, settings.SpoilMessage = 0, 0 // this client does not repeat
	s := start(t, local.Config{Faults: settings})
	for i := range 5 {
		talk(t, s, fmt.Sprint("number ", i))
	}
	settings.Throttle = 1
	check(t, s.SetFaults(settings))
	ws, response, err := websocket.Dial(t.Context(), s.WS, nil)
	if err == nil {
		_ = ws.CloseNow()
		t.Fatal("a throttled gateway accepts")
	}
	_ = response.Body.Close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, s.Control, strings.NewReader(`{"throttle":0,"staleMs":0}`))
	check(t, err)
	response, err = http.DefaultTransport.RoundTrip(request)
	check(t, err)
	_ = response.Body.Close()
	talk(t, s, "kind again")
}

func TestTwoRunsCannotShareTheirState(t *testing.T) {
	dir := t.TempDir()
	start(t, local.Config{State: dir, Workers: -1})
	_, err := local.Start(t.Context(), prepared(t, local.Config{State: dir}))
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("second start: %v", err)
	}
}

func TestTakenPortIsExplained(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	check(t, err)
	defer func() { _ = l.Close() }()
	_, err = local.Start(t.Context(), prepared(t, local.Config{Address: l.Addr().String()}))
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("(process %d)", os.Getpid())) {
		t.Errorf("start on a taken port: %v", err)
	}
}

func TestMissingBinaryIsNamed(t *testing.T) {
	_, err := local.Start(t.Context(), local.Config{Build: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "connect/bootstrap") || !strings.Contains(err.Error(), "make build") {
		t.Errorf("error %v", err)
	}
}

func start(t *testing.T, cfg local.Config) *local.Stack {
	t.Helper()
	s, err := local.Start(t.Context(), prepared(t, cfg))
	check(t, err)
	t.Cleanup(s.Stop)
	return s
}

// prepared uses this test binary as every program.
func prepared(t *testing.T, cfg local.Config) local.Config {
	t.Helper()
	root, err := local.Root()
	check(t, err)
	cfg.Build, cfg.NoStandin, cfg.Log, cfg.Progress = t.TempDir(), true, t.Output(), t.Output()
	cfg.Sweep, cfg.Setup = 10*time.Millisecond, makeQueue
	for _, name := range []string{"connect/bootstrap", "message/bootstrap", "disconnect/bootstrap", "sweep/bootstrap", "worker"} {
		path := filepath.Join(cfg.Build, name)
		check(t, os.MkdirAll(filepath.Dir(path), 0o700))
		check(t, os.Symlink(os.Args[0], path))
	}
	check(t, os.MkdirAll(filepath.Join(root, "build", "stores"), 0o755))
	check(t, os.Symlink(filepath.Join(root, "build", "stores"), filepath.Join(cfg.Build, "stores")))
	return cfg
}

func makeQueue(ctx context.Context, cfg aws.Config, _ string) (string, error) {
	out, err := sqs.NewFromConfig(cfg).CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: new("dispatch")})
	if err != nil {
		return "", err
	}
	return *out.QueueUrl, nil
}

func talk(t *testing.T, s *local.Stack, text string) {
	t.Helper()
	ws, response, err := websocket.Dial(t.Context(), s.WS, nil)
	check(t, err)
	if response.Body != nil {
		_ = response.Body.Close()
	}
	check(t, ws.Write(t.Context(), websocket.MessageText, []byte(text)))
	_, body, err := ws.Read(t.Context())
	check(t, err)
	if string(body) != "you said "+text {
		t.Errorf("got %q", body)
	}
	check(t, ws.Close(websocket.StatusNormalClosure, ""))
}

func await(t *testing.T, s *local.Stack, component, message string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	_, err := s.Logs().Await(ctx, func(e logs.Entry) bool { return e.Component == component && e.Message == message })
	if err != nil {
		t.Errorf("%s never said %q: %v", component, message, err)
	}
}

// children lists this process's children (proc(5)).
func children(t *testing.T) string {
	t.Helper()
	tasks, err := filepath.Glob("/proc/self/task/*/children")
	check(t, err)
	var all strings.Builder
	for _, task := range tasks {
		if f, err := os.Open(task); err == nil {
			_, _ = io.Copy(&all, f)
			_ = f.Close()
		}
	}
	return all.String()
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
