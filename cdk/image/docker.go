package image

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// Docker is the part of Docker that the CDK needs. Images and logins are kept in a
// folder between commands.
type Docker struct {
	Store string // made when it is needed
}

// ErrNoImage says that an image is not in the store: the CDK then builds it.
var ErrNoImage = errors.New("image: no such image")

// Run takes a command as the CDK gives it to Docker: inspect, build, tag,
// login, push or images.
func (d Docker) Run(args []string, stdin io.Reader) error {
	if len(args) == 0 {
		return errors.New("image: no command")
	}
	last := args[len(args)-1]
	switch args[0] {
	case "inspect":
		if _, err := os.Stat(d.file(last)); err != nil {
			return ErrNoImage
		}
		return nil
	case "build":
		return d.build(option(args, "--tag"), option(args, "--platform"), last)
	case "tag":
		return d.tag(args[len(args)-2], last)
	case "login":
		return d.login(last, option(args, "--username"), stdin)
	case "push":
		return d.push(last)
	case "images":
		return nil // asked only to clean up
	}
	return fmt.Errorf("image: unknown command %q", args[0])
}

// option returns the value after a flag; "" without one.
func option(args []string, flag string) string {
	if i := slices.Index(args, flag); i >= 0 && i+1 < len(args) {
		return args[i+1]
	}
	return ""
}

// file returns the path under which an image is kept.
func (d Docker) file(tag string) string {
	return filepath.Join(d.Store, strings.NewReplacer("/", "_", ":", "_").Replace(tag)+".tar")
}

func (d Docker) build(tag, platform, folder string) error {
	image, err := Build(folder, platform)
	if err != nil {
		return err
	}
	reference, err := name.NewTag(tag)
	if err != nil {
		return fmt.Errorf("image: %w", err)
	}
	if err := os.MkdirAll(d.Store, 0o700); err != nil {
		return fmt.Errorf("image: %w", err)
	}
	return tarball.WriteToFile(d.file(tag), reference, image)
}

func (d Docker) tag(from, to string) error {
	if err := os.Remove(d.file(to)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("image: %w", err)
	}
	if err := os.Link(d.file(from), d.file(to)); err != nil {
		return fmt.Errorf("image: %w", err)
	}
	return nil
}

// account is a login: ECR's passwords are good for twelve hours.
type account struct{ Username, Password string }

func (d Docker) login(host, username string, password io.Reader) error {
	secret, err := io.ReadAll(io.LimitReader(password, 1<<20))
	if err != nil {
		return fmt.Errorf("image: read the password: %w", err)
	}
	accounts := d.accounts()
	accounts[registry(host)] = account{username, strings.TrimSpace(string(secret))}
	data, err := json.Marshal(accounts)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(d.Store, 0o700); err != nil {
		return fmt.Errorf("image: %w", err)
	}
	return os.WriteFile(filepath.Join(d.Store, "accounts.json"), data, 0o600)
}

// registry is a host without what some put before it.
func registry(host string) string {
	host = strings.TrimPrefix(strings.TrimPrefix(host, "https://"), "http://")
	return strings.TrimSuffix(host, "/")
}

func (d Docker) accounts() map[string]account {
	accounts := map[string]account{}
	if data, err := os.ReadFile(filepath.Join(d.Store, "accounts.json")); err == nil {
		_ = json.Unmarshal(data, &accounts) // one that cannot be read is as none
	}
	return accounts
}

func (d Docker) push(tag string) error {
	image, err := tarball.ImageFromPath(d.file(tag), nil)
	if err != nil {
		return fmt.Errorf("image: open %s: %w", tag, err)
	}
	reference, err := name.NewTag(tag)
	if err != nil {
		return fmt.Errorf("image: %w", err)
	}
	who := authn.Anonymous
	if a, ok := d.accounts()[reference.RegistryStr()]; ok {
		who = &authn.Basic{Username: a.Username, Password: a.Password}
	}
	if err := remote.Write(reference, image, remote.WithAuth(who)); err != nil {
		return fmt.Errorf("image: push %s: %w", tag, err)
	}
	return nil
}
