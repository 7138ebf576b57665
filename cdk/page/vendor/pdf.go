package main

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// pdfjs is the npm package that reads PDF files: it is packed and not installed, since it
// would bring 35 MB that only a server needs.
const pdfjs = "pdfjs-dist@6.5.438"

// script is a file of it that the page needs, as it is.
type script struct{ file, name, sha256 string }

var pdfScripts = []script{
	{"package/build/pdf.min.mjs", "pdf.js", "3a88402882cfa3e7e72c2c9b5149f52f0f88baf1c5b62aa11a41abdbc2072440"},
	{"package/build/pdf.worker.min.mjs", "pdf-worker.js", "1e64c8240e54735ec5913b37acd5134747799cb8c6bb3777c70adbc01232d2aa"},
}

// is reports whether data is the script.
func (s script) is(data []byte) bool { return fmt.Sprintf("%x", sha256.Sum256(data)) == s.sha256 }

// pdf returns the scripts that read PDF files, by their names here.
func pdf(ctx context.Context) (scripts map[string][]byte, err error) {
	folder, err := os.MkdirTemp("", "pdfjs")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	pack := exec.CommandContext(ctx, "npm", "pack", pdfjs, "--silent")
	pack.Dir = folder
	if out, err := pack.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm pack %s: %w\n%s", pdfjs, err, out)
	}
	packed, err := filepath.Glob(filepath.Join(folder, "*.tgz"))
	if err != nil || len(packed) != 1 {
		return nil, fmt.Errorf("npm pack %s made %v: %w", pdfjs, packed, err)
	}
	file, err := os.Open(packed[0])
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return unpack(file)
}

// unpack returns the scripts in a package, which are what they are meant to be.
func unpack(file io.Reader) (map[string][]byte, error) {
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	scripts := map[string][]byte{}
	for archive := tar.NewReader(unzipped); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(pdfScripts, func(s script) bool { return s.file == header.Name })
		if at < 0 {
			continue
		}
		data, err := io.ReadAll(archive)
		if err != nil {
			return nil, err
		}
		if !pdfScripts[at].is(data) {
			return nil, fmt.Errorf("%s has another %s than before", pdfjs, header.Name)
		}
		scripts[pdfScripts[at].name] = data
	}
	if len(scripts) != len(pdfScripts) {
		return nil, fmt.Errorf("%s has not all of %v", pdfjs, pdfScripts)
	}
	return scripts, nil
}
