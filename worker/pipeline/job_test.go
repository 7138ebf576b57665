package pipeline_test

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/pacing"
	"casey.internal/worker/pipeline"
	"casey.internal/worker/session"
	"casey.internal/worker/usage"
)

// reader is a model that notes what it is told, and makes a brief after a while.
type reader struct {
	model
	takes time.Duration

	mu      sync.Mutex
	asked   []time.Time // for a reply
	systems []string
	briefs  []int // the turns for which one was asked for
}

func (m *reader) Converse(ctx context.Context, r interviewer.Request) iter.Seq2[interviewer.Delta, error] {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r.Tools[0].Name != "brief" {
		if r.Tools[0].Name == "next_phase" {
			m.asked, m.systems = append(m.asked, time.Now()), append(m.systems, r.System)
		}
		return m.model.Converse(ctx, r)
	}
	m.briefs = append(m.briefs, usage.TurnOf(ctx))
	return func(yield func(interviewer.Delta, error) bool) {
		select {
		case <-time.After(m.takes):
			if yield(interviewer.Delta{Text: `{"role":"driver","wants":["secret brief"]}`}, nil) {
				yield(interviewer.Delta{Stop: interviewer.StopEnd}, nil)
			}
		case <-ctx.Done():
			yield(interviewer.Delta{}, ctx.Err())
		}
	}
}

// tell holds an interview with a candidate who tells of a job, and returns its log too.
func tell(t *testing.T, m *reader, s session.Media, script func(p *page)) (p *page, log string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	p = newPage()
	var lines strings.Builder
	wheel := pacing.New()
	var tasks sync.WaitGroup
	tasks.Go(func() { _ = wheel.Run(ctx) })
	tasks.Go(func() { script(p) })
	talk := pipeline.New(p.config(coach(t), m, wheel))
	s.Session.ID, s.Packets, s.Events, s.Out, s.Book = "s", p.packets, p.events, p, p
	s.Log = slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug}))
	_ = talk.Run(ctx, s)
	cancel()
	go func() { // whatever the script still says
		for range p.packets {
			continue
		}
	}()
	tasks.Wait()
	close(p.packets)
	return p, lines.String()
}

// notices are the codes of what the page was told that went wrong.
func (p *page) notices() (codes []apperr.Code) {
	for _, e := range p.shown {
		if n, ok := e.(channel.Notice); ok {
			codes = append(codes, n.Code)
		}
	}
	return codes
}

// spoken reports whether the interviewer has said anything by now.
func (p *page) spoken() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.rtp) > 0
}

func (p *page) kepts() (n int) {
	for _, e := range p.shown {
		if _, ok := e.(channel.Kept); ok {
			n++
		}
	}
	return n
}

var (
	longCV   = strings.Repeat("I drove the secret tram through the night.\n", 400)
	announce = session.Opened{Label: channel.Label, Protocol: channel.ProtocolJob}
)

func answerAndEnd(p *page) {
	p.quiet(11 * time.Second)
	p.speak("we built a bridge")
	p.quiet(6 * time.Second)
	p.events <- session.Page{Event: &channel.End{}}
	p.quiet(10 * time.Second)
}

// TestAJobIsKeptAndCondensed: it comes before the greeting, is kept, made into a brief
// meanwhile, which is for a turn and kept too, and nothing of it is logged or sent back.
func TestAJobIsKeptAndCondensed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &reader{model: model{said: "I see. What did you build?"}, takes: 2 * time.Second}
		p, log := tell(t, m, session.Media{}, func(p *page) {
			p.events <- announce
			p.quiet(3 * time.Second)
			if p.spoken() {
				t.Error("it greets before it knows")
			}
			p.events <- session.Page{Event: &channel.Job{Role: "driver of secret trams", CV: longCV, Minutes: 7}}
			answerAndEnd(p)
		})
		want := interview.Job{Role: "driver of secret trams", CV: longCV, Minutes: 7}
		withBrief := want
		withBrief.Brief = "Role: driver\nThe job wants: secret brief"
		if !slices.Equal(p.jobs, []interview.Job{want, withBrief}) || p.kepts() != 1 || !slices.Equal(m.briefs, []int{1}) {
			t.Errorf("kept %d times, %d told, briefs asked for turns %v", len(p.jobs), p.kepts(), m.briefs)
		}
		if len(m.systems) == 0 || !strings.Contains(m.systems[0], "> The job wants: secret brief") || strings.Contains(m.systems[0], "secret tram") {
			t.Errorf("the reply was told %q", m.systems)
		}
		if phase, ok := p.shown[slices.IndexFunc(p.shown, func(e any) bool { _, is := e.(channel.Phase); return is })].(channel.Phase); !ok || phase.Left > 7*60*1000 {
			t.Errorf("%+v", phase)
		}
		if !strings.Contains(log, "job condensed") || strings.Contains(log, "secret") {
			t.Errorf("logged: %s", log)
		}
		if sent := fmt.Sprintf("%+v", p.shown); strings.Contains(sent, "secret") {
			t.Errorf("sent: %s", sent)
		}
	})
}

