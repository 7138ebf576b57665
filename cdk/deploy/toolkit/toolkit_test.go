package toolkit_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"casey.internal/cdk/deploy/account"
	"casey.internal/cdk/deploy/toolkit"
)

// npx puts a program of this name first on the path.
func npx(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	for name, script := range map[string]string{"npx": script, "node": "echo v22.11.0"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+":/usr/bin:/bin")
}

func TestThePinnedVersionIsRun(t *testing.T) {
	npx(t, `pwd; echo "$@"; echo "$CDK_DOCKER"`)
	var out bytes.Buffer
	dir := t.TempDir()
	tool := toolkit.Toolkit{Folder: dir, Context: []string{"slots=8"}, Env: []string{"CDK_DOCKER=/x/docker"}, Out: &out}
	if err := tool.Run(t.Context(), "deploy", "Casey"); err != nil {
		t.Fatal(err)
	}
	if want := dir + "\n--yes aws-cdk@2.1148.1 deploy Casey -c slots=8\n/x/docker\n"; out.String() != want {
		t.Errorf("ran %q", out.String())
	}
}

func TestDifferencesAreNoFailure(t *testing.T) {
	npx(t, `case "$*" in *drift*) exit 1;; *broken*) exit 2;; esac`)
	tool := toolkit.Toolkit{Folder: t.TempDir()}
	if err := tool.Compare(t.Context(), "drift"); !errors.Is(err, toolkit.ErrDifferent) {
		t.Errorf("drift: %v", err)
	}
	if err := tool.Compare(t.Context(), "diff"); err != nil {
		t.Errorf("no difference: %v", err)
	}
	if err := tool.Compare(t.Context(), "broken"); err == nil || errors.Is(err, toolkit.ErrDifferent) {
		t.Errorf("a failure: %v", err)
	}
}

func TestWithoutNodeThereIsASentence(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := toolkit.Toolkit{}.Run(t.Context(), "synth")
	if problem, ok := errors.AsType[*account.ProblemError](err); !ok || !strings.Contains(problem.Sentence, "Node.js is not installed") {
		t.Error(err)
	}
}

func TestAnOldNodeIsASentence(t *testing.T) {
	npx(t, "exit 0")
	node := filepath.Join(filepath.SplitList(os.Getenv("PATH"))[0], "node")
	for script, say := range map[string]string{"echo v18.19.1": "Node.js 18.19.1 is too old for the CDK: install version 22", "exit 1": "Node.js does not run", "echo v26.0.0": ""} {
		if err := os.WriteFile(node, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		err := toolkit.Check(t.Context())
		if say == "" && err != nil || say != "" && (err == nil || !strings.Contains(err.Error(), say)) {
			t.Errorf("%s: %v", script, err)
		}
	}
}
