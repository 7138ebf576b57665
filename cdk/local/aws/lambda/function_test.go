package lambda_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	runtime "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"casey.internal/cdk/local/aws/lambda"
)

// TestMain makes the test binary its own bootstrap.
func TestMain(m *testing.M) {
	switch os.Getenv("LAMBDA_TEST") {
	case "serve":
		runtime.Start(serve)
	case "broken":
		os.Exit(3)
	default:
		os.Exit(m.Run())
	}
}

// ticks counts the scheduled events that this process was given.
var ticks atomic.Int64

// request is the input of a test's function; a scheduled event decodes into one
// that has only a Source.
type request struct{ Do, Value, Source string }

type answer struct {
	Value, RequestID, Function string
	PID                        int
	Left                       time.Duration
}

// serve does what the test asks of it.
func serve(ctx context.Context, r request) (answer, error) {
	if r.Source == "aws.events" {
		ticks.Add(1)
	}
	switch r.Do {
	case "ticks":
		r.Value = strconv.FormatInt(ticks.Load(), 10)
	case "fail":
		return answer{}, errors.New(r.Value)
	case "exit":
		os.Exit(1)
	case "hang":
		<-time.After(time.Hour)
	case "meet": // says that it runs, then waits for the file that another invocation writes
		if err := os.WriteFile(r.Value+".waits", nil, 0o600); err != nil {
			return answer{}, err
		}
		awaitFile(ctx, r.Value)
	case "write":
		if err := os.WriteFile(r.Value, nil, 0o600); err != nil {
			return answer{}, err
		}
	}
	lc, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	return answer{r.Value, lc.AwsRequestID, lambdacontext.FunctionName, os.Getpid(), time.Until(deadline)}, nil
}

func awaitFile(ctx context.Context, path string) {
	for ctx.Err() == nil {
		if _, err := os.Stat(path); err == nil {
			return
		}
		<-time.After(time.Millisecond)
	}
}

func TestAnswers(t *testing.T) {
	f := start(t, lambda.Config{Timeout: time.Minute})
	got := must(t, f, request{Do: "echo", Value: "hello"})
	if got.Value != "hello" || got.Function != "test" || len(got.RequestID) != 36 {
		t.Errorf("answer %+v", got)
	}
	if got.Left < 50*time.Second || got.Left > time.Minute {
		t.Errorf("deadline in %v, want a minute", got.Left)
	}
	if f.InitTime() <= 0 {
		t.Error("init time was not measured")
	}
}

func TestFunctionErrorIsReported(t *testing.T) {
	f := start(t, lambda.Config{})
	_, err := invoke(t, f, request{Do: "fail", Value: "no such thing"})
	if e, ok := errors.AsType[*lambda.Error](err); !ok || e.Message != "no such thing" || e.Type != "errorString" {
		t.Errorf("error %#v", err)
	}
	must(t, f, request{Do: "echo"})
}

func TestInvocationsOfOneProcessRunSideBySide(t *testing.T) {
	f := start(t, lambda.Config{})
	file := t.TempDir() + "/met"
	var waiting sync.WaitGroup
	waiting.Go(func() { must(t, f, request{Do: "meet", Value: file}) })
	must(t, f, request{Do: "write", Value: file})
	waiting.Wait()
}

func TestCrashAnswersAtOnceAndTheFunctionComesBack(t *testing.T) {
	f := start(t, lambda.Config{Concurrency: 1})
	began := time.Now()
	_, err := invoke(t, f, request{Do: "exit"})
	if !errors.Is(err, lambda.ErrCrashed) {
		t.Errorf("error %v, want ErrCrashed", err)
	}
	if d := time.Since(began); d > 10*time.Second {
		t.Errorf("took %v", d)
	}
	must(t, f, request{Do: "echo"})
}

