package pipeline

import (
	"context"

	"casey.internal/worker/interviewer"
	"casey.internal/worker/session"
	"casey.internal/worker/speech"
	"casey.internal/worker/usage"
)

// warm has the lines synthesised that any interview of this kind begins with or
// may need at once, if the worker has not said them yet. That is done for the
// first session that has them and not when a worker starts: so it is on the bill
// of an interview, a deployment of many workers does not take Polly's few
// requests a second from those who speak, and what is down makes no worker late.
func (t *Talk) warm(ctx context.Context, media session.Media) {
	if t.config.Cache == nil {
		return
	}
	lines, _ := interviewer.New(t.config.Interview, nil).Greeting(media.Turns)
	lines = append(append([]string{}, lines...), t.config.Settings.Grant, t.config.Settings.Reassure, t.config.Settings.Apology)
	speech.Warm(usage.InTurn(ctx, firstTurn(media)), speech.Config{
		Synthesizer: t.config.Voice.Main(media.Session.ID), Open: t.config.Open, Cache: t.config.Cache, Language: t.language(), Log: media.Log,
	}, lines)
}
