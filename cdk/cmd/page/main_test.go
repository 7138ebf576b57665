package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestThePageIsWritten(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "site")
	var out strings.Builder
	if err := run([]string{"-ws", "wss://casey.example.com/ws", folder}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(filepath.Join(folder, "config.json"))
	if err != nil || string(config) != `{"ws":"wss://casey.example.com/ws"}` {
		t.Errorf("config.json is %s, %v", config, err)
	}
	if !strings.HasSuffix(out.String(), " bytes in "+folder+"\n") {
		t.Errorf("it said %q", out.String())
	}
}

func TestAWrongCommandLine(t *testing.T) {
	for _, line := range []string{"", "a b", "-what a"} {
		_, wrong := errors.AsType[usageError](run(strings.Fields(line), io.Discard, io.Discard))
		if !wrong {
			t.Errorf("%q is accepted", line)
		}
	}
}

func TestHelp(t *testing.T) {
	var complaints strings.Builder
	if err := run([]string{"--help"}, io.Discard, &complaints); err != nil || !strings.Contains(complaints.String(), "-ws address") {
		t.Errorf("help is %q, %v", complaints.String(), err)
	}
}
