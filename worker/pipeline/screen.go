package pipeline

import (
	"sync/atomic"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
	"casey.internal/worker/session"
)

// screen shows what happens in the page, in the words of the data channel.
type screen struct {
	line     session.Media
	rates    Rates
	speaking atomic.Bool
}

// doing is what the states are called there.
var doing = map[conversation.State]channel.Doing{
	conversation.Listening: channel.Listening,
	conversation.Thinking:  channel.Thinking,
	conversation.Speaking:  channel.Speaking,
}

// Show implements conversation.Screen.
func (s *screen) Show(e conversation.Event) {
	switch e := e.(type) {
	case conversation.StateEvent:
		s.speaking.Store(e.State == conversation.Speaking)
		send(s.line, channel.State{State: doing[e.State], Turn: e.Turn})
	case conversation.CaptionEvent:
		send(s.line, caption(e))
	case conversation.PhaseEvent:
		send(s.line, e.Phase)
	case conversation.ExhibitEvent:
		send(s.line, e.Exhibit)
	case conversation.ReportEvent:
		send(s.line, e.Report)
	case conversation.MetricsEvent:
		send(s.line, metrics(e, s.rates))
	case conversation.NoticeEvent:
		send(s.line, channel.Notice{Code: e.Code, Message: e.Message})
	}
}

func caption(e conversation.CaptionEvent) channel.Caption {
	c := channel.Caption{Turn: e.Turn, Role: e.Role, Text: e.Text, Final: e.Final, Utterance: e.Utterance}
	for _, w := range e.Words {
		c.Words = append(c.Words, channel.Mark{At: milliseconds(w.At), Value: w.Text})
	}
	return c
}

// metrics counts from the end of the candidate's speech; what did not happen,
// or not after any speech, is 0.
func metrics(e conversation.MetricsEvent, rates Rates) channel.Metrics {
	since := func(at time.Time) int {
		if at.IsZero() || e.Times.EndOfSpeech.IsZero() {
			return 0
		}
		return milliseconds(at.Sub(e.Times.EndOfSpeech))
	}
	return channel.Metrics{
		Turn:         e.Turn,
		Decision:     since(e.Times.Decided),
		FirstToken:   since(e.Times.FirstToken),
		FirstAudio:   since(e.Times.FirstAudio),
		FirstPacket:  since(e.Times.FirstPacket),
		HeardMS:      since(e.Times.Audible),
		InputTokens:  e.Cost.InputTokens,
		OutputTokens: e.Cost.OutputTokens,
		Characters:   e.Cost.Characters,
		USD:          rates.usd(e.Cost.Plus(e.Thrown.Cost), e.Listened),
	}
}
