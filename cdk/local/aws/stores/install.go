package stores

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

//go:embed package.json
var packageJSON []byte

//go:embed package-lock.json
var packageLock []byte

//go:embed stores.mjs
var launcher []byte

// oldestNode runs both stores: fauxqs needs 22.5; its node:sqlite needs a flag until 22.13.
var oldestNode = version{22, 5}

// version is a Node release, major and minor.
type version [2]int

func (v version) before(o version) bool { return v[0] < o[0] || v[0] == o[0] && v[1] < o[1] }

// install makes dir ready and returns the Node binary to use: the machine's
// own, or npm's package "node" when that one is too old. Processes that share
// dir take turns.
func install(ctx context.Context, dir string, progress io.Writer) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make the folder: %w", err)
	}
	unlock, err := lock(filepath.Join(dir, ".lock"))
	if err != nil {
		return "", err
	}
	defer unlock()
	node, own, err := chooseNode(ctx, dir)
	if err != nil {
		return "", err
	}
	if !installed(dir, node) {
		err = npmInstall(ctx, dir, own, progress)
	}
	if err == nil {
		err = writeChanged(filepath.Join(dir, "stores.mjs"), launcher)
	}
	return node, err
}

// chooseNode returns the binary to run and whether it is the machine's own.
func chooseNode(ctx context.Context, dir string) (string, bool, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return "", false, errors.New("node is not installed: install Node.js (https://nodejs.org), any version that has npm")
	}
	out, err := exec.CommandContext(ctx, node, "--version").Output()
	if err != nil {
		return "", false, fmt.Errorf("node --version: %w", err)
	}
	var v version
	if _, err := fmt.Sscanf(string(out), "v%d.%d.", &v[0], &v[1]); err != nil {
		return "", false, fmt.Errorf("node --version says %q: %w", out, err)
	}
	if v.before(oldestNode) {
		return filepath.Join(dir, "node_modules", "node", "bin", "node"), false, nil
	}
	return node, true, nil
}

// installed tells whether dir holds exactly what the lock file pins, and node
// among it if it is to come from there.
func installed(dir, node string) bool {
	have, err := os.ReadFile(stampFile(dir))
	if err != nil || string(have) != stamp() {
		return false
	}
	_, err = os.Stat(node)
	return err == nil
}

func stamp() string {
	sum := sha256.Sum256(packageLock)
	return hex.EncodeToString(sum[:])
}

func stampFile(dir string) string { return filepath.Join(dir, "node_modules", ".casey-stamp") }

// npmInstall runs npm ci; the stamp is written last, so that a broken installation is done again.
func npmInstall(ctx context.Context, dir string, ownNode bool, progress io.Writer) error {
	_, _ = fmt.Fprintln(progress, "installing the local stores (npm ci, once) ...")
	for name, content := range map[string][]byte{"package.json": packageJSON, "package-lock.json": packageLock} {
		if err := writeChanged(filepath.Join(dir, name), content); err != nil {
			return err
		}
	}
	// The lock file has the hash of each package, so that what npm's cache has is as good as what is fetched: a second
	// checkout needs no network.
	arguments := []string{"ci", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"}
	if ownNode {
		arguments = append(arguments, "--omit=optional")
	}
	cmd := exec.CommandContext(ctx, "npm", arguments...)
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm ci in %s: %w\n%s", dir, err, said.Bytes())
	}
	return os.WriteFile(stampFile(dir), []byte(stamp()), 0o600)
}

// writeChanged leaves a file alone that has the content already: another process may be reading it.
func writeChanged(path string, content []byte) error {
	if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, content) {
		return nil
	}
	return os.WriteFile(path, content, 0o600)
}

// lock waits for the exclusive lock on path; the kernel gives it back if this process dies.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
	}
	return func() { _ = f.Close() }, nil
}
