package canned

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"

	"casey.internal/cdk/local/aws/bedrock"
	"casey.internal/cdk/local/aws/bedrock/converse"
)

// Script reads replies, one a line, and returns a model that gives them in turn:
// the first that has not been said in the conversation. When all were said, and
// for what is no reply, it asks another model. Empty lines, and those with a #,
// are passed over. A {n} in a reply is a number that no other answer has, so that
// nobody remembers how it sounded.
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
	var count atomic.Int64
	return func(request converse.Request) converse.Reply {
		usual := otherwise(request)
		next := slices.IndexFunc(replies, func(reply string) bool { return !said(request, reply) })
		if next < 0 || request.Force != "" || reports(request) {
			return usual
		}
		return converse.Reply{Text: strings.ReplaceAll(replies[next], number, fmt.Sprintf("%04d", count.Add(1)))}
	}, nil
}

// number stands for a number in a reply.
const number = "{n}"

func said(r converse.Request, reply string) bool {
	reply, _, _ = strings.Cut(reply, number)
	return slices.ContainsFunc(r.Messages, func(m converse.Message) bool {
		return m.Role == converse.Assistant && strings.Contains(m.Text, reply)
	})
}

// reports tells whether a request is for the feedback, whose tool is the only one.
func reports(r converse.Request) bool { return len(r.Tools) == 1 && r.Tools[0].Name == "report" }
