package local

import (
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFirefoxFindsAnAddress: it never uses the loopback one for media.
func TestFirefoxFindsAnAddress(t *testing.T) {
	own := ownAddress()
	if own == "" {
		t.Skip("this machine has no address of its own")
	}
	if a, err := netip.ParseAddr(own); err != nil || a.IsLoopback() {
		t.Fatalf("its own address is %q, %v", own, err)
	}
	env := (&Stack{cfg: Config{OwnAddress: true}, state: &state{}}).workerEnv("127.0.0.1:1", 2)
	if !slices.Contains(env, "MEDIA_ADDRESS=127.0.0.1,"+own) {
		t.Errorf("the worker gets %q", env)
	}
	// One public address would take the place of both.
	if slices.ContainsFunc(env, func(s string) bool { return strings.HasPrefix(s, "PUBLIC_ADDRESS=") }) {
		t.Errorf("the worker gets %q", env)
	}
	if alone := (&Stack{state: &state{}}).workerEnv("127.0.0.1:1", 2); !slices.Contains(alone, "MEDIA_ADDRESS=127.0.0.1") {
		t.Errorf("a stack for tests gets %q", alone)
	}
}

// TestTheBinariesAreFoundFromAnywhere: programs start in folders of their own.
func TestTheBinariesAreFoundFromAnywhere(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := Config{Root: t.TempDir(), Build: "binaries"}.complete()
	if !filepath.IsAbs(c.Build) || filepath.Base(c.Build) != "binaries" {
		t.Errorf("they are looked for in %s: %v", c.Build, err)
	}
}
