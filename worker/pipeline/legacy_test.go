package pipeline_test

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
	"casey.internal/worker/downstream/downstreamtest"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/pacing"
	"casey.internal/worker/pipeline"
	"casey.internal/worker/session"
)

// slowly says its sentences with a pause after each.
type slowly struct {
	said  string
	pause time.Duration
}

func (m slowly) Converse(context.Context, interviewer.Request) iter.Seq2[interviewer.Delta, error] {
	return func(yield func(interviewer.Delta, error) bool) {
		for _, sentence := range strings.SplitAfter(m.said, ". ") {
			time.Sleep(300 * time.Millisecond)
			if !yield(interviewer.Delta{Text: sentence}, nil) {
				return
			}
			time.Sleep(m.pause)
		}
		yield(interviewer.Delta{Stop: interviewer.StopEnd}, nil)
	}
}

// legacy is the legacy client: its microphone, and the page that plays.
type legacy struct {
	*page
	files downstreamtest.Page
	polly downstreamtest.Synthesizer
	leave context.CancelCauseFunc
}

func (o *legacy) SendText(data []byte) error   { return o.files.SendText(data) }
func (o *legacy) SendBinary(data []byte) error { return o.files.SendBinary(data) }

func (o *legacy) WriteRTP([]byte, uint32, bool) error {
	return o.files.SendText([]byte("a packet of audio"))
}

func (o *legacy) Send(event channel.WorkerEvent) error {
	return o.files.SendText(channel.Encode(1, event))
}

// open opens the page's channel.
func (o *legacy) open() {
	o.events <- session.Opened{Label: channel.Downstream, MaxMessageSize: 1 << 18}
}

// listen is quiet until the page has played something more, or for so long.
func (o *legacy) listen(limit time.Duration) {
	for began := time.Now(); !o.files.Muted() && time.Since(began) < limit; {
		o.quiet(100 * time.Millisecond)
	}
	for o.files.Muted() {
		o.quiet(100 * time.Millisecond)
	}
}

// talk holds an interview with the legacy client.
func talk(t *testing.T, m interviewer.Model, script func(o *legacy)) (o *legacy, reason error) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	o = &legacy{page: newPage(), leave: cancel}
	o.polly.Audios = func(text string) (time.Duration, error) {
		if strings.Contains(text, "unspeakable") {
			return 0, errors.New("polly is down")
		}
		return 200 * time.Millisecond, nil
	}
	wheel := pacing.New()
	var tasks sync.WaitGroup
	tasks.Go(func() { _ = wheel.Run(ctx) })
	tasks.Go(func() { script(o) })
	config := usual(coach(t), m, wheel)
	config.Files = voices(&o.polly)
	reason = pipeline.New(config).Run(ctx, session.Media{
		Session: interview.Session{ID: "s"}, Packets: o.packets, Events: o.events, Out: o, Book: o,
		Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	cancel(nil)
	go func() { // whatever the script still says
		for range o.packets {
			continue
		}
	}()
	tasks.Wait()
	close(o.packets)
	time.Sleep(time.Minute) // the page plays what it has
	for _, fault := range o.files.Faults() {
		t.Error(fault)
	}
	return o, reason
}

// check compares what is on record, and what the page played.
func (o *legacy) check(t *testing.T, record []string, played ...string) {
	t.Helper()
	if got := o.record(); !slices.Equal(got, record) {
		t.Errorf("on record is %q\nwant %q", got, record)
	}
	for i, line := range played {
		played[i] = strings.TrimPrefix(line, "interviewer: ")
	}
	if got := o.files.Said(); !slices.Equal(got, played) {
		t.Errorf("played %q\nwant %q", got, played)
	}
}

func TestTheLegacyClient(t *testing.T) {
	for name, m := range map[string]slowly{
		"one sentence":   {said: "What did you build?"},
		"four sentences": {said: "I see. That is a good example. Thank you for telling me. What did you build?"},
		"a slow model":   {said: "I see what you mean by that. That is a good example. What did you build?", pause: 500 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o, reason := talk(t, m, func(o *legacy) {
					o.quiet(4 * time.Second) // the greeting waits for the channel
					o.open()
					for _, answer := range []string{"we built a bridge", "it is made of stone"} {
						o.listen(5 * time.Second)
						o.quiet(time.Second)
						o.speak(answer)
					}
					o.listen(10 * time.Second)
					o.events <- session.Page{Event: &channel.End{}}
					o.quiet(20 * time.Second)
				})
				if reason != nil {
					t.Errorf("over because of %v", reason)
				}
				said := "interviewer: " + m.said
				o.check(t, []string{hello, "candidate: we built a bridge", said, "candidate: it is made of stone", said, goodbye},
					hello, m.said, m.said, goodbye)
			})
		})
	}
}

