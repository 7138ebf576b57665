package openai

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"casey.internal/cdk/local/aws/bedrock/converse"
	"casey.internal/shared/thoughts"
)

// chunks reads an answer: server-sent events, or one JSON object.
type chunks struct {
	in   *bufio.Reader
	one  bool // from a server that does not stream
	done bool
}

// maxChunk bounds one event.
const maxChunk = 1 << 20

func newChunks(r *http.Response) *chunks {
	return &chunks{in: bufio.NewReaderSize(r.Body, 64<<10), one: kind(r) == "application/json"}
}

// next is the next chunk; io.EOF after the last one of an answer that is whole.
func (c *chunks) next() (chunk, error) {
	if c.one {
		return c.whole()
	}
	for {
		line, err := c.line()
		if err != nil {
			return chunk{}, err
		}
		data, ok := strings.CutPrefix(line, "data:")
		if failed, is := strings.CutPrefix(line, "error:"); is {
			data, ok = `{"error":`+failed+`}`, true // as llama.cpp once told
		}
		switch data = strings.TrimSpace(data); {
		case !ok || data == "": // a comment, an event's name, the end of an event
		case data == "[DONE]":
			return chunk{}, io.EOF
		default:
			return decoded([]byte(data))
		}
	}
}

// line reads one that is complete; io.ErrUnexpectedEOF where there is none.
func (c *chunks) line() (string, error) {
	var line strings.Builder
	for {
		part, err := c.in.ReadSlice('\n')
		line.Write(part)
		switch {
		case err == nil:
			return strings.TrimRight(line.String(), "\r\n"), nil
		case errors.Is(err, io.EOF):
			return "", io.ErrUnexpectedEOF
		case !errors.Is(err, bufio.ErrBufferFull):
			return "", err
		case line.Len() > maxChunk:
			return "", broken("The model server sends events of more than %d bytes.", maxChunk)
		}
	}
}

func (c *chunks) whole() (chunk, error) {
	if c.done {
		return chunk{}, io.EOF
	}
	c.done = true
	data, err := io.ReadAll(io.LimitReader(c.in, maxChunk))
	if err != nil {
		return chunk{}, err
	}
	return decoded(data)
}

func decoded(data []byte) (chunk, error) {
	var k chunk
	if err := json.Unmarshal(data, &k); err != nil {
		return k, broken("The model server sends what is no JSON: %.80q", data)
	}
	if k.Error != nil {
		return k, broken("The model server broke off. It says: %s", k.Error.Message)
	}
	return k, nil
}

// answer is one being read.
type answer struct {
	client *Client
	pieces *chunks
	guard  *time.Timer
	json   bool // it is a JSON answer

	thoughts *thoughts.Filter
	thinks   bool // by the server's own word
	spoken   spoken
	uses     []*using
	stop     string
	usage    *converse.Usage
	said     bool
}

// using is a tool's use as it comes.
type using struct {
	index     int
	id, name  string
	arguments strings.Builder
}

// tell gives an answer away as it comes, the uses of tools at its end.
func (a *answer) tell(ctx context.Context, yield func(converse.Piece, error) bool) {
	for {
		k, err := a.pieces.next()
		if errors.Is(err, io.EOF) || err != nil && a.stop != "" && context.Cause(ctx) == nil {
			break // after the reason to stop nothing is missing
		}
		if err != nil {
			yield(converse.Piece{}, a.why(ctx, err))
			return
		}
		a.guard.Reset(a.client.config.Patience)
		if !a.give(a.take(k), yield) {
			return
		}
	}
	a.end(yield)
}

// give gives text away; an answer does not begin with blanks. false = no more is
// wanted.
func (a *answer) give(text string, yield func(converse.Piece, error) bool) bool {
	if !a.said {
		text = strings.TrimLeft(text, " \t\r\n")
	}
	if text == "" {
		return true
	}
	a.said = true
	return yield(converse.Piece{Text: text}, nil)
}

// why is the error of an answer that had begun.
func (a *answer) why(ctx context.Context, err error) error {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errStalled):
		return broken("The model server has said nothing for %v in the middle of an answer.", a.client.config.Patience)
	case cause != nil:
		return cause
	case errors.Is(err, io.ErrUnexpectedEOF):
		return broken("The model server ended in the middle of an answer.")
	}
	return err
}

