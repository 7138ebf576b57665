package canned

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"
	"sync/atomic"

	"casey.internal/cdk/local/aws/bedrock"
	"casey.internal/cdk/local/aws/bedrock/converse"
)

// Script reads replies, one a line, and returns a model that gives them in turn:
// the first of those that were said least often in the conversation. A {n} in a
// reply is a number that no other answer has, so that nobody remembers how it
// sounded; a reply without one is given once. When there is none to give, and for
// what is no reply, it asks another model. Empty lines, and those with a #, are
// passed over.
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
		next := leastSaid(request, replies)
		if next == "" || request.Force != "" || reports(request) {
			return otherwise(request)
		}
		return converse.Reply{Text: strings.ReplaceAll(next, number, fmt.Sprintf("%04d", count.Add(1)))}
	}, nil
}

// number stands for a number in a reply.
const number = "{n}"

// leastSaid is the reply that comes next, "" where all are used up.
func leastSaid(r converse.Request, replies []string) (next string) {
	least := math.MaxInt
	for _, reply := range replies {
		begins, _, again := strings.Cut(reply, number)
		said := 0
		for _, m := range r.Messages {
			if m.Role == converse.Assistant && strings.Contains(m.Text, begins) {
				said++
			}
		}
		if said < least && (said == 0 || again) {
			next, least = reply, said
		}
	}
	return next
}

// reports tells whether a request is for the feedback, whose tool is the only one.
func reports(r converse.Request) bool { return len(r.Tools) == 1 && r.Tools[0].Name == "report" }
