// Package image makes the worker's container image without Docker: one layer
// with the binary and the roots of the certificates that it trusts, FROM
// scratch, the same bytes every time. It also takes the commands with which the
// CDK uses Docker, so that the CDK can be told to use this instead (CDK_DOCKER).
package image

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// What the image runs, and as whom. The Dockerfile says the same to Docker.
const (
	Entrypoint = "/worker"
	User       = "65532"
	dockerfile = "Dockerfile"
	ignore     = ".dockerignore"
)

// Build makes an image of all files in a folder but those for Docker, for a
// platform like linux/arm64.
func Build(folder, platform string) (v1.Image, error) {
	system, arch, ok := strings.Cut(platform, "/")
	if !ok || system != "linux" {
		return nil, fmt.Errorf("image: platform is %q, but must be like linux/arm64", platform)
	}
	content, err := archive(folder)
	if err != nil {
		return nil, fmt.Errorf("image: read %s: %w", folder, err)
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil })
	if err != nil {
		return nil, fmt.Errorf("image: make a layer: %w", err)
	}
	image, err := mutate.AppendLayers(mutate.MediaType(empty.Image, types.DockerManifestSchema2), layer)
	if err != nil {
		return nil, fmt.Errorf("image: add the layer: %w", err)
	}
	config, err := image.ConfigFile()
	if err != nil {
		return nil, fmt.Errorf("image: read its configuration: %w", err)
	}
	config = config.DeepCopy()
	config.OS, config.Architecture = system, arch
	config.Config.Entrypoint, config.Config.User = []string{Entrypoint}, User
	return mutate.ConfigFile(image, config)
}

// archive returns the files as a tar that depends on their names and contents
// alone.
func archive(folder string) ([]byte, error) {
	var names []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || d.Name() == dockerfile || d.Name() == ignore {
			return err
		}
		names = append(names, path)
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, name := range names {
		if err := add(w, folder, name); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), w.Close()
}

func add(w *tar.Writer, folder, name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	inside, err := filepath.Rel(folder, name)
	if err != nil {
		return err
	}
	header := &tar.Header{
		Typeflag: tar.TypeReg, Name: filepath.ToSlash(inside), Mode: 0o555, Size: int64(len(data)), ModTime: time.Unix(0, 0), Format: tar.FormatPAX,
	}
	if err := w.WriteHeader(header); err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}
