// Package standintest runs the stand-ins as the process that they are, for tests of what talks to them.
// It needs cgo and the Debian packages only to build that process.
package standintest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Packages are the Debian packages that building and running the stand-ins takes.
const Packages = "gcc pkg-config libespeak-ng-dev libpocketsphinx-dev libsphinxbase-dev espeak-ng-data pocketsphinx-en-us opus-tools lame sox"

// patience is how long the process may take to start, and to end when it is told to.
const patience = 30 * time.Second

// Process is a running set of stand-ins.
type Process struct {
	// HTTPS, API and HTTP are base URLs, CA the path of the authority's certificate.
	HTTPS string `json:"https"`
	API   string `json:"api"`
	HTTP  string `json:"http"`
	CA    string `json:"ca"`

	command *exec.Cmd
}

// Start builds the stand-ins if need be and runs them with more flags, until the test ends. Ports are free ones and the state is a folder of the test.
// The engines are the exact ones: the vocabulary's sentences are heard, and nothing else.
func Start(t testing.TB, flags ...string) *Process {
	t.Helper()
	binary, err := Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := &Process{command: exec.CommandContext(context.WithoutCancel(t.Context()), binary, append([]string{"-state", t.TempDir(), "-ear", "grammar", "-voice", "espeak"}, flags...)...)}
	p.command.Stderr = t.Output()
	if err := p.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.stop(); err != nil {
			t.Error("stand-ins:", err)
		}
	})
	return p
}

// start runs the process and reads the line that it prints when it is ready.
func (p *Process) start() error {
	out, err := p.command.StdoutPipe()
	if err != nil {
		return fmt.Errorf("pipe from stand-ins: %w", err)
	}
	if err := p.command.Start(); err != nil {
		return fmt.Errorf("start stand-ins: %w", err)
	}
	late := time.AfterFunc(patience, func() { _ = p.command.Process.Kill() }) // the line then ends
	defer late.Stop()
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, p)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("stand-ins do not become ready: %w", err), p.stop())
	}
	return nil
}

// stop ends the process as its supervisor does, and waits for it.
func (p *Process) stop() error {
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("signal: %w", err)
	}
	late := time.AfterFunc(patience, func() { _ = p.command.Process.Kill() }) // Wait tells
	defer late.Stop()
	if err := p.command.Wait(); err != nil {
		return fmt.Errorf("end: %w", err)
	}
	return nil
}

// Pid is the process's number.
func (p *Process) Pid() int { return p.command.Process.Pid }

// Config returns the configuration that leads SDK clients to the stand-ins.
func (p *Process) Config(t testing.TB) aws.Config {
	t.Helper()
	authority, err := os.ReadFile(p.CA)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRegion("us-east-1"), config.WithCustomCABundle(bytes.NewReader(authority)),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("local", "local-secret", "")))
	if err != nil {
		t.Fatal(err)
	}
	cfg.ConfigSources = append([]any{endpoints{"Transcribe Streaming": p.HTTPS, "Bedrock Runtime": p.API, "Polly": p.API}}, cfg.ConfigSources...)
	return cfg
}

// endpoints are base URLs by the SDK's names of services.
type endpoints map[string]string

// GetServiceBaseEndpoint is what the SDK's clients ask their configuration.
func (e endpoints) GetServiceBaseEndpoint(_ context.Context, service string) (url string, known bool, err error) {
	url, known = e[service]
	return url, known, nil
}

var building sync.Mutex

// Build builds build/standin from the sources as they are and returns its path.
func Build(ctx context.Context) (string, error) {
	building.Lock()
	defer building.Unlock()
	module, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "casey.internal/cdk").Output()
	if err != nil {
		return "", fmt.Errorf("find module cdk: %w", err)
	}
	folder := strings.TrimSpace(string(module))
	binary := filepath.Join(filepath.Dir(folder), "build", "standin")
	unlock, err := lock(filepath.Dir(binary))
	if err != nil {
		return "", err
	}
	defer unlock()
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "./local/cmd/standin")
	build.Dir = folder
	build.Env = append(os.Environ(), "CGO_ENABLED=1")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build stand-ins (apt-get install -y %s): %w\n%s", Packages, err, out)
	}
	return binary, nil
}

// lock keeps test processes that run side by side from building over each other.
func lock(folder string) (unlock func(), err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("make build folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(folder, ".standin.lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("lock build folder: %w", err), f.Close())
	}
	return func() { _ = f.Close() }, nil // which unlocks
}
