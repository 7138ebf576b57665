package pipeline_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/pacing"
	"casey.internal/worker/pipeline"
	"casey.internal/worker/session"
	"casey.internal/worker/speech"
	"casey.internal/worker/speech/speechtest"
)

// TestStandingLinesAreSynthesisedOnce holds two interviews with a worker's cache:
// the lines of the first are there when its page is, and those of the second
// from the beginning.
func TestStandingLinesAreSynthesisedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		wheel, cache, polly := pacing.New(), speech.NewCache(), &speechtest.Synthesizer{Latency: 300 * time.Millisecond}
		var turning sync.WaitGroup
		turning.Go(func() { _ = wheel.Run(ctx) })
		config := usual(coach(t), model{}, wheel)
		config.Voice, config.Cache = voices(polly), cache
		talk := pipeline.New(config)
		for range 2 {
			if first := greeted(t, talk); first > 50*time.Millisecond {
				t.Errorf("greeted %v after the page was there", first)
			}
		}
		said := polly.Texts()
		for _, line := range append(slices.Clone(coach(t).Greeting), config.Settings.Grant, config.Settings.Reassure, config.Settings.Apology) {
			if n := len(slices.DeleteFunc(slices.Clone(said), func(s string) bool { return s != line })); n != 1 {
				t.Errorf("%q was synthesised %d times", line, n)
			}
		}
		cancel()
		turning.Wait()
	})
}

// greeted holds an interview that its page leaves after the greeting, and returns
// how long after its opening the first packet came.
func greeted(t *testing.T, talk *pipeline.Talk) time.Duration {
	t.Helper()
	p := newPage()
	var tasks sync.WaitGroup
	var opened time.Time
	tasks.Go(func() {
		p.quiet(3 * time.Second) // until the channel is open
		opened = time.Now()
		p.events <- session.Opened{Label: channel.Label, Protocol: channel.Protocol}
		p.quiet(11 * time.Second)
		p.events <- session.Page{Event: &channel.End{}}
	})
	if err := talk.Run(t.Context(), session.Media{
		Session: interview.Session{ID: "s"}, Packets: p.packets, Events: p.events, Out: p, Book: p, Log: slog.New(slog.DiscardHandler),
	}); err != nil {
		t.Error(err)
	}
	tasks.Wait()
	return p.rtp[0].Sub(opened)
}

// TestEveryStandingLineIsRemembered: what all candidates of an interview hear is short
// enough.
func TestEveryStandingLineIsRemembered(t *testing.T) {
	for _, name := range interviewer.BuiltIn().Names() {
		i, err := interviewer.BuiltIn().Find(name)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Test(t, func(t *testing.T) {
			cache, known := speech.NewCache(), map[string]bool{}
			lines := slices.Concat(i.Greeting, i.Prepared, i.Welcome, i.Closing)
			speech.Warm(t.Context(), speech.Config{Synthesizer: new(speechtest.Synthesizer), Cache: cache}, lines)
			for _, line := range lines {
				known[line] = true
			}
			if cache.Lines() != len(known) {
				t.Errorf("%s: %d of %d lines are remembered", name, cache.Lines(), len(known))
			}
		})
	}
}
