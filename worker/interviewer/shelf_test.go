package interviewer_test

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"casey.internal/shared/apperr"
	"casey.internal/worker/interviewer"
)

func TestBuiltIn(t *testing.T) {
	names := interviewer.BuiltIn().Names()
	if len(names) != 9 {
		t.Fatalf("interviews %q", names)
	}
	for _, name := range append(names, "") {
		if i := load(t, name); i.Title == "" {
			t.Errorf("%q has no title", name)
		}
	}
}

func TestFindUnknown(t *testing.T) {
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
	levels := strings.Replace(valid, `"goodFor"`, `"levels":{"usual":["U"],"gentle":["G"]},"goodFor"`, 1)
	shelf, err := interviewer.Open(fstest.MapFS{"x.json": {Data: []byte(levels)}})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"": "U", "x": "U", "x.usual": "U", "x.gentle": "G"} {
		if i, err := shelf.Find(name); err != nil || !slices.Equal(i.Guidance, []string{want}) {
			t.Errorf("%q: %v, %v", name, i, err)
		}
	}
	if _, err := interviewer.BuiltIn().Find("case.deadly"); err == nil || !strings.Contains(err.Error(), "deadly") {
		t.Error(err)
	}
}

func TestFurtherLanguages(t *testing.T) {
	for name, want := range map[string]string{
		"behavioural": "en-US", "behavioural.en": "en-US", "behavioural.de": "de-DE", "behavioural.es": "es-ES", "behavioural.demanding.de": "de-DE", "behavioural.demanding.en": "en-US",
	} {
		i, err := interviewer.BuiltIn().Find(name)
		if err != nil || i.Language != want || strings.Contains(name, "demanding") != (len(i.Guidance) > 3) {
			t.Errorf("%s: %+v, %v", name, i, err)
		}
	}
	for _, name := range []string{"behavioural.fr", "case.de", "behavioural.de.demanding", "behavioural.de.es", "behavioural.deadly.de"} {
		if i, err := interviewer.BuiltIn().Find(name); err == nil {
			t.Errorf("%s is %s", name, i.Title)
		}
	}
	english, german := strings.Replace(valid, `"goodFor"`, `"language":"en-US","goodFor"`, 1), strings.Replace(valid, `"goodFor"`, `"language":"de-DE","goodFor"`, 1)
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"as it should be":         {map[string]string{"x": english, "x.de": german}, ""},
		"of nothing":              {map[string]string{"y": english, "x.de": german}, "x.de.json:1: there is no x.json"},
		"of another name":         {map[string]string{"x": english, "x.es": german}, "x.es.json:1: its language has to be Spanish"},
		"without its own":         {map[string]string{"x": english, "x.de": valid}, "x.de.json:1: its language has to be German"},
		"of one that is not said": {map[string]string{"x": valid, "x.de": german}, "x.json has to say its own language"},
		"with other levels":       {map[string]string{"x": english, "x.de": strings.Replace(german, `"goodFor"`, `"levels":{"usual":[]},"goodFor"`, 1)}, "x.de.json:1: it has the levels"},
		"in a name that is none":  {map[string]string{"x": english, "x.german": german}, "x.german.json:1: a file of an interview is called"},
		"with a voice of others":  {map[string]string{"x": strings.Replace(english, `"goodFor"`, `"voice":"Vicki","goodFor"`, 1)}, "x.json:1: voice: Vicki speaks German, and the interview is in English"},
		"that is not heard":       {map[string]string{"x": strings.Replace(english, "en-US", "la-VA", 1)}, "x.json:1: language: Amazon Transcribe's streaming has no language la-VA"},
	} {
		files := fstest.MapFS{}
		for name, text := range c.files {
			files[name+".json"] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := interviewer.Open(files); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// valid is the shortest interview there can be.
const valid = `{"title":"T","goodFor":"G","interviewer":{"name":"Ada"},"minutes":10,
"persona":"P","brief":"B","greeting":["Hi."],"welcome":["Hi."],"closing":["Bye."],
"phases":[{"name":"N","profile":"reflective","goals":["G"]}],
"rubric":[{"name":"R","looksFor":"L"}]}`

func TestReadSaysAllThatIsWrong(t *testing.T) {
	tests := []struct{ name, replace, by, want string }{
		{"valid", "", "", ""},
		{"not JSON", `"persona":`, `"persona",`, "x.json:2: this is no JSON"},
		{"a field that is none", `"persona"`, `"person"`, "x.json:2: person: there is no such field"},
		{"and what is missing then", `"persona"`, `"person"`, "x.json:1: persona is missing"},
		{"a field twice", `"brief":"B"`, `"brief":"B","brief":"C"`, "x.json:2: brief: it is there twice"},
		{"no title", `"T"`, `" "`, "x.json:1: title: \" \" is not possible"},
		{"no greeting", `["Hi."],"welcome"`, `[],"welcome"`, "x.json:2: greeting: it needs at least one line"},
		{"an empty sentence", `["Bye."]`, `[""]`, "x.json:2: closing[0]"},
		{"a long sentence", `["Bye."]`, `["` + strings.Repeat("x", 301) + `"]`, "x.json:2: closing[0]: it has 301 characters; 300 are possible"},
		{"a profile that is none", `reflective`, `hasty`, "x.json:3: phases[0].profile: value must be one of"},
		{"no goals", `["G"]`, `[]`, "x.json:3: phases[0].goals: it needs"},
		{"a type that is another", `10`, `"ten"`, "x.json:1: minutes: got string, want integer"},
		{"an hour too much", `10`, `200`, "x.json:1: minutes: maximum"},
		{"a phase that is too long", `"goals"`, `"minutes":11,"goals"`, "x.json:1: minutes: the interview has 10 minutes, its phases have 11"},
		{"a phase that is too short", `"goals"`, `"minutes":9,"goals"`, "x.json:1: minutes: the interview has 10 minutes, its phases have 9"},
		{"a criterion twice", `{"name":"R","looksFor":"L"}`, "{\"name\":\"R\",\"looksFor\":\"L\"},\n{\"name\":\"R\",\"looksFor\":\"L\"}", `x.json:5: rubric[1].name: the criterion "R" is there twice`},
		{"an exhibit without its file", `"rubric"`, `"exhibits":[{"title":"t","alt":"a","facts":"f","file":"no.svg"}],"rubric"`, "x.json:4: exhibits[0].file: open no.svg"},
		{"an exhibit that is no image", `"rubric"`, `"exhibits":[{"title":"t","alt":"a","facts":"f","file":"text.svg"}],"rubric"`, "text.svg is no SVG image"},
		{"an exhibit that is too large", `"rubric"`, `"exhibits":[{"title":"t","alt":"a","facts":"f","file":"large.svg"}],"rubric"`, "16384 are possible"},
		{"an exhibit from elsewhere", `"rubric"`, `"exhibits":[{"title":"t","alt":"a","facts":"f","file":"../x.svg"}],"rubric"`, "x.json:4: exhibits[0].file"},
		{"an exhibit that there is not", `["G"]`, `["Show exhibit 1."]`, "x.json:3: phases[0].goals[0]: there is no exhibit 1"},
		{"no name", `{"name":"Ada"}`, `{}`, "x.json:1: interviewer: name is missing"},
		{"a colour that is none", `"name":"Ada"`, `"name":"Ada","face":{"skin":"red"}`, "x.json:1: interviewer.face.skin"},
		{"a style that is none", `"name":"Ada"`, `"name":"Ada","face":{"style":"punk"}`, "x.json:1: interviewer.face.style: value must be one of"},
		{"a language that is none", `"goodFor"`, `"language":"English","goodFor"`, "x.json:1: language"},
		{"a level that is none", `"goodFor"`, `"levels":{"hard":[]},"goodFor"`, "x.json:1: levels.hard: there is no such field"},
		{"a fact about nothing", `"goodFor"`, `"facts":[{"fact":"F"}],"goodFor"`, "x.json:1: facts[0]: about is missing"},
		{"a fact with a colon in what it is about", `"goodFor"`, `"facts":[{"about":"a: b","fact":"F"}],"goodFor"`, "x.json:1: facts[0].about"},
		{"a list", valid, `[]`, "x.json:1: got array, want object"},
		{"two faults", `"B","greeting":["Hi."]`, `"","greeting":[]`, "x.json:2: brief"},
		{"two faults, the other one", `"B","greeting":["Hi."]`, `"","greeting":[]`, "x.json:2: greeting"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := fstest.MapFS{
				"x.json":    {Data: []byte(strings.Replace(valid, tt.replace, tt.by, 1))},
				"text.svg":  {Data: []byte("no image")},
				"large.svg": {Data: []byte("<svg>" + strings.Repeat(" ", 16<<10) + "</svg>")},
			}
			_, err := interviewer.Read(files, "x")
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("%v; want %q", err, tt.want)
			}
		})
	}
}

