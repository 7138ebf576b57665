// Package configtable reads out of casey's sources what can be configured, and
// keeps the tables in README.md true. `go test -update` there writes them.
package configtable

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
)

// Row is one thing that can be configured.
type Row struct{ Name, Default, Meaning string }

// Worker returns the variables of the worker out of the source of its command,
// where they are the elements of `settings`: name, default, meaning.
func Worker(source []byte) ([]Row, error) {
	var rows []Row
	err := inspect(source, func(n ast.Node) {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Names[0].Name != "settings" || len(spec.Values) != 1 {
			return
		}
		list, _ := spec.Values[0].(*ast.CompositeLit)
		for _, element := range list.Elts {
			if setting, ok := element.(*ast.CompositeLit); ok && len(setting.Elts) >= 3 {
				rows = append(rows, Row{literal(setting.Elts[0]), literal(setting.Elts[1]), literal(setting.Elts[2])})
			}
		}
	})
	return rows, err
}

// described is how a field of the functions' settings says what it is read
// from: "NAME: meaning; default VALUE", where the default may be absent or none.
var described = regexp.MustCompile(`^([A-Z][A-Z0-9_]+)(?:: (.*?))?(?:; default (.*))?$`)

// Lambdas returns the variables of the functions out of the source of their
// settings, where the comment of each field names them. A comment that is only
// names, with commas between them, says nothing about their meaning.
func Lambdas(source []byte) ([]Row, error) {
	var rows []Row
	err := inspect(source, func(n ast.Node) {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != "Settings" {
			return
		}
		for _, field := range spec.Type.(*ast.StructType).Fields.List {
			rows = append(rows, comment(field.Comment.Text())...)
		}
	})
	return rows, err
}

func comment(text string) []Row {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, ":") {
		var rows []Row
		for name := range strings.SplitSeq(text, ", ") {
			rows = append(rows, Row{Name: name})
		}
		return rows
	}
	if m := described.FindStringSubmatch(text); m != nil {
		return []Row{{Name: m[1], Default: strings.TrimSuffix(m[3], "none"), Meaning: m[2]}}
	}
	return nil
}

// Flags returns the flags of a command out of its source, where a flag.FlagSet
// of the name `set` defines them.
func Flags(source []byte) ([]Row, error) {
	var rows []Row
	err := inspect(source, func(n ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) < 3 {
			return
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || fmt.Sprint(method.X) != "set" || !strings.HasSuffix(method.Sel.Name, "Var") {
			return
		}
		row := Row{Name: "-" + literal(call.Args[1]), Meaning: literal(call.Args[len(call.Args)-1])}
		if len(call.Args) == 4 {
			row.Default = literal(call.Args[2])
		}
		rows = append(rows, row.named())
	})
	return rows, err
}

// quoted is the name of a flag's value in its meaning (package flag,
// UnquoteUsage).
var quoted = regexp.MustCompile("`([^`]*)`")

// named moves the name of a flag's value to that of the flag, and says nothing
// about a default that is none.
func (r Row) named() Row {
	if m := quoted.FindStringSubmatch(r.Meaning); m != nil {
		r.Name += " " + m[1]
		r.Meaning = strings.ReplaceAll(r.Meaning, "`", "")
	}
	if r.Default == "false" {
		r.Default = ""
	}
	return r
}

func inspect(source []byte, visit func(ast.Node)) error {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.ParseComments)
	if err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	ast.Inspect(file, func(n ast.Node) bool { visit(n); return true })
	return nil
}

// literal is the value of a constant as it is written; a name is itself, with
// that of its package.
func literal(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil {
			return text
		}
		return e.Value
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return literal(e.X) + "." + e.Sel.Name
	}
	return ""
}

// Markdown is a table of rows; what is called is the heading of the first column.
func Markdown(called string, rows []Row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | default | meaning |\n|---|---|---|\n", called)
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", code(r.Name), code(r.Default), cmp.Or(strings.ReplaceAll(r.Meaning, "|", `\|`), "–"))
	}
	return b.String()
}

func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(text, "|", `\|`) + "`"
}

// Fill puts a table between the marks of its name, which are
// <!-- configuration: NAME --> and <!-- /configuration -->.
func Fill(document, name, table string) (string, error) {
	begin, end := "<!-- configuration: "+name+" -->\n", "<!-- /configuration -->"
	before, rest, found := strings.Cut(document, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return "", fmt.Errorf("there is no %q with a %q after it", strings.TrimSpace(begin), end)
	}
	return before + begin + table + end + after, nil
}
