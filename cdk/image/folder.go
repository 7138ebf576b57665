package image

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// rootsFile is the file of roots that Go's crypto/x509 looks at first.
const rootsFile = "etc/ssl/certs/ca-certificates.crt"

// recipe is for those who have Docker and want to use it.
const recipe = `FROM scratch
COPY . /
USER ` + User + `
ENTRYPOINT ["` + Entrypoint + `"]
`

// Fill writes into a folder all that is in the image, but the binary, which is
// to be called worker.
func Fill(folder string) error {
	for name, data := range map[string][]byte{rootsFile: Roots(), dockerfile: []byte(recipe), ignore: []byte(dockerfile + "\n" + ignore + "\n")} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("image: %w", err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return fmt.Errorf("image: %w", err)
		}
	}
	return nil
}

// Roots returns Mozilla's root certificates as PEM, those of a module that
// go.mod pins: an image does not depend on the machine that made it. Roots with
// restrictions that a certificate cannot say are left out.
func Roots() []byte {
	var out bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint == nil {
			_ = pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}) // memory takes all
		}
	}
	return out.Bytes()
}
