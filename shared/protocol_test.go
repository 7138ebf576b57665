package shared_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestTheProtocolNamesEveryMessage holds PROTOCOL.md to the code: each message
// has a row with exactly its fields, and no row is left of one that is gone.
func TestTheProtocolNamesEveryMessage(t *testing.T) {
	document, err := os.ReadFile("PROTOCOL.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, side := range []struct{ folder, method, section, heading string }{
		{"wire", "kind", "## 1. ", "### From the browser"},
		{"wire", "kind", "## 1. ", "### From casey"},
		{"channel", "workerEvent", "## 2. ", "### From the worker"},
		{"channel", "pageEvent", "## 2. ", "### From the page"},
	} {
		section := passage(string(document), side.section, "\n## ")
		rows, code := rowsOf(passage(section, side.heading, "\n#")), readSource(t, side.folder)
		messages := code.messages(side.method, side.heading == "### From casey")
		if len(messages) == 0 {
			t.Errorf("%s: no type has a method %s", side.folder, side.method)
		}
		for name, kind := range messages {
			got, there := rows[name]
			if want := code.fields(kind); !there || !slices.Equal(got, want) {
				t.Errorf("%s, %s: the row of %q (there is one: %t) has the fields %q, the code has %q", side.section, side.heading, name, there, got, want)
			}
			delete(rows, name)
		}
		for name := range rows {
			t.Errorf("%s, %s: there is no message %q", side.section, side.heading, name)
		}
		for name := range code.structs { // those without a type of their own
			for _, field := range code.fields(name) {
				if field := strings.TrimSuffix(field, "?"); !strings.Contains(section, "`"+field+"`") {
					t.Errorf("%s does not name %s.%s: %s", side.section, side.folder, name, field)
				}
			}
		}
	}
}

// passage returns the text from a heading to the next that begins with end.
func passage(text, heading, end string) string {
	_, text, _ = strings.Cut(text, "\n"+heading)
	text, _, _ = strings.Cut(text, end)
	return text
}

var named = regexp.MustCompile("`([^`]+)`(\\??)")

// rowsOf returns the fields in the second cell of each row of a table, sorted,
// by the name in its first.
func rowsOf(table string) map[string][]string {
	rows := map[string][]string{}
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 || !named.MatchString(cells[1]) {
			continue
		}
		var fields []string
		for _, match := range named.FindAllStringSubmatch(cells[2], -1) {
			fields = append(fields, match[1]+match[2])
		}
		rows[named.FindStringSubmatch(cells[1])[1]] = unique(fields)
	}
	return rows
}

func unique(fields []string) []string {
	slices.Sort(fields)
	return slices.Compact(fields)
}

// source is a package's code.
type source struct {
	files   []*ast.File
	structs map[string]*ast.StructType
}

func readSource(t *testing.T, folder string) source {
	t.Helper()
	s := source{structs: map[string]*ast.StructType{}}
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		s.files = append(s.files, file)
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.IsExported() {
				if kind, ok := spec.Type.(*ast.StructType); ok {
					s.structs[spec.Name.Name] = kind
				}
			}
			return true
		})
	}
	return s
}

// messages returns the types whose method of a name returns a literal, by that
// literal: so each message tells its `type`. Where the package lists what its
// server sends, they are those in the list, or those that are not.
func (s source) messages(method string, server bool) map[string]string {
	messages, listed := map[string]string{}, s.listed("serverMessages")
	for _, file := range s.files {
		for _, declaration := range file.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if !ok || f.Recv == nil || f.Name.Name != method {
				continue
			}
			kind := f.Recv.List[0].Type.(*ast.Ident).Name
			literal := f.Body.List[0].(*ast.ReturnStmt).Results[0].(*ast.BasicLit)
			if name, err := strconv.Unquote(literal.Value); err == nil && name != "" && listed[kind] == server {
				messages[name] = kind
			}
		}
	}
	return messages
}

// listed returns the names in the value of a variable, if there is one.
func (s source) listed(variable string) map[string]bool {
	names := map[string]bool{}
	for _, file := range s.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && spec.Names[0].Name == variable {
				ast.Inspect(spec.Values[0], func(n ast.Node) bool {
					if name, ok := n.(*ast.Ident); ok {
						names[name.Name] = true
					}
					return true
				})
			}
			return true
		})
	}
	return names
}

// fields returns the JSON names of a struct's members and of the structs of its
// package within it, sorted; one that may be absent ends with a question mark.
func (s source) fields(kind string) []string {
	structure := s.structs[kind]
	if structure == nil {
		return nil
	}
	var fields []string
	for _, field := range structure.Fields.List {
		if field.Tag == nil {
			continue
		}
		tag, _ := strconv.Unquote(field.Tag.Value)
		name, options, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
		if options == "omitempty" {
			name += "?"
		}
		fields = append(fields, name)
		ast.Inspect(field.Type, func(n ast.Node) bool {
			if inner, ok := n.(*ast.Ident); ok {
				fields = append(fields, s.fields(inner.Name)...)
			}
			return true
		})
	}
	return unique(fields)
}