// A sentence that comes too late for its reply is one of its own, and the
// conversation waits until both were played.
func TestTheLegacyClientAndAModelThatPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := slowly{said: "I see what you mean by that. What did you build?", pause: 5 * time.Second}
		o, _ := talk(t, m, func(o *legacy) {
			o.open()
			o.listen(5 * time.Second)
			o.speak("we built a bridge")
			o.listen(10 * time.Second)
			o.listen(10 * time.Second)
			o.quiet(time.Second)
			o.events <- session.Page{Event: &channel.End{}}
			o.quiet(20 * time.Second)
		})
		o.check(t, []string{hello, "candidate: we built a bridge", "interviewer: " + m.said, goodbye},
			hello, "I see what you mean by that.", "What did you build?", goodbye)
	})
}

// A page that does not switch its microphone off interrupts nobody.
func TestTheLegacyClientCannotInterrupt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, _ := talk(t, slowly{said: "Yes."}, func(o *legacy) {
			o.open()
			o.quiet(3 * time.Second)
			o.speak("wait a moment please stop it now")
			o.listen(0)
			o.quiet(4 * time.Second)
			o.events <- session.Page{Event: &channel.End{}}
			o.quiet(20 * time.Second)
		})
		o.check(t, []string{hello, goodbye}, hello, goodbye)
	})
}

func TestTheLegacyClientHearsAnApology(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, _ := talk(t, slowly{said: "This is good. It is unspeakable."}, func(o *legacy) {
			o.open()
			o.listen(5 * time.Second)
			o.speak("yes")
			o.listen(10 * time.Second)
			o.listen(2 * time.Second)
			o.events <- session.Page{Event: &channel.End{}}
			o.quiet(20 * time.Second)
		})
		apology := conversation.Defaults().Apology
		o.check(t, []string{hello, "candidate: yes", "interviewer: This is good. [cut]", "interviewer: " + apology, goodbye},
			hello, "This is good.", apology, goodbye)
	})
}

// What is on record of a reply is what was played when the page went away.
func TestTheLegacyClientGoesAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, reason := talk(t, slowly{said: "Yes."}, func(o *legacy) {
			o.open()
			o.quiet(5 * time.Second)
			o.leave(session.ErrClosed)
		})
		if !errors.Is(reason, session.ErrClosed) {
			t.Errorf("over because of %v", reason)
		}
		if got := o.record(); len(got) != 1 || got[0] != "interviewer: Hello, I am Casey, your interview coach. We will practise a job interview, and at [cut]" {
			t.Errorf("on record is %q", got)
		}
	})
}

// An end that comes while the page plays waits for it.
func TestTheLegacyClientIsToldGoodbyeAfterTheReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, reason := talk(t, slowly{said: "Yes."}, func(o *legacy) {
			o.open()
			o.quiet(3 * time.Second)
			o.events <- session.Page{Event: &channel.End{}}
			o.quiet(30 * time.Second)
		})
		if reason != nil {
			t.Errorf("over because of %v", reason)
		}
		o.check(t, []string{hello, goodbye}, hello, goodbye)
	})
}

// A breath as the reply begins does not stop what cannot be stopped.
func TestTheLegacyClientMakesANoiseAsTheReplyBegins(t *testing.T) {
	for wait := 800 * time.Millisecond; wait < 1600*time.Millisecond; wait += 100 * time.Millisecond {
		t.Run(wait.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				said := "I see what you mean by that. That is a good example."
				o, _ := talk(t, slowly{said: said}, func(o *legacy) {
					o.open()
					o.listen(5 * time.Second)
					o.speak("yes")
					o.quiet(wait)
					for range 15 {
						o.packet(20, "")
					}
					o.listen(5 * time.Second)
					o.quiet(time.Second)
					o.events <- session.Page{Event: &channel.End{}}
					o.quiet(20 * time.Second)
				})
				o.check(t, []string{hello, "candidate: yes", "interviewer: " + said, goodbye}, hello, said, goodbye)
			})
		})
	}
}
