package image_test

import (
	"archive/tar"
	"bytes"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"casey.internal/cdk/image"
)

const content = "not really a worker"

func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := image.Fill(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "worker"), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// open returns the files of an image.
func open(t *testing.T, i v1.Image) map[string]string {
	t.Helper()
	flat := mutate.Extract(i)
	defer func() { _ = flat.Close() }()
	files := map[string]string{}
	for r := tar.NewReader(flat); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		data, err2 := io.ReadAll(r)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		if h.FileInfo().Mode().Perm() != 0o555 {
			t.Errorf("%s may be %v", h.Name, h.FileInfo().Mode())
		}
		files[h.Name] = string(data)
	}
}

func TestTheImageIsOpened(t *testing.T) {
	for _, arch := range []string{"arm64", "amd64"} {
		i, err := image.Build(folder(t), "linux/"+arch)
		if err != nil {
			t.Fatal(err)
		}
		config, err := i.ConfigFile()
		if err != nil || config.Architecture != arch || config.OS != "linux" || config.Config.User != "65532" || !slices.Equal(config.Config.Entrypoint, []string{"/worker"}) {
			t.Errorf("%s: %+v, %v", arch, config, err)
		}
		files := open(t, i)
		if len(files) != 2 || files["worker"] != content {
			t.Errorf("%s has %d files", arch, len(files))
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM([]byte(files["etc/ssl/certs/ca-certificates.crt"])) || !strings.Contains(files["etc/ssl/certs/ca-certificates.crt"], "CERTIFICATE") {
			t.Errorf("%s trusts nobody", arch)
		}
	}
	if _, err := image.Build(t.TempDir(), "windows"); err == nil {
		t.Error("there is an image for windows")
	}
}

func TestTheSameDigestTwice(t *testing.T) {
	digest := func(age time.Duration) v1.Hash {
		dir := folder(t)
		if err := os.Chtimes(filepath.Join(dir, "worker"), time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
		i, err := image.Build(dir, "linux/arm64")
		if err != nil {
			t.Fatal(err)
		}
		d, err := i.Digest()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if a, b := digest(0), digest(time.Hour); a != b {
		t.Errorf("%s and %s", a, b)
	}
}

// TestTheCDKCanPush goes through the commands that the CDK's command line gives,
// against a registry that asks for a password.
func TestTheCDKCanPush(t *testing.T) {
	store := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); r.Method != http.MethodGet && (user != "AWS" || password != "token") {
			w.Header().Set("WWW-Authenticate", `Basic realm="ECR"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		} else if user == "" && r.URL.Path == "/v2/" {
			w.Header().Set("WWW-Authenticate", `Basic realm="ECR"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		store.ServeHTTP(w, r)
	}))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	docker := image.Docker{Store: filepath.Join(t.TempDir(), "store")}
	local, there := "cdkasset-abc", host+"/cdk-assets:abc"
	if err := docker.Run([]string{"inspect", local}, nil); !errors.Is(err, image.ErrNoImage) {
		t.Errorf("an image before it is built: %v", err)
	}
	for _, command := range [][]string{
		{"build", "--tag", local, "--file", "Dockerfile", "--platform", "linux/arm64", folder(t)},
		{"inspect", local},
		{"login", "--username", "AWS", "--password-stdin", "https://" + host},
		{"tag", local, there},
		{"tag", local, there}, // again, after a deploy that failed
		{"push", there},
		{"images", "-q"},
	} {
		if err := docker.Run(command, bytes.NewBufferString("token\n")); err != nil {
			t.Fatalf("%v: %v", command, err)
		}
	}
	reference, err := name.NewTag(there)
	if err != nil {
		t.Fatal(err)
	}
	pushed, err := remote.Image(reference)
	if err != nil {
		t.Fatal(err)
	}
	if files := open(t, pushed); files["worker"] != content {
		t.Errorf("pushed are %d files", len(files))
	}
	for _, wrong := range [][]string{{}, {"run", "x"}, {"push", host + "/never:built"}} {
		if err := docker.Run(wrong, nil); err == nil {
			t.Errorf("%v went well", wrong)
		}
	}
}
