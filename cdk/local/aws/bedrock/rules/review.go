package rules

import (
	"fmt"
	"regexp"
	"strings"

	"casey.internal/cdk/local/aws/bedrock/converse"
)

// exchanged finds the questions and answers that a review is asked for, one a line.
var exchanged = regexp.MustCompile(`(?m)^Question (\d+): (.*)\nAnswer \d+: (.*)$`)

// review says of each answer what can be counted in it; nothing is judged.
func review(r converse.Request) converse.Reply {
	all := []map[string]any{}
	for _, m := range exchanged.FindAllStringSubmatch(r.Messages[len(r.Messages)-1].Text, -1) {
		all = append(all, reviewed(number(m[1]), m[3]))
	}
	return converse.Reply{Use: &converse.Use{Name: reviewTool, Input: map[string]any{"answers": all}}}
}

func reviewed(n int, text string) map[string]any {
	c := tally([]string{text})
	strong := []string{}
	if c.numbers.in > 0 {
		strong = append(strong, "It has numbers.")
	}
	if c.stories.in > 0 {
		strong = append(strong, "It has how it began, what was done and what came of it, by its words.")
	}
	missing := []string{}
	if c.numbers.in == 0 {
		missing = append(missing, "It has no number.")
	}
	if c.short.in > 0 {
		missing = append(missing, fmt.Sprintf("It has fewer than %d words.", shortAnswer))
	}
	quotes := []string{}
	for _, f := range []findings{c.numbers, c.stories} {
		if f.example != "" {
			quotes = append(quotes, f.example)
		}
	}
	return map[string]any{
		"number": n, "score": 0, "stronger": "", "quotes": quotes, "strong": strings.Join(strong, " "), "missing": strings.Join(missing, " "),
		"said": fmt.Sprintf("You answered in %s, beginning with “%s”.", several(c.words[0], "word"), quote(text, 0)),
	}
}
