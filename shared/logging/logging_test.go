package logging_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"casey.internal/shared/logging"
)

func logged(o logging.Options, log func(*slog.Logger)) string {
	var b bytes.Buffer
	log(slog.New(logging.NewHandler(&b, o)))
	return b.String()
}

func speak(l *slog.Logger) {
	l = l.With("session", "s1", "pii.name", "secret-with")
	l.Info("heard", slog.String("pii.text", "secret-text"), slog.Group("pii", "a", "secret-group"),
		slog.Group("turn", "pii.text", "secret-inside", "number", 3))
	l.WithGroup("pii").Info("said", "b", "secret-rest")
}

func TestPrivateKeysAreDropped(t *testing.T) {
	out := logged(logging.Options{}, speak)
	if strings.Contains(out, "secret") {
		t.Errorf("private: %s", out)
	}
	for _, want := range []string{`"session":"s1"`, `"msg":"heard"`, `"number":3`, `"level":"INFO"`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
}

func TestPrivateKeysAreKeptWhenAskedFor(t *testing.T) {
	out := logged(logging.Options{KeepPII: true}, speak)
	for _, want := range []string{"secret-with", "secret-text", "secret-group", "secret-inside", "secret-rest"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
}

func TestLevel(t *testing.T) {
	out := logged(logging.Options{Level: slog.LevelWarn}, func(l *slog.Logger) {
		l.Info("low")
		l.Warn("high")
	})
	if strings.Contains(out, "low") || !strings.Contains(out, "high") {
		t.Error(out)
	}
}
