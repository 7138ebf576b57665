package engines

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// unpack writes the files of a wheel that match a pattern into a folder. Every pattern has to have
// some.
func unpack(wheel, folder string, patterns []string) error {
	archive, err := zip.OpenReader(wheel)
	if err != nil {
		return fmt.Errorf("open wheel: %w", err)
	}
	defer func() { _ = archive.Close() }() // it was only read
	found := map[string]bool{}
	for _, f := range archive.File {
		pattern := matching(patterns, f.Name)
		if pattern == "" || !filepath.IsLocal(f.Name) || strings.HasSuffix(f.Name, "/") {
			continue
		}
		found[pattern] = true
		if err := extract(f, filepath.Join(folder, filepath.FromSlash(f.Name))); err != nil {
			return fmt.Errorf("unpack %s: %w", f.Name, err)
		}
	}
	for _, p := range patterns {
		if !found[p] {
			return fmt.Errorf("the wheel has no %s", p)
		}
	}
	return nil
}

func matching(patterns []string, name string) string {
	for _, p := range patterns {
		if ok, err := path.Match(p, name); ok && err == nil {
			return p
		}
	}
	return ""
}

// extract writes a file through to the disk, so that what is named as whole is whole.
func extract(f *zip.File, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // reading to the end has checked it
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}
