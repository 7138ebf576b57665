package interviewer_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"casey.internal/shared/apperr"
	"casey.internal/worker/interviewer"
)

func TestLoadAll(t *testing.T) {
	names := interviewer.Names()
	if len(names) < 3 {
		t.Fatalf("interviews %q", names)
	}
	for _, name := range append(names, "") {
		if i := load(t, name); i.Title == "" {
			t.Errorf("%q has no title", name)
		}
	}
}

func TestLoadUnknown(t *testing.T) {
	for _, name := range []string{"astronaut", "../coach", "coach.json"} {
		_, err := interviewer.Load(name)
		if f, ok := errors.AsType[*apperr.Error](err); !ok || !strings.Contains(f.Message, "coach") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestReadSaysAllThatIsWrong(t *testing.T) {
	const valid = `{"title":"T","persona":"P","brief":"B","greeting":["Hi."],"welcome":["Hi."],"closing":["Bye."],
		"phases":[{"name":"N","profile":"reflective","goals":["G"]}],"rubric":[{"name":"R","looksFor":"L"}]}`
	tests := []struct{ name, replace, by, want string }{
		{"valid", "", "", ""},
		{"not JSON", `{"title":`, `{"title",`, "invalid"},
		{"a field that is none", `"title"`, `"titel"`, "titel"},
		{"no title", `"T"`, `" "`, "title is missing"},
		{"no greeting", `"greeting":["Hi."],`, ``, "greeting needs"},
		{"an empty sentence", `["Bye."]`, `[""]`, "closing: a sentence of 0 bytes"},
		{"a profile that is none", `reflective`, `hasty`, `profile "hasty"`},
		{"no goals", `["G"]`, `[]`, "phase 1 has no goals"},
		{"a criterion twice", `{"name":"R","looksFor":"L"}`, `{"name":"R","looksFor":"L"},{"name":"R","looksFor":"L"}`, `"R" is there twice`},
		{"an exhibit without its file", `"rubric"`, `"exhibits":[{"title":"t","alt":"a","facts":"f","file":"no.svg"}],"rubric"`, "no.svg"},
		{"two faults", `"B","greeting":["Hi."]`, `"","greeting":[]`, "brief is missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data := strings.Replace(valid, tt.replace, tt.by, 1)
			_, err := interviewer.Read(fstest.MapFS{"x.json": {Data: []byte(data)}}, "x")
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("%v; want %q", err, tt.want)
			}
		})
	}
}
