package authority_test

import (
	"bytes"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"

	"casey.internal/cdk/local/aws/authority"
)

func TestLoadKeepsWhatItMade(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "state")
	first, err := authority.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	again, err := authority.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Certificate[0], again.Certificate[0]) {
		t.Error("the second start made another certificate")
	}
}

func TestBundleVouchesForLoopback(t *testing.T) {
	folder := t.TempDir()
	cert, err := authority.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := os.ReadFile(filepath.Join(folder, authority.Bundle))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(bundle)
	for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
		if _, err := cert.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: roots}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