func TestAFolderOfOnesOwn(t *testing.T) {
	shelf, err := interviewer.Open(fstest.MapFS{"b.json": {Data: []byte(valid)}, "a.json": {Data: []byte(valid)}, "interview.schema.json": {Data: []byte("{}")}})
	if err != nil || !slices.Equal(shelf.Names(), []string{"a", "b"}) {
		t.Fatalf("%v, %v", shelf.Names(), err)
	}
	first, _ := shelf.Find("a")
	if got, err := shelf.Find(""); err != nil || got != first {
		t.Errorf("where nobody chose, %v is held, %v", got, err)
	}
	if _, err := shelf.Find("coach"); err == nil {
		t.Error("an interview of casey is among them")
	}
	_, err = interviewer.Open(fstest.MapFS{"a.json": {Data: []byte("{}")}, "b.json": {Data: []byte("[")}, "soundcheck.json": {}, "My Own.json": {}})
	for _, want := range []string{"a.json:1: title is missing", "b.json:1: this is no JSON", "soundcheck.json:1", "My Own.json:1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
	}
	if _, err = interviewer.Open(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "there is no interview") {
		t.Errorf("an empty folder: %v", err)
	}
}

// TestTheSchemaHasTheFieldsOfAnInterview holds the schema to the types.
func TestTheSchemaHasTheFieldsOfAnInterview(t *testing.T) {
	data, err := os.ReadFile("interviews/interview.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	compare(t, "interview", schema, reflect.TypeFor[interviewer.Interview]())
}

func compare(t *testing.T, at string, schema map[string]any, of reflect.Type) {
	t.Helper()
	switch of.Kind() {
	case reflect.Slice:
		if items, ok := schema["items"].(map[string]any); ok {
			compare(t, at+"[]", items, of.Elem())
		}
		return
	case reflect.Struct:
	default:
		return
	}
	properties, _ := schema["properties"].(map[string]any)
	left := maps.Clone(properties)
	for f := range of.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() {
			continue
		}
		p, ok := properties[name].(map[string]any)
		if !ok {
			t.Errorf("the schema has no %s of %s", name, at)
			continue
		}
		delete(left, name)
		compare(t, at+"."+name, p, f.Type)
	}
	for name := range left {
		t.Errorf("no type has %s of %s", name, at)
	}
}
