package configtable_test

import (
	"cmp"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"casey.internal/cdk/verify/configtable"
	"casey.internal/worker/ecs"
)

var update = flag.Bool("update", false, "write the tables into README.md")

const root = "../../.."

func rows(t *testing.T, file string, read func([]byte) ([]configtable.Row, error)) []configtable.Row {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	all, err := read(source)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 5 {
		t.Fatalf("%s configures only %v", file, all)
	}
	return all
}

// constants are the names of variables that other packages declare.
var constants = map[string]string{"ecs.MetadataVariable": ecs.MetadataVariable, "ecs.AgentVariable": ecs.AgentVariable}

func worker(t *testing.T) []configtable.Row {
	all := rows(t, "worker/cmd/worker/config.go", configtable.Worker)
	for i, r := range all {
		all[i].Name = cmp.Or(constants[r.Name], r.Name)
	}
	return all
}

// TestTheReadmeIsTrue compares README.md with the sources, or writes it.
func TestTheReadmeIsTrue(t *testing.T) {
	file := filepath.Join(root, "README.md")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	after := string(before)
	for _, table := range []struct{ name, text string }{
		{"worker", configtable.Markdown("variable", worker(t))},
		{"lambdas", configtable.Markdown("variable", configtable.Lambdas())},
		{"local", configtable.Markdown("flag", rows(t, "cdk/local/cmd/local/options.go", configtable.Flags))},
	} {
		if after, err = configtable.Fill(after, table.name, table.text); err != nil {
			t.Fatalf("README.md: %v", err)
		}
	}
	if after == string(before) {
		return
	}
	if !*update {
		t.Fatal("the tables of README.md are not those of the code: go test ./cdk/verify/configtable -update")
	}
	if err := os.WriteFile(file, []byte(after), 0o644); err != nil {
		t.Fatal(err)
	}
}

var variable = regexp.MustCompile(`^[A-Z][A-Z0-9_]+$`)

func TestEveryVariableHasANameAndAMeaning(t *testing.T) {
	for _, r := range slices.Concat(worker(t), configtable.Lambdas()) {
		if r.Meaning == "" || !variable.MatchString(r.Name) {
			t.Errorf("%q means %q", r.Name, r.Meaning)
		}
	}
}

func TestFlagsAreRead(t *testing.T) {
	got, err := configtable.Flags([]byte("package p\nfunc f() { set.IntVar(&n, \"port\", 3001, \"the `number`; a|b\"); set.BoolVar(&b, \"v\", false, \"say more\"); other.IntVar(&n, \"x\", 1, \"\") }"))
	want := []configtable.Row{{Name: "-port number", Default: "3001", Meaning: "the number; a|b"}, {Name: "-v", Meaning: "say more"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("flags are %v, %v", got, err)
	}
	if table := configtable.Markdown("flag", got[:1]); table != "| flag | default | meaning |\n|---|---|---|\n| `-port number` | `3001` | the number; a\\|b |\n" {
		t.Error(table)
	}
}

func TestFillNeedsItsMarks(t *testing.T) {
	if _, err := configtable.Fill("<!-- configuration: a -->\n", "a", ""); err == nil {
		t.Error("a mark without its end is filled")
	}
	got, err := configtable.Fill("x\n<!-- configuration: a -->\nold\n<!-- /configuration -->\ny", "a", "new\n")
	if err != nil || got != "x\n<!-- configuration: a -->\nnew\n<!-- /configuration -->\ny" {
		t.Errorf("%q, %v", got, err)
	}
}
