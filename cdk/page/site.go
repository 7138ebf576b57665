package page

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// Policy returns the page's Content-Security-Policy, which lets it run its own code and talk
// to casey at these WebSocket addresses. Exhibits are pictures of anybody, an avatar is a file
// of anybody, with pictures in it.
func Policy(casey string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: https:; media-src 'self' blob:; " +
		"connect-src 'self' " + casey + " https: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// anywhere is a casey that the page's own address may name (?ws=).
const anywhere = "ws: wss:"

// Permissions is the page's Permissions-Policy.
const Permissions = "microphone=(self), camera=()"

// ServeHTTP answers with a file of the page; / is index.html.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	data, ok := s.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the page is only to be read", http.StatusMethodNotAllowed)
		return
	}
	s.headers(w.Header(), name)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
}

func (s *Site) headers(h http.Header, name string) {
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("Content-Security-Policy", Policy(anywhere))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", Permissions)
	if s.immutable[name] {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
}

// Size returns the number of bytes of all files together.
func (s *Site) Size() int {
	size := 0
	for _, data := range s.files {
		size += len(data)
	}
	return size
}

// Write puts the files into a folder, which is made where it does not exist.
func (s *Site) Write(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	for name, data := range s.files {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			return fmt.Errorf("write the page: %w", err)
		}
	}
	return nil
}
