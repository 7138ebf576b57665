package logs_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"casey.internal/cdk/local/process/logs"
)

func TestLinesBecomeText(t *testing.T) {
	var plain, coloured bytes.Buffer
	b := logs.New()
	b.Copy(&plain, slog.LevelInfo, false)
	b.Copy(&coloured, slog.LevelWarn, true)
	w := b.Writer("worker-1")
	for _, line := range []string{
		`{"time":"2026-11-21T10:11:12.5Z","level":"INFO","msg":"session answered","session":"s1","after":"12 ms","n":3,"group":{"a":1}}`,
		`{"time":"2026-11-21T10:11:13Z","level":"WARN","msg":"slow"}`,
		`{"time":"2026-11-21T10:11:13Z","level":"DEBUG","msg":"hidden"}`,
		`panic: oh no`,
		`{"not":"a log line"}`,
		`{broken`,
	} {
		if _, err := io.WriteString(w, line+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{
		"worker-1   session answered session=s1 after=\"12 ms\" n=3 group={\"a\":1}\n",
		"worker-1   WARN slow\n", "worker-1   panic: oh no\n", "worker-1   {\"not\":\"a log line\"}\n", "worker-1   {broken\n",
	} {
		if !strings.Contains(plain.String(), want) {
			t.Errorf("no %q in\n%s", want, plain.String())
		}
	}
	if strings.Contains(plain.String(), "hidden") || strings.Contains(plain.String(), "\x1b") {
		t.Errorf("plain log:\n%s", plain.String())
	}
	if got := coloured.String(); !strings.Contains(got, "\x1b[33mWARN slow") || strings.Contains(got, "answered") {
		t.Errorf("coloured log:\n%s", got)
	}
	entries := b.Entries()
	if len(entries) != 6 || entries[0].Attr("session") != "s1" || entries[2].Level != slog.LevelDebug {
		t.Errorf("entries %+v", entries)
	}
}

func TestAwait(t *testing.T) {
	b := logs.New()
	log := b.Logger("gateway")
	log.Info("early", "n", 1)
	var waiting sync.WaitGroup
	for _, message := range []string{"early", "late"} {
		waiting.Go(func() {
			e, err := b.Await(t.Context(), func(e logs.Entry) bool { return e.Message == message })
			if err != nil || e.Component != "gateway" {
				t.Errorf("%s: %v, %v", message, e, err)
			}
		})
	}
	log.Info("late")
	waiting.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Await(ctx, func(logs.Entry) bool { return false }); err == nil {
		t.Error("no error after the context's end")
	}
}
