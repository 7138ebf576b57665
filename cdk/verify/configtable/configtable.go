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

	"casey.internal/lambdas/function"
)

// Row is one thing that can be configured.
type Row struct{ Name, Default, Meaning string }

// Worker returns the variables of the worker out of the source of its command,
// where they are the elements of `variables`: name, default, meaning.
func Worker(source []byte) ([]Row, error) {
	var rows []Row
	err := inspect(source, func(n ast.Node) {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Names[0].Name != "variables" || len(spec.Values) != 1 {
			return
		}
		list, _ := spec.Values[0].(*ast.CompositeLit)
		for _, element := range list.Elts {
			if v, ok := element.(*ast.CallExpr); ok && len(v.Args) >= 3 {
				rows = append(rows, Row{literal(v.Args[0]), literal(v.Args[1]), literal(v.Args[2])})
			}
		}
	})
	return rows, err
}

// Lambdas returns the variables of the functions.
func Lambdas() []Row {
	var rows []Row
	for _, v := range function.Variables {
		rows = append(rows, Row{v.Name, v.Default, v.Meaning})
	}
	return rows
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
