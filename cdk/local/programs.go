package local

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"casey.internal/cdk/local/aws/stores"
	"casey.internal/cdk/local/process/child"
	"casey.internal/cdk/local/process/supervise"
)

const (
	// readyLimit is the longest that a program may take until it serves.
	readyLimit = 30 * time.Second
	// wakingLimit is that of the stand-ins when a model server has to load its
	// model first.
	wakingLimit = 4 * time.Minute
	// workerGrace is the longest that a worker may drain: it ends its sentence
	// and says goodbye.
	workerGrace = 8 * time.Second
	// authorityFile is the file in the stand-ins' state folder of their
	// certificate authority.
	authorityFile = "ca.pem"
	standinGrace  = 3 * time.Second
	storesGrace   = 3 * time.Second
)

// startStores starts DynamoDB and SQS, on ports that they keep when they are
// started again.
func (s *Stack) startStores(ctx context.Context) error {
	s.progress("starting DynamoDB and SQS ...")
	ports, err := freePorts(ctx, 2)
	if err != nil {
		return err
	}
	launch, err := stores.Prepare(ctx, stores.Config{
		Dir: filepath.Join(s.cfg.Build, "stores"), State: s.state.file("stores"),
		DynamoDBPort: ports[0], SQSPort: ports[1], Progress: s.cfg.Progress,
	})
	if err != nil {
		return err
	}
	s.at.dynamodb, s.at.sqs = "http://"+loopback(ports[0]), "http://"+loopback(ports[1])
	return s.supervise(ctx, supervise.Program{
		Name: "stores", Command: launch, Grace: storesGrace, Output: unannounced(s.book.Writer("stores")),
		Ready: func(ctx context.Context) error { return awaitPorts(ctx, ports) },
	})
}

// startStandin starts Transcribe, Bedrock and Polly.
func (s *Stack) startStandin(ctx context.Context) error {
	if !s.cfg.standins() {
		return nil
	}
	s.progress("starting Transcribe, Bedrock and Polly ...")
	limit := readyLimit
	if s.cfg.LLM != "" {
		s.progress("waking the model at %s (to load it may take minutes) ...", s.cfg.LLM)
		limit = wakingLimit
	}
	ports, err := freePorts(ctx, 3)
	if err != nil {
		return err
	}
	plain, secure, api := loopback(ports[0]), loopback(ports[1]), loopback(ports[2])
	dir := s.state.file("standin")
	s.Standin = "http://" + plain
	s.at.speech, s.at.api, s.at.authority = "https://"+secure, "https://"+api, filepath.Join(dir, authorityFile)
	arguments := append([]string{"-state", dir, "-http", plain, "-https", secure, "-api", api}, s.cfg.standinArguments()...)
	return s.superviseWithin(ctx, limit, supervise.Program{
		Name: "standin", Grace: standinGrace,
		Command: func(ctx context.Context) *exec.Cmd { return exec.CommandContext(ctx, s.cfg.standin(), arguments...) },
		Output:  unannounced(s.book.Writer("standin")),
		Ready:   func(ctx context.Context) error { return awaitPorts(ctx, ports) },
	})
}

// unannounced passes output on, except for the line of JSON by which a program
// says where it serves: that is known.
func unannounced(to io.Writer) io.Writer {
	return child.NewLines(func(line string) {
		if !strings.HasPrefix(line, "{") || strings.Contains(line, `"msg":`) {
			_, _ = io.WriteString(to, line+"\n")
		}
	})
}

func (s *Stack) startWorkers(ctx context.Context) error {
	for range s.cfg.Workers {
		if _, err := s.AddWorker(ctx); err != nil {
			return err
		}
	}
	return nil
}

