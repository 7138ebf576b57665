package interviewer_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"casey.internal/shared/apperr"
	"casey.internal/worker/interviewer"
)

func TestLoadAll(t *testing.T) {
	names := interviewer.BuiltIn().Names()
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
	for _, name := range []string{"astronaut", "../coach", "coachjson"} {
		_, err := interviewer.BuiltIn().Find(name)
		if f, ok := errors.AsType[*apperr.Error](err); !ok || !strings.Contains(f.Message, "coach") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestALevelAddsGuidance(t *testing.T) {
	plain, hard := load(t, "case"), load(t, "case.demanding")
	if more := plain.Levels[interviewer.Demanding]; len(more) == 0 || !slices.Equal(hard.Guidance, slices.Concat(plain.Guidance, more)) {
		t.Errorf("guidance %q", hard.Guidance)
	}
	if _, err := interviewer.BuiltIn().Find("case.deadly"); err == nil || !strings.Contains(err.Error(), "deadly") {
		t.Error(err)
	}
}

func TestReadSaysAllThatIsWrong(t *testing.T) {
	const valid = `{"title":"T","goodFor":"G","interviewer":{"name":"Ada"},"persona":"P","brief":"B","greeting":["Hi."],"welcome":["Hi."],"closing":["Bye."],
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
		{"no name", `{"name":"Ada"}`, `{}`, "interviewer needs a name"},
		{"a colour that is none", `"name":"Ada"`, `"name":"Ada","face":{"skin":"red"}`, "colours are written as in"},
		{"a style that is none", `"name":"Ada"`, `"name":"Ada","face":{"style":"punk"}`, `style "punk"`},
		{"a language that is none", `"goodFor"`, `"language":"English","goodFor"`, `language "English"`},
		{"a level that is none", `"goodFor"`, `"levels":{"hard":[]},"goodFor"`, `level "hard"`},
		{"a fact about nothing", `"goodFor"`, `"facts":[{"fact":"F"}],"goodFor"`, "fact 1 needs about"},
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
