package main

import (
	"bytes"
	"os"
	"testing"
)

// TestThreeIsWhatNpmHas fails when the version of three changed and
// vendor/three.js did not, or when somebody edited that.
func TestThreeIsWhatNpmHas(t *testing.T) {
	const folder = "../../../shared/browser"
	if _, err := os.Stat(folder + "/node_modules/three"); err != nil {
		t.Skip("three is not installed: npm ci in shared/browser does that, make test-browser too")
	}
	made, err := three(folder)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(folder + "/vendor/three.js")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(made, kept) {
		t.Error("go run ./cdk/page/vendor shared/browser makes another vendor/three.js")
	}
}

// TestPDFJSIsAsItWas fails when somebody edited it, or its version changed and it did not.
func TestPDFJSIsAsItWas(t *testing.T) {
	for _, s := range pdfScripts {
		if kept, err := os.ReadFile("../../../shared/browser/vendor/" + s.name); err != nil || !s.is(kept) {
			t.Errorf("%s is not what %s has: go run ./cdk/page/vendor shared/browser fetches it; %v", s.name, pdfjs, err)
		}
	}
	if _, err := unpack(bytes.NewReader([]byte("no package"))); err == nil {
		t.Error("unpacked out of nothing")
	}
}

func TestWithoutThree(t *testing.T) {
	if _, err := three(t.TempDir()); err == nil {
		t.Error("made out of nothing")
	}
}