// AddWorker starts one more worker and returns its name when it serves.
func (s *Stack) AddWorker(ctx context.Context) (string, error) {
	ports, err := freePorts(ctx, 1)
	if err != nil {
		return "", err
	}
	address := loopback(ports[0])
	port, err := freeMediaPort(ctx)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	name := fmt.Sprintf("worker-%d", len(s.workers)+1)
	s.workers[name] = "http://" + address
	s.mu.Unlock()
	s.progress("starting %s ...", name)
	defer s.atStop(s.stopWorkers) // after keep's own, so before it: all workers drain at the same time
	return name, s.supervise(ctx, supervise.Program{
		Name: name, Grace: workerGrace,
		Command: func(ctx context.Context) *exec.Cmd {
			cmd := exec.CommandContext(ctx, s.cfg.worker())
			cmd.Env = s.workerEnv(address, port)
			if s.cfg.TaskEnv != nil {
				cmd.Env = append(cmd.Env, s.cfg.TaskEnv(name)...)
			}
			return cmd
		},
		Ready: func(ctx context.Context) error { return awaitHTTP(ctx, "http://"+address+"/health") },
	})
}

// WorkerURL returns the address at which a worker answers /health and /ready; empty
// if there never was one of that name.
func (s *Stack) WorkerURL(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.workers[name]
}

// Metrics asks a worker for what it serves as /metrics. The connection is not
// kept, so that it counts once.
func (s *Stack) Metrics(ctx context.Context, worker string) (map[string]int64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.WorkerURL(worker)+"/metrics", nil)
	if err != nil {
		return nil, fmt.Errorf("metrics of %s: %w", worker, err)
	}
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("metrics of %s: %w", worker, err)
	}
	defer func() { _ = response.Body.Close() }() // it was only read
	var m map[string]int64
	if err := json.NewDecoder(response.Body).Decode(&m); err != nil {
		return nil, fmt.Errorf("metrics of %s: %w", worker, err)
	}
	return m, nil
}

// stopWorkers ends all of them at the same time; each drains.
func (s *Stack) stopWorkers() {
	s.mu.Lock()
	defer s.mu.Unlock()
	var stopping sync.WaitGroup
	for name := range s.workers {
		stopping.Go(func() { s.supervisor.Stop(name) })
	}
	stopping.Wait()
}

// StopWorker ends a worker for good, with the time it needs to drain.
func (s *Stack) StopWorker(name string) { s.supervisor.Stop(name) }

// supervise has a program supervised until Stop.
func (s *Stack) supervise(ctx context.Context, p supervise.Program) error {
	return s.superviseWithin(ctx, readyLimit, p)
}

// superviseWithin is supervise for a program that may take as long as limit to
// be ready.
func (s *Stack) superviseWithin(ctx context.Context, limit time.Duration, p supervise.Program) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if p.Output == nil {
		p.Output = s.book.Writer(p.Name)
	}
	if err := s.supervisor.Start(ctx, p); err != nil {
		return fmt.Errorf("%w%s", err, s.lastWords(p.Name))
	}
	s.atStop(func() { s.supervisor.Stop(p.Name) })
	return nil
}

// lastWords are the last lines that a component wrote, to explain why it did
// not start.
func (s *Stack) lastWords(component string) string {
	var lines []string
	for _, e := range s.book.Entries() {
		if e.Component == component {
			lines = append(lines, "\n  "+e.String())
		}
	}
	return strings.Join(lines[max(0, len(lines)-8):], "")
}

// awaitHTTP polls until url answers 200.
func awaitHTTP(ctx context.Context, url string) error {
	return poll(ctx, url, func() bool { return answers(ctx, url) })
}

// awaitPorts polls until somebody listens on all of the ports.
func awaitPorts(ctx context.Context, ports []int) error {
	for _, port := range ports {
		if err := poll(ctx, loopback(port), func() bool { return accepts(ctx, loopback(port)) }); err != nil {
			return err
		}
	}
	return nil
}

// poll asks until the answer is yes or ctx ends.
func poll(ctx context.Context, what string, ask func() bool) error {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for !ask() {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", what, context.Cause(ctx))
		}
	}
	return nil
}

func accepts(ctx context.Context, address string) bool {
	c, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return false
	}
	return c.Close() == nil
}

func answers(ctx context.Context, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	response, err := probe.Do(request)
	if err != nil {
		return false
	}
	return response.Body.Close() == nil && response.StatusCode == http.StatusOK
}

// probe keeps no connection: what it asks may be killed at any time.
var probe = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 2 * time.Second}
