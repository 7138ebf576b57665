// Package bedrock speaks the protocol of Amazon Bedrock's ConverseStream.
package bedrock

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"

	"casey.internal/cdk/local/aws/awswire"
	"casey.internal/cdk/local/aws/bedrock/converse"
	"casey.internal/cdk/local/aws/control"
	"casey.internal/cdk/local/aws/sigv4"
)

// tokenSize is how many characters a token has, about as models of English do.
const tokenSize = 4

// Handler answers ConverseStream.
type Handler struct{ model converse.Model }

// New returns a handler that replies with the model.
func New(m converse.Model) *Handler { return &Handler{model: m} }

// Serve answers one request whose signature was verified. The path's model id is echoed in the log alone.
func (h *Handler) Serve(w http.ResponseWriter, r *http.Request, call *control.Call, _ sigv4.Grant) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("read request: %w", err)
	}
	in, err := parse(body)
	if err != nil {
		return err
	}
	request := in.request()
	id := awswire.NewID()
	call.Describe(id, "", in.said())
	answer, err := h.answer(r.Context(), request, call)
	if err != nil {
		return err
	}
	w.Header().Set("X-Amzn-Requestid", id)
	out, err := awswire.NewStream(w, "message")
	if err != nil {
		return err
	}
	t := &telling{out: out, call: call, begun: time.Now(), usage: converse.Usage{Input: len(body) / tokenSize}}
	err = t.tell(r.Context(), answer)
	if e, ok := errors.AsType[*awswire.Error](err); ok {
		return errors.Join(err, out.Exception(lowerCamel(e.Name), e.Message))
	}
	return err
}

// answer is the model's, or what it is told to write.
func (h *Handler) answer(ctx context.Context, r converse.Request, call *control.Call) (iter.Seq2[converse.Piece, error], error) {
	if w := call.Written(); w != nil {
		return written(*w), nil
	}
	return h.model.Converse(ctx, r)
}

// written gives a Written away, piece by piece.
func written(w control.Written) iter.Seq2[converse.Piece, error] {
	return func(yield func(converse.Piece, error) bool) {
		for _, text := range w.Text {
			if !yield(converse.Piece{Text: text}, nil) {
				return
			}
		}
		for _, u := range w.Uses {
			if !yield(converse.Piece{Use: &converse.Use{ID: u.ID, Name: u.Name, Written: &u.Input}}, nil) {
				return
			}
		}
		yield(converse.Piece{Stop: w.Stop}, nil)
	}
}

// lowerCamel is how Bedrock spells the members of its stream's union.
func lowerCamel(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// telling is one reply being written.
type telling struct {
	out   *awswire.Stream
	call  *control.Call
	begun time.Time
	usage converse.Usage // as the model counts, or by the length of the texts
	told  int            // characters so far
	block int
	open  bool // the block is of text, which goes on
}

func (t *telling) tell(ctx context.Context, answer iter.Seq2[converse.Piece, error]) error {
	if err := t.event(ctx, "messageStart", map[string]any{"role": converse.Assistant}); err != nil {
		return err
	}
	stop, used := "", false
	for p, err := range answer {
		if err != nil {
			return err
		}
		if err := t.piece(ctx, p); err != nil {
			return err
		}
		stop, used = cmp.Or(p.Stop, stop), used || p.Use != nil
	}
	if err := t.endBlock(ctx); err != nil {
		return err
	}
	if used && (stop == "" || stop == converse.StopEnd) {
		stop = converse.StopTool
	}
	return t.end(ctx, cmp.Or(stop, converse.StopEnd))
}

func (t *telling) piece(ctx context.Context, p converse.Piece) error {
	if p.Usage != nil {
		t.usage = *p.Usage
	}
	if p.Text != "" {
		if err := t.text(ctx, p.Text); err != nil {
			return err
		}
	}
	if p.Use != nil {
		return t.use(ctx, *p.Use)
	}
	return nil
}

// text writes a piece of a text block, which has no contentBlockStart.
func (t *telling) text(ctx context.Context, text string) error {
	t.open = true
	return t.delta(ctx, text, map[string]any{"text": text})
}

// use writes a block for a tool's use, its input in pieces as a model gives it.
func (t *telling) use(ctx context.Context, u converse.Use) error {
	if err := t.endBlock(ctx); err != nil {
		return err
	}
	arguments, err := arguments(u)
	if err != nil {
		return err
	}
	id := cmp.Or(u.ID, "tooluse_"+strings.ReplaceAll(awswire.NewID(), "-", ""))
	start := map[string]any{"toolUse": map[string]any{"toolUseId": id, "name": u.Name}}
	if err := t.event(ctx, "contentBlockStart", map[string]any{"contentBlockIndex": t.block, "start": start}); err != nil {
		return err
	}
	t.open = true
	for piece := range tokens(arguments) {
		if err := t.delta(ctx, piece, map[string]any{"toolUse": map[string]any{"input": piece}}); err != nil {
			return err
		}
	}
	return t.endBlock(ctx)
}

// arguments is a use's input as it is written.
func arguments(u converse.Use) (string, error) {
	if u.Written != nil {
		return *u.Written, nil
	}
	if u.Input == nil {
		u.Input = map[string]any{}
	}
	data, err := json.Marshal(u.Input)
	if err != nil {
		return "", fmt.Errorf("marshal input of %s: %w", u.Name, err)
	}
	return string(data), nil
}

func (t *telling) delta(ctx context.Context, text string, delta any) error {
	t.told += len(text)
	return t.event(ctx, "contentBlockDelta", map[string]any{"contentBlockIndex": t.block, "delta": delta})
}

// endBlock ends the block that is open, if one is.
func (t *telling) endBlock(ctx context.Context) error {
	if !t.open {
		return nil
	}
	t.open = false
	t.block++
	return t.event(ctx, "contentBlockStop", map[string]any{"contentBlockIndex": t.block - 1})
}

func (t *telling) end(ctx context.Context, stop string) error {
	if err := t.event(ctx, "messageStop", map[string]any{"stopReason": stop}); err != nil {
		return err
	}
	output := cmp.Or(t.usage.Output, (t.told+tokenSize-1)/tokenSize)
	return t.event(ctx, "metadata", map[string]any{
		"usage": map[string]int{
			"inputTokens": t.usage.Input, "cacheReadInputTokens": t.usage.Cached, "outputTokens": output, "totalTokens": t.usage.Input + t.usage.Cached + output,
		},
		"metrics": map[string]int64{"latencyMs": time.Since(t.begun).Milliseconds()},
	})
}

func (t *telling) event(ctx context.Context, name string, payload any) error {
	if err := t.call.Step(ctx); err != nil {
		return err
	}
	return t.out.Event(name, payload)
}
