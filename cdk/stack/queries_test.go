package stack

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"casey.internal/shared/price"
	"casey.internal/worker/ledger"
	"casey.internal/worker/usage"
)

// TestQueriesFindWhatIsLogged: their messages are in the worker's source, and
// their fields are those of a line of the usage log.
func TestQueriesFindWhatIsLogged(t *testing.T) {
	fields, sources := usageFields(t), workerSources(t)
	messages := regexp.MustCompile(`msg = "([^"]+)"`)
	byFields := regexp.MustCompile(`(?:by|sum\() ?([a-z_, ]+)`)
	made, checked := synth(t, nil), 0
	for _, q := range made.of("AWS::Logs::QueryDefinition") {
		query, _ := q.at("QueryString").(string)
		for _, m := range messages.FindAllStringSubmatch(query, -1) {
			checked++
			if !strings.Contains(sources, `"`+m[1]+`"`) {
				t.Errorf("nobody logs %q", m[1])
			}
		}
		for _, m := range byFields.FindAllStringSubmatch(query, -1) {
			for field := range strings.FieldsFuncSeq(m[1], func(r rune) bool { return r == ',' || r == ' ' }) {
				checked++
				if _, ok := fields[field]; !ok {
					t.Errorf("a line of the usage log has no %s: %s", field, query)
				}
			}
		}
	}
	if checked < 6 {
		t.Errorf("only %d names were found in the queries", checked)
	}
}

// usageFields are those of a line, of a call that has them all.
func usageFields(t *testing.T) map[string]any {
	t.Helper()
	var out bytes.Buffer
	book := ledger.New(ledger.Config{Log: ledger.Writer{Writer: &out}})
	book.Record(usage.Call{Session: "s", Service: "polly", Operation: "o", Code: "c", Turn: 1, Characters: 1, Tokens: price.Tokens{Input: 1, Output: 1}, Audio: 1})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_ = book.Run(ctx) // writes what is left, and ends with ctx
	fields := map[string]any{}
	if err := json.Unmarshal(out.Bytes(), &fields); err != nil {
		t.Fatal(err)
	}
	return fields
}

func workerSources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir("../../worker", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		data, err := os.ReadFile(file)
		all.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
