package canned

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"casey.internal/cdk/local/aws/bedrock"
	"casey.internal/cdk/local/aws/bedrock/converse"
)

// Script reads replies, one a line, and returns a model that gives them in turn:
// the first that has not been said in the conversation. When all were said, and
// for what is no reply, it asks another model. Empty lines, and those with a #,
// are passed over.
func Script(r io.Reader, otherwise bedrock.Answer) (bedrock.Answer, error) {
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
	return func(request converse.Request) converse.Reply {
		usual := otherwise(request)
		next := slices.IndexFunc(replies, func(reply string) bool { return !said(request, reply) })
		if next < 0 || request.Force != "" || reports(request) {
			return usual
		}
		return converse.Reply{Text: replies[next]}
	}, nil
}

func said(r converse.Request, reply string) bool {
	return slices.ContainsFunc(r.Messages, func(m converse.Message) bool {
		return m.Role == converse.Assistant && strings.Contains(m.Text, reply)
	})
}

// reports tells whether a request is for the feedback, whose tool is the only one.
func reports(r converse.Request) bool { return len(r.Tools) == 1 && r.Tools[0].Name == "report" }
