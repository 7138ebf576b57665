package shared_test

import (
	"fmt"
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
	for folder, heading := range map[string]string{"wire": "## 1. ", "channel": "## 2. "} {
		section := passage(string(document), heading, "\n## ")
		code := readSource(t, folder)
		messages, rows := code.messages(), rowsOf(section)
		if len(messages) < 10 {
			t.Errorf("%s: only the messages %v", folder, messages)
		}
		for _, m := range messages {
			row := slices.IndexFunc(rows, func(r row) bool { return r.name == m.name && slices.Equal(r.fields, code.fields(m.kind)) })
			if row < 0 {
				t.Errorf("%s has no row of %q with just the fields %q", heading, m.name, code.fields(m.kind))
				continue
			}
			rows = slices.Delete(rows, row, row+1)
		}
		for _, r := range rows {
			t.Errorf("%s: there is no message %q with the fields %q", heading, r.name, r.fields)
		}
		for name := range code.structs { // those without a type of their own
			for _, field := range code.fields(name) {
				if field := strings.TrimSuffix(field, "?"); !strings.Contains(section, "`"+field+"`") {
					t.Errorf("%s does not name %s.%s: %s", heading, folder, name, field)
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

// row is a row of one of the tables of messages; its fields are sorted, and one
// that may be absent ends with a question mark.
type row struct {
	name   string
	fields []string
}

var named = regexp.MustCompile("`([^`]+)`(\\??)")

// rowsOf returns the rows below the headings of a section.
func rowsOf(section string) (rows []row) {
	tables := strings.Split(section, "\n### From ")
	for line := range strings.Lines(strings.Join(tables[1:], "\n")) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 || !named.MatchString(cells[1]) {
			continue
		}
		var fields []string
		for _, match := range named.FindAllStringSubmatch(cells[2], -1) {
			fields = append(fields, match[1]+match[2])
		}
		rows = append(rows, row{named.FindStringSubmatch(cells[1])[1], unique(fields)})
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

// message is a message's name on the wire and its type in the code.
type message struct{ name, kind string }

// messages returns those that have a name: `"name": reflect.TypeFor[Type]()` in
// a table, or a method of the type that returns it.
func (s source) messages() (all []message) {
	for _, file := range s.files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if call, ok := n.Value.(*ast.CallExpr); ok {
					if index, ok := call.Fun.(*ast.IndexExpr); ok {
						all = append(all, message{literal(n.Key), fmt.Sprint(index.Index)})
					}
				}
			case *ast.FuncDecl:
				if n.Recv == nil || len(n.Body.List) != 1 {
					break
				}
				if result, ok := n.Body.List[0].(*ast.ReturnStmt); ok && literal(result.Results[0]) != "" {
					all = append(all, message{literal(result.Results[0]), fmt.Sprint(n.Recv.List[0].Type)})
				}
			}
			return true
		})
	}
	return all
}

// literal returns the value of a string that is written out, else nothing.
func literal(e ast.Expr) string {
	text, ok := e.(*ast.BasicLit)
	if !ok {
		return ""
	}
	value, _ := strconv.Unquote(text.Value) // a number has none
	return value
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
