package openai_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"casey.internal/cdk/local/aws/bedrock/converse"
)

// TestAnswersOfEachServer reads answers in the shapes that servers document or
// were seen to give: testdata has one a file, after a line that says what is to
// be made of it.
func TestAnswersOfEachServer(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			head, text, _ := strings.Cut(string(data), "\n")
			var want struct {
				Kind, Text, Stop string
				Uses             []converse.Use
				Usage            converse.Usage
				Error            string
			}
			if err := json.Unmarshal([]byte(head), &want); err != nil {
				t.Fatal(err)
			}
			client, _ := connect(t, usesReady, reply{kind: want.Kind, text: text})
			got := ask(t, client, request())
			switch {
			case want.Error != "":
				if got.err == nil || !strings.Contains(got.err.Error(), want.Error) {
					t.Errorf("error %v, want %q", got.err, want.Error)
				}
			case got.err != nil || got.text != want.Text || got.stop != want.Stop || got.usage != want.Usage || !sameUses(got.uses, want.Uses):
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

// sameUses compares uses with what they have behind pointers.
func sameUses(a, b []converse.Use) bool {
	return slices.EqualFunc(a, b, func(a, b converse.Use) bool { return reflect.DeepEqual(a, b) })
}
