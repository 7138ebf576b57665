package artifacts_test

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"casey.internal/cdk/artifacts"
	"casey.internal/cdk/image"
)

const (
	maxLayers = 20 << 20 // bytes: a task starts as soon as it has them
	maxBinary = 25 << 20
)

// TestTheRealImage builds the worker for both architectures and opens the
// images; built again, arm64's is the same.
func TestTheRealImage(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the worker twice")
	}
	machines := map[string]elf.Machine{"arm64": elf.EM_AARCH64, "amd64": elf.EM_X86_64}
	var digests []v1.Hash
	for range 2 {
		out := t.TempDir()
		if err := (artifacts.Builder{Root: "../..", Out: out, Log: t.Output()}).Workers(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, arch := range artifacts.Architectures {
			folder := filepath.Join(out, "image-"+arch)
			binary, err := elf.Open(filepath.Join(folder, "worker"))
			if err != nil {
				t.Fatal(err)
			}
			if binary.Machine != machines[arch] || binary.Section(".interp") != nil {
				t.Errorf("%s: the worker is for %v, or not static", arch, binary.Machine)
			}
			if err := binary.Close(); err != nil {
				t.Error(err)
			}
			digests = append(digests, check(t, folder, arch))
		}
	}
	if len(digests) != 4 || digests[0] != digests[2] || digests[1] != digests[3] {
		t.Errorf("built twice, the images are %v", digests)
	}
}

// check looks at the size of an image and returns its digest.
func check(t *testing.T, folder, arch string) v1.Hash {
	t.Helper()
	i, err := image.Build(folder, "linux/"+arch)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := i.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	size := int64(0)
	for _, layer := range manifest.Layers {
		size += layer.Size
	}
	info, err := os.Stat(filepath.Join(folder, "worker"))
	if err != nil || size > maxLayers || info.Size() > maxBinary {
		t.Errorf("%s: layers of %d bytes, a worker of %d, %v", arch, size, info.Size(), err)
	}
	t.Logf("%s: layers of %.1f MB, a worker of %.1f MB", arch, float64(size)/1e6, float64(info.Size())/1e6)
	digest, err := i.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

// TestNpxFindsOurDocker: what npx starts finds it before any other.
func TestNpxFindsOurDocker(t *testing.T) {
	out, folder := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(out, "docker"), []byte("#!/bin/sh\necho ours $1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for range 2 { // again, with the next deploy
		if err := artifacts.Offer(out, folder); err != nil {
			t.Fatal(err)
		}
	}
	npx := exec.CommandContext(t.Context(), "npx", "--offline", "-c", "docker inspect")
	npx.Dir = folder
	if said, err := npx.Output(); err != nil || string(said) != "ours inspect\n" {
		t.Errorf("%q, %v", said, err)
	}
}