// take reads a chunk and returns what of it is to be said.
func (a *answer) take(k chunk) string {
	if k.Usage != nil {
		cached := min(k.Usage.Details.Cached, k.Usage.Prompt)
		a.usage = &converse.Usage{Input: k.Usage.Prompt - cached, Cached: cached, Output: k.Usage.Completion}
	}
	if len(k.Choices) == 0 {
		return ""
	}
	d := k.Choices[0].Delta
	if whole := k.Choices[0].Message; whole != nil {
		d = *whole
	}
	if k.Choices[0].FinishReason != "" {
		a.stop = k.Choices[0].FinishReason
	}
	if d.Reasoning != "" || d.Thoughts != "" {
		a.thinks = true
	}
	for _, f := range d.ToolCalls {
		a.fragment(f)
	}
	return a.say(a.thoughts.Add(d.Content))
}

// say is what is to be said of a text without thoughts.
func (a *answer) say(text string) string {
	if a.json && text != "" {
		return a.spoken.add(text)
	}
	return text
}

// fragment adds to the use that it is of.
func (a *answer) fragment(f fragment) {
	index := len(a.uses)
	if f.Index != nil {
		index = *f.Index
	} else if f.Function.Name == "" {
		index--
	}
	var u *using
	for _, known := range a.uses {
		if known.index == index && !f.another(known) {
			u = known
		}
	}
	if u == nil {
		u = &using{index: index, id: f.ID, name: f.Function.Name}
		a.uses = append(a.uses, u)
	}
	u.arguments.WriteString(string(f.Function.Arguments))
}

// another reports whether a fragment begins one more use at the place of a known
// one: some servers count all as the first.
func (f fragment) another(known *using) bool {
	if f.ID != "" && known.id != "" {
		return f.ID != known.id
	}
	return f.Function.Name != ""
}

// end gives away what comes last.
func (a *answer) end(yield func(converse.Piece, error) bool) {
	thinks := a.thinks || a.thoughts.Any()
	a.client.remember(thinks, a.thoughts.Unopened())
	if !a.give(a.say(a.thoughts.End()), yield) {
		return
	}
	uses, err := a.used()
	if err == nil && len(uses) == 0 && !a.said && thinks {
		err = broken("The model thought until its tokens were spent, and said nothing. Another model, or one that does not think, is better for talking.")
	}
	if err != nil {
		yield(converse.Piece{}, err)
		return
	}
	for _, u := range uses {
		if !yield(converse.Piece{Use: u}, nil) {
			return
		}
	}
	yield(converse.Piece{Usage: a.usage, Stop: a.reason(len(uses) > 0)}, nil)
}

func (a *answer) reason(used bool) string {
	switch {
	case a.stop == "length":
		return converse.StopMaxTokens
	case used:
		return converse.StopTool
	}
	return converse.StopEnd
}

// used are the uses of tools. An input that is no object, as the limit of tokens may
// leave it, is given away as it stands: the worker knows what to make of it.
func (a *answer) used() (all []*converse.Use, err error) {
	if a.json {
		u, ok := a.spoken.use()
		switch {
		case u != nil:
			return []*converse.Use{u}, nil
		case !ok && !a.said && a.stop != "length":
			return nil, broken("The model's answer is not in the form that it was asked for.")
		}
		return nil, nil
	}
	for _, u := range a.uses {
		use := &converse.Use{ID: u.id, Name: u.name, Input: map[string]any{}}
		text := strings.TrimSpace(u.arguments.String())
		if text != "" && (json.Unmarshal([]byte(text), &use.Input) != nil || use.Input == nil) {
			use.Input, use.Written = nil, &text
		}
		all = append(all, use)
	}
	return all, nil
}

// remember keeps what an answer's thoughts tell of the model.
func (c *Client) remember(thinks, unopened bool) {
	if !thinks {
		return
	}
	known := c.known()
	if !known.thinks {
		c.config.Log.Warn("this model thinks before it speaks, which takes time; its thoughts are not spoken", "model", c.config.Model)
	}
	c.learn(func(to *traits) { to.thinks, to.opened = true, to.opened || unopened })
}
