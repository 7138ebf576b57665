// Package artifacts builds all that a deployment consists of: the functions,
// the worker's image folder for both architectures, the page, and what stands
// in for Docker.
package artifacts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"casey.internal/cdk/image"
	"casey.internal/cdk/page"
)

// Functions are the Lambda functions by name.
var Functions = []string{"connect", "message", "disconnect", "sweep", "authorizer"}

// Architectures are those that a worker can have.
var Architectures = []string{"arm64", "amd64"}

// Builder builds from the sources in Root into Out.
type Builder struct {
	Root, Out string
	Log       io.Writer // what the compiler says
}

// flags make a binary that depends on the sources alone: CloudFormation updates
// what has another hash.
var flags = []string{"build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid="}

// All builds everything.
func (b Builder) All(ctx context.Context) error {
	for _, name := range Functions {
		if err := b.compile(ctx, "arm64", "./lambdas/cmd/"+name, filepath.Join(name, "bootstrap"), "-tags", "lambda.norpc"); err != nil {
			return err
		}
	}
	if err := b.Workers(ctx); err != nil {
		return err
	}
	site, err := page.Bundle(page.Config{})
	if err != nil {
		return err
	}
	folder := filepath.Join(b.Out, "site")
	if err := os.RemoveAll(folder); err != nil { // files of other hashes
		return err
	}
	if err := site.Write(folder); err != nil {
		return err
	}
	return os.Remove(filepath.Join(folder, "config.json")) // the stack knows the address
}

// Workers builds the image folders and what pushes them.
func (b Builder) Workers(ctx context.Context) error {
	for _, arch := range Architectures {
		folder := "image-" + arch
		if err := b.compile(ctx, arch, "./worker/cmd/worker", filepath.Join(folder, "worker")); err != nil {
			return err
		}
		if err := image.Fill(filepath.Join(b.Out, folder)); err != nil {
			return err
		}
	}
	return b.compile(ctx, "", "./cdk/cmd/docker", "docker")
}

// Offer has programs that npx starts in a folder find our docker before any
// other: npx looks for programs in the folder's node_modules/.bin first. So the
// CDK needs neither Docker nor CDK_DOCKER, which still chooses another.
func Offer(out, folder string) error {
	docker, err := filepath.Abs(filepath.Join(out, "docker"))
	if err != nil {
		return err
	}
	bin := filepath.Join(folder, "node_modules", ".bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return fmt.Errorf("offer docker: %w", err)
	}
	link := filepath.Join(bin, "docker")
	if err := os.Remove(link); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("offer docker: %w", err)
	}
	return os.Symlink(docker, link)
}

// compile builds one command for Linux on an architecture; "" = for this machine.
func (b Builder) compile(ctx context.Context, arch, pkg, out string, more ...string) error {
	path, err := filepath.Abs(filepath.Join(b.Out, out))
	if err != nil {
		return err
	}
	args := append(append(append([]string{}, flags...), more...), "-o", path, pkg)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.Env = b.Root, b.Log, b.Log, append(os.Environ(), "CGO_ENABLED=0")
	if arch != "" {
		cmd.Env = append(cmd.Env, "GOOS=linux", "GOARCH="+arch)
	}
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build %s: %w", pkg, err)
	}
	return nil
}