// TestNoReplyWaitsForABrief: it is told of a cut until there is one, at the same time.
func TestNoReplyWaitsForABrief(t *testing.T) {
	replied := func(takes time.Duration, job *interview.Job) (at time.Duration, system string) {
		synctest.Test(t, func(t *testing.T) {
			began, m := time.Now(), &reader{model: model{said: "I see. What did you build?"}, takes: takes}
			tell(t, m, session.Media{Job: job}, func(p *page) {
				p.events <- announce // of a page that does not know that it was kept
				answerAndEnd(p)
			})
			if len(m.asked) == 0 {
				t.Fatal("no reply")
			}
			at, system = m.asked[0].Sub(began), m.systems[0]
		})
		return at, system
	}
	without, _ := replied(0, &interview.Job{Role: "driver"})
	for _, takes := range []time.Duration{0, time.Hour} {
		at, system := replied(takes, &interview.Job{CV: longCV})
		if cut := strings.Contains(system, "> CV: I drove"); at != without || cut != (takes > 0) {
			t.Errorf("a brief that takes %v: asked after %v, without a job %v; told of the cut: %t", takes, at, without, cut)
		}
	}
}

// TestWhoSaysNothingOfAJobDoesNotWait: neither casey's own page nor another client.
func TestWhoSaysNothingOfAJobDoesNotWait(t *testing.T) {
	for name, opened := range map[string]session.Opened{
		"casey's page": {Label: channel.Label, Protocol: channel.Protocol},
		"any":          {},
	} {
		synctest.Test(t, func(t *testing.T) {
			p, _ := tell(t, &reader{}, session.Media{}, func(p *page) {
				p.events <- opened
				p.quiet(time.Second)
				if !p.spoken() {
					t.Errorf("%s: nobody was greeted within a second", name)
				}
				p.events <- session.Page{Event: &channel.End{}}
				p.quiet(10 * time.Second)
			})
			if len(p.jobs) != 0 {
				t.Errorf("%s: kept %v", name, p.jobs)
			}
		})
	}
}

// TestAJobThatCannotBeUsed: the interview begins without it, and the page is told why.
func TestAJobThatCannotBeUsed(t *testing.T) {
	job := session.Page{Event: &channel.Job{CV: "trams"}}
	for name, test := range map[string]struct {
		send   func(p *page)
		starts time.Duration // of the greeting, at the latest
		codes  []apperr.Code
	}{
		"it is refused": {func(p *page) {
			p.events <- announce
			p.events <- session.Refused{Why: apperr.New(apperr.TooLarge, "send less")}
		}, time.Second, []apperr.Code{apperr.TooLarge}},
		"it does not come": {func(p *page) { p.events <- announce }, 9 * time.Second, nil},
		"it comes late": {func(p *page) {
			p.events <- announce
			p.quiet(10 * time.Second)
			p.events <- job
		}, 11 * time.Second, []apperr.Code{apperr.TooLate}},
		"it was not announced": {func(p *page) {
			p.events <- session.Opened{Label: channel.Label, Protocol: channel.Protocol}
			p.quiet(2 * time.Second)
			p.events <- job
		}, 3 * time.Second, []apperr.Code{apperr.TooLate}},
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			p, _ := tell(t, &reader{}, session.Media{}, func(p *page) {
				test.send(p)
				p.quiet(12 * time.Second)
				p.events <- session.Page{Event: &channel.End{}}
				p.quiet(10 * time.Second)
			})
			if len(p.rtp) == 0 || p.rtp[0].Sub(began) > test.starts || !slices.Equal(p.notices(), test.codes) || len(p.jobs) != 0 {
				t.Errorf("%s: greeted after %v, told %v, kept %v", name, p.rtp[0].Sub(began), p.notices(), p.jobs)
			}
		})
	}
}

// TestAKeptJobIsKnownElsewhere: the next worker knows the brief and asks for none, and
// answers a page that tells of the job again.
func TestAKeptJobIsKnownElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &reader{model: model{said: "I see. What did you build?"}}
		kept := &interview.Job{CV: longCV, Brief: "Role: driver\nWorth asking: Why trams?"}
		turns := []interview.Turn{{Number: 1, Role: interview.Interviewer, Text: "What did you build?", Began: time.Now(), Ended: time.Now()}}
		p, _ := tell(t, m, session.Media{Job: kept, Turns: turns, Session: interview.Session{Carry: `{"Progress":{"Phase":{"Index":1,"Of":3}}}`}}, func(p *page) {
			p.events <- announce
			p.quiet(time.Second)
			if !p.spoken() {
				t.Error("it waits for what it knows")
			}
			p.events <- session.Page{Event: &channel.Job{CV: "another"}}
			answerAndEnd(p)
		})
		if len(m.briefs) != 0 || len(p.jobs) != 0 || p.kepts() != 1 || len(m.systems) == 0 || !strings.Contains(m.systems[0], "> Worth asking: Why trams?") {
			t.Errorf("briefs %v, kept %d, told %d, %q", m.briefs, len(p.jobs), p.kepts(), m.systems)
		}
	})
}

// TestTheLegacyClientHearsNothingOfAJob, whatever its channel brings: any event but its own
// is a fault of the page that it is tested with.
func TestTheLegacyClientHearsNothingOfAJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, _ := talk(t, slowly{said: "What did you build?"}, func(o *legacy) {
			o.open()
			o.quiet(100 * time.Millisecond)
			o.events <- session.Page{Event: &channel.Job{CV: longCV}}
			o.events <- session.Refused{Why: apperr.New(apperr.Malformed, "send JSON")}
			o.listen(5 * time.Second)
			o.events <- session.Page{Event: &channel.End{}}
			o.quiet(20 * time.Second)
		})
		if len(o.jobs) > 0 || len(o.record()) == 0 || strings.Contains(strings.Join(o.files.Said(), " "), "secret") {
			t.Errorf("kept %d jobs, on record is %q", len(o.jobs), o.record())
		}
	})
}