func TestTimeout(t *testing.T) {
	f := start(t, lambda.Config{Timeout: 300 * time.Millisecond})
	if _, err := invoke(t, f, request{Do: "hang"}); !errors.Is(err, lambda.ErrTimeout) {
		t.Errorf("error %v, want ErrTimeout", err)
	}
	var err error
	for range 100 { // on a busy machine the limit is short for an answer too
		if _, err = invoke(t, f, request{Do: "echo"}); !errors.Is(err, lambda.ErrTimeout) {
			break
		}
	}
	if err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestColdStartFinishesWhatRuns(t *testing.T) {
	f := start(t, lambda.Config{})
	first := must(t, f, request{Do: "echo"}).PID
	file := t.TempDir() + "/met"
	var waiting sync.WaitGroup
	waiting.Go(func() {
		if got := must(t, f, request{Do: "meet", Value: file}); got.PID != first {
			t.Errorf("the running invocation moved from %d to %d", first, got.PID)
		}
	})
	must(t, f, request{Do: "meet", Value: file + ".waits"}) // returns when the one above is held
	f.Cool()
	if got := must(t, f, request{Do: "write", Value: file}); got.PID == first {
		t.Error("a cold start kept the process")
	}
	waiting.Wait()
	waitGone(t, first)
}

func TestBrokenBinaryAnswersAtOnce(t *testing.T) {
	f := run(t, lambda.Config{Env: []string{"LAMBDA_TEST=broken"}})
	if _, err := invoke(t, f, request{}); !errors.Is(err, lambda.ErrCrashed) {
		t.Errorf("error %v, want ErrCrashed", err)
	}
}

func TestMissingBinary(t *testing.T) {
	f := lambda.New(lambda.Config{Name: "test", Bootstrap: "/does/not/exist"})
	if err := f.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "/does/not/exist") {
		t.Errorf("error %v", err)
	}
}

func TestScheduleInvokes(t *testing.T) {
	f := start(t, lambda.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	var ticking sync.WaitGroup
	ticking.Go(func() { f.Schedule(ctx, 5*time.Millisecond) })
	for got := ""; got != "2" && !t.Failed(); {
		got = must(t, f, request{Do: "ticks"}).Value
		if n, _ := strconv.Atoi(got); n > 2 {
			break
		}
	}
	cancel()
	ticking.Wait()
}

func TestStopLeavesNothing(t *testing.T) {
	f := lambda.New(config(lambda.Config{Environments: 2}))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	pid := must(t, f, request{Do: "echo"}).PID
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	waitGone(t, pid)
}

func BenchmarkInvoke(b *testing.B) {
	f := run(b, lambda.Config{})
	payload := []byte(`{"Do":"echo"}`)
	for b.Loop() {
		if _, err := f.Invoke(b.Context(), payload); err != nil {
			b.Fatal(err)
		}
	}
}

func config(cfg lambda.Config) lambda.Config {
	cfg.Name, cfg.Bootstrap = "test", os.Args[0]
	if cfg.Env == nil {
		cfg.Env = []string{"LAMBDA_TEST=serve"}
	}
	return cfg
}

func run(t testing.TB, cfg lambda.Config) *lambda.Function {
	t.Helper()
	f := lambda.New(config(cfg))
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return f
}

func start(t *testing.T, cfg lambda.Config) *lambda.Function {
	t.Helper()
	f := run(t, cfg)
	if err := f.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f
}

func invoke(t *testing.T, f *lambda.Function, r request) (answer, error) {
	t.Helper()
	payload, err := json.Marshal(r)
	if err != nil {
		return answer{}, err
	}
	body, err := f.Invoke(t.Context(), payload)
	if err != nil {
		return answer{}, err
	}
	var a answer
	return a, json.Unmarshal(body, &a)
}

func must(t *testing.T, f *lambda.Function, r request) answer {
	t.Helper()
	a, err := invoke(t, f, r)
	if err != nil {
		t.Error(fmt.Errorf("%+v: %w", r, err))
	}
	return a
}

func waitGone(t *testing.T, pid int) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for syscall.Kill(pid, 0) == nil && time.Now().Before(deadline) {
		<-time.After(5 * time.Millisecond)
	}
	if syscall.Kill(pid, 0) == nil {
		t.Errorf("process %d is still there", pid)
	}
}
