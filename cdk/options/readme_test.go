package options_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"casey.internal/cdk/options"
)

// TestWhatTheReadmesSayCanBeDone: the options that they name are options, and
// what they have people make is a target.
func TestWhatTheReadmesSayCanBeDone(t *testing.T) {
	read := func(name string) string {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	rules := read("../../Makefile") + read("../deploy.mk")
	option := regexp.MustCompile(`-c ([A-Za-z]+)=`)
	target := regexp.MustCompile("(?:`|&& )make ([a-z0-9-]+)")
	seen := 0
	for _, name := range []string{"../../README.md", "../README.md", "../FIRST-DEPLOY.md"} {
		text := read(name)
		for _, m := range option.FindAllStringSubmatch(text, -1) {
			if seen++; !slices.Contains(options.Keys(), m[1]) && m[1] != "KEY" {
				t.Errorf("%s has -c %s=, which is no option", name, m[1])
			}
		}
		for _, m := range target.FindAllStringSubmatch(text, -1) {
			if seen++; !regexp.MustCompile(`(?m)^[a-z0-9 -]*\b` + m[1] + `\b[a-z0-9 -]*:`).MatchString(rules) {
				t.Errorf("%s has make %s, which is no target", name, m[1])
			}
		}
	}
	if seen < 40 || !strings.Contains(rules, "simulate:") {
		t.Errorf("found %d options and targets", seen)
	}
}
