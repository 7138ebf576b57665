package polly

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/polly"

	"casey.internal/worker/servicefailure"
	"casey.internal/worker/usage"
)

// ask makes one call, and makes it again if that may help, within the limit for
// the first byte. Usage is reported when the body has been received.
func (v *Voice) ask(parent context.Context, in *polly.SynthesizeSpeechInput) (*body, error) {
	if err := check(*in.Text); err != nil {
		return nil, err
	}
	call := usage.Call{
		Session: v.session, Turn: usage.TurnOf(parent), Service: service, Operation: "SynthesizeSpeech " + string(in.OutputFormat),
		Started: time.Now(), Characters: utf8.RuneCountInString(*in.Text),
	}
	ctx, cancel := context.WithCancelCause(parent)
	guard := time.AfterFunc(v.client.config.FirstByte, func() {
		cancel(servicefailure.New(service, servicefailure.TimedOut, "no voice in time"))
	})
	out, err := v.attempt(ctx, in, &call)
	if err != nil {
		guard.Stop()
		cancel(nil)
		v.report.Send(call)
		return nil, err
	}
	if out.RequestCharacters > 0 {
		call.Characters = int(out.RequestCharacters)
	}
	return receive(ctx, out.AudioStream, receiver{
		progress: func() { guard.Reset(v.client.config.Idle) },
		cancel:   cancel,
		ended: func(err error) {
			guard.Stop()
			call.Code = servicefailure.CodeOf(err)
			v.report.Send(call)
		},
	}), nil
}

// attempt makes the call, at most twice, and notes in call how that went.
func (v *Voice) attempt(ctx context.Context, in *polly.SynthesizeSpeechInput, call *usage.Call) (*polly.SynthesizeSpeechOutput, error) {
	out, err := v.client.api.SynthesizeSpeech(ctx, in)
	if servicefailure.Again(ctx, servicefailure.Why(ctx, service, err), v.client.config.Retry) {
		call.Retried = true
		out, err = v.client.api.SynthesizeSpeech(ctx, in)
	}
	if err == nil {
		return out, nil
	}
	err = servicefailure.Why(ctx, service, err)
	call.Characters, call.Code = 0, servicefailure.CodeOf(err)
	return nil, err
}
