package main

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// pdfjs is the npm package that reads PDF files, and what is in it: it is packed and not
// installed, since it would bring 35 MB that only a server needs.
const (
	pdfjs          = "pdfjs-dist@6.5.438"
	pdfjsIntegrity = "vg8Pw1x+AFKy4AMDvhuWl5cOYV8d698UoEANoFFhc79hqXDnZQqnOXoxw3HG907WHOg1JYOvLhP756boddFxpA=="
)

// pdfScripts are its files that the page needs, as they are, by their names here.
var pdfScripts = map[string]string{
	"package/build/pdf.min.mjs":        "pdf.js",
	"package/build/pdf.worker.min.mjs": "pdf-worker.js",
}

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

// unpack returns the scripts in a package that is what it is meant to be.
func unpack(file io.ReadSeeker) (map[string][]byte, error) {
	sum := sha512.New()
	if _, err := io.Copy(sum, file); err != nil {
		return nil, err
	}
	if got := base64.StdEncoding.EncodeToString(sum.Sum(nil)); got != pdfjsIntegrity {
		return nil, fmt.Errorf("%s is another package than before: its SHA-512 is %s", pdfjs, got)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
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
		if name, wanted := pdfScripts[header.Name]; wanted {
			if scripts[name], err = io.ReadAll(archive); err != nil {
				return nil, err
			}
		}
	}
	if len(scripts) != len(pdfScripts) {
		return nil, fmt.Errorf("%s has not all of %v", pdfjs, pdfScripts)
	}
	return scripts, nil
}
