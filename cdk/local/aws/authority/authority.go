// Package authority makes the certificate with which the stand-ins speak TLS, once, and keeps it:
// a new one at each start would break the clients that have read the old.
package authority

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

const (
	// Bundle is the name of the file that clients are given as AWS_CA_BUNDLE.
	Bundle  = "ca.pem"
	pair    = "server.pem"
	life    = 10 * 365 * 24 * time.Hour
	renewal = 24 * time.Hour
)

// Load returns the server's certificate kept in the folder, and makes folder,
// authority and certificate where there are none or they are about to expire.
func Load(folder string) (tls.Certificate, error) {
	cert, err := read(folder)
	if err == nil && time.Until(cert.Leaf.NotAfter) > renewal {
		return cert, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return tls.Certificate{}, err
	}
	if err := create(folder); err != nil {
		return tls.Certificate{}, err
	}
	return read(folder)
}

func read(folder string) (tls.Certificate, error) {
	if _, err := os.Stat(filepath.Join(folder, Bundle)); err != nil {
		return tls.Certificate{}, fmt.Errorf("read authority: %w", err)
	}
	file := filepath.Join(folder, pair)
	cert, err := tls.LoadX509KeyPair(file, file)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read certificate: %w", err)
	}
	return cert, nil
}

// create writes the authority's certificate and the server's with its key. The
// authority's own key is thrown away.
func create(folder string) error {
	now := time.Now()
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "casey local authority"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(life),
		KeyUsage: x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "casey local stand-in"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(life),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("make authority's key: %w", err)
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("make server's key: %w", err)
	}
	rootDER, err := x509.CreateCertificate(rand.Reader, root, root, &rootKey.PublicKey, rootKey)
	if err != nil {
		return fmt.Errorf("sign authority: %w", err)
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, root, &leafKey.PublicKey, rootKey)
	if err != nil {
		return fmt.Errorf("sign certificate: %w", err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(leafKey)
	if err != nil {
		return fmt.Errorf("marshal key: %w", err)
	}
	return write(folder, block("CERTIFICATE", rootDER), append(block("CERTIFICATE", leafDER), block("PRIVATE KEY", keyDER)...))
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// write puts the bundle in place last: its presence means that both are whole.
func write(folder string, bundle, server []byte) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("make state folder: %w", err)
	}
	if err := os.WriteFile(filepath.Join(folder, pair), server, 0o600); err != nil {
		return fmt.Errorf("write certificate: %w", err)
	}
	if err := os.WriteFile(filepath.Join(folder, Bundle), bundle, 0o644); err != nil {
		return fmt.Errorf("write authority: %w", err)
	}
	return nil
}
