package canned

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"casey.internal/cdk/local/aws/bedrock"
	"casey.internal/cdk/local/aws/bedrock/rules"
)

// Script reads replies, one a line, and returns a model that gives them in turn:
// the first that has not been said in the conversation. When all were said, and
// for what is no reply, it asks another model. Empty lines, and those with a #,
// are passed over.
func Script(r io.Reader, otherwise bedrock.Model) (bedrock.Model, error) {
	var replies []string
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
			replies = append(replies, line)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read replies: %w", err)
	}
	return func(request rules.Request) rules.Reply {
		usual := otherwise(request)
		next := slices.IndexFunc(replies, func(reply string) bool { return !said(request, reply) })
		if next < 0 || request.Force != "" || reports(request) {
			return usual
		}
		return rules.Reply{Text: replies[next]}
	}, nil
}

func said(r rules.Request, reply string) bool {
	return slices.ContainsFunc(r.Messages, func(m rules.Message) bool {
		return m.Role == rules.Assistant && strings.Contains(m.Text, reply)
	})
}

// reports tells whether a request is for the feedback, whose tool is the only one.
func reports(r rules.Request) bool { return len(r.Tools) == 1 && r.Tools[0].Name == "report" }
