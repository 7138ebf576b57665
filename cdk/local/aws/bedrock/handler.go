// Package bedrock speaks the protocol of Amazon Bedrock's ConverseStream.
package bedrock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"casey.internal/cdk/local/aws/awswire"
	"casey.internal/cdk/local/aws/bedrock/rules"
	"casey.internal/cdk/local/aws/control"
	"casey.internal/cdk/local/aws/sigv4"
)

// Model replies to a checked request.
type Model func(rules.Request) rules.Reply

// Pace is how fast the model speaks.
type Pace struct {
	// FirstToken passes before the first delta.
	FirstToken time.Duration
	// TokensPerSecond is the rate of the deltas, one token each; 0: at once.
	TokensPerSecond float64
}

// tokenSize is how many characters a token has, about as models of English do.
const tokenSize = 4

// Handler answers ConverseStream.
type Handler struct {
	model Model
	pace  Pace
}

// New returns a handler that replies with the model.
func New(m Model, p Pace) *Handler { return &Handler{model: m, pace: p} }

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
	call.Describe(id, "", request.Messages[len(request.Messages)-1].Text)
	w.Header().Set("X-Amzn-Requestid", id)
	out, err := awswire.NewStream(w, "message")
	if err != nil {
		return err
	}
	t := &telling{out: out, call: call, pace: h.pace, limit: in.InferenceConfig.MaxTokens, begun: time.Now(), read: len(body) / tokenSize}
	err = t.tell(r.Context(), h.model(request))
	if e, ok := errors.AsType[*awswire.Error](err); ok {
		return errors.Join(err, out.Exception(lowerCamel(e.Name), e.Message))
	}
	return err
}

// lowerCamel is how Bedrock spells the members of its stream's union.
func lowerCamel(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// telling is one reply being written.
type telling struct {
	out   *awswire.Stream
	call  *control.Call
	pace  Pace
	limit int // of tokens, 0 for none
	begun time.Time
	read  int // tokens of the request
	told  int // tokens so far
	block int
}

// errLimit ends a reply at the request's limit of tokens.
var errLimit = errors.New("limit of tokens")

func (t *telling) tell(ctx context.Context, reply rules.Reply) error {
	if err := t.event(ctx, "messageStart", map[string]any{"role": rules.Assistant}); err != nil {
		return err
	}
	if err := control.Wait(ctx, t.pace.FirstToken); err != nil {
		return err
	}
	stop := "end_turn"
	if reply.Use != nil {
		stop = "tool_use"
	}
	err := t.blocks(ctx, reply)
	if errors.Is(err, errLimit) {
		stop = "max_tokens"
	} else if err != nil {
		return err
	}
	return t.end(ctx, stop)
}

func (t *telling) blocks(ctx context.Context, reply rules.Reply) error {
	if reply.Text != "" {
		if err := t.text(ctx, reply.Text); err != nil {
			return err
		}
	}
	if reply.Use != nil {
		return t.use(ctx, *reply.Use)
	}
	return nil
}

// text writes a text block, which has no contentBlockStart.
func (t *telling) text(ctx context.Context, text string) error {
	return t.deltas(ctx, text, func(piece string) any { return map[string]any{"text": piece} })
}

func (t *telling) use(ctx context.Context, u rules.Use) error {
	arguments, err := json.Marshal(u.Input)
	if err != nil {
		return fmt.Errorf("marshal input of %s: %w", u.Name, err)
	}
	start := map[string]any{"toolUse": map[string]any{"toolUseId": "tooluse_" + strings.ReplaceAll(awswire.NewID(), "-", ""), "name": u.Name}}
	if err := t.event(ctx, "contentBlockStart", map[string]any{"contentBlockIndex": t.block, "start": start}); err != nil {
		return err
	}
	return t.deltas(ctx, string(arguments), func(piece string) any {
		return map[string]any{"toolUse": map[string]any{"input": piece}}
	})
}

// deltas writes a block's text a token at a time, at the model's pace, and ends the block.
func (t *telling) deltas(ctx context.Context, text string, delta func(piece string) any) error {
	runes := []rune(text)
	cut := false
	for len(runes) > 0 && !cut {
		n := min(tokenSize, len(runes))
		if err := t.event(ctx, "contentBlockDelta", map[string]any{"contentBlockIndex": t.block, "delta": delta(string(runes[:n]))}); err != nil {
			return err
		}
		runes = runes[n:]
		t.told++
		cut = t.limit > 0 && t.told >= t.limit
		if err := t.breathe(ctx); err != nil {
			return err
		}
	}
	err := t.event(ctx, "contentBlockStop", map[string]any{"contentBlockIndex": t.block})
	t.block++
	if err == nil && cut {
		return errLimit
	}
	return err
}

func (t *telling) breathe(ctx context.Context) error {
	if t.pace.TokensPerSecond <= 0 {
		return nil
	}
	return control.Wait(ctx, time.Duration(float64(time.Second)/t.pace.TokensPerSecond))
}

func (t *telling) end(ctx context.Context, stop string) error {
	if err := t.event(ctx, "messageStop", map[string]any{"stopReason": stop}); err != nil {
		return err
	}
	return t.event(ctx, "metadata", map[string]any{
		"usage":   map[string]int{"inputTokens": t.read, "outputTokens": t.told, "totalTokens": t.read + t.told},
		"metrics": map[string]int64{"latencyMs": time.Since(t.begun).Milliseconds()},
	})
}

func (t *telling) event(ctx context.Context, name string, payload any) error {
	if err := t.call.Step(ctx); err != nil {
		return err
	}
	return t.out.Event(name, payload)
}
