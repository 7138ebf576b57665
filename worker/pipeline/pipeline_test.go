package pipeline_test

import (
	"bytes"
	"context"
	"errors"
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
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/pacing"
	"casey.internal/worker/peer"
	"casey.internal/worker/pipeline"
	"casey.internal/worker/recognition"
	"casey.internal/worker/recognition/recognitiontest"
	"casey.internal/worker/session"
	"casey.internal/worker/speech"
	"casey.internal/worker/speech/speechtest"
)

// model says one thing for ever, and reports when asked to.
type model struct {
	said string
	err  error
}

func (m model) Converse(_ context.Context, r interviewer.Request) iter.Seq2[interviewer.Delta, error] {
	return func(yield func(interviewer.Delta, error) bool) {
		time.Sleep(300 * time.Millisecond)
		text := m.said
		switch r.Tools[0].Name {
		case "report":
			text = "You did well."
		case "review":
			text = `{"answers":[{"number":1,"said":"You built a bridge."}]}`
		}
		if m.err == nil && !yield(interviewer.Delta{Text: text}, nil) {
			return
		}
		yield(interviewer.Delta{Stop: interviewer.StopEnd}, m.err)
	}
}

// page is a browser: what it got, and its microphone.
type page struct {
	packets chan peer.Packet
	events  chan session.Event
	ears    recognitiontest.Recognizer // that hears it

	began time.Time
	over  time.Time

	mu     sync.Mutex
	shown  []any
	rtp    []time.Time
	turns  map[int]interview.Turn
	kept   string
	jobs   []interview.Job
	finish func(context.Context) // what is left to do; nil = nothing
	next   uint16
	sound  pipeline.Sound
}

func newPage() *page {
	return &page{began: time.Now(), packets: make(chan peer.Packet, 50), events: make(chan session.Event, 64), turns: map[int]interview.Turn{}}
}

func (p *page) WriteRTP([]byte, uint32, bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rtp = append(p.rtp, time.Now())
	return nil
}

func (p *page) Send(event channel.WorkerEvent) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = append(p.shown, event)
	return nil
}

func (p *page) SendText([]byte) error { return errors.New("not for this client") }

func (p *page) SendBinary([]byte) error { return errors.New("not for this client") }

func (p *page) Keep(state string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept = state
}

func (p *page) Finish(f func(context.Context)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finish = f
}

func (p *page) KeepJob(job interview.Job, kept func()) {
	p.mu.Lock()
	p.jobs = append(p.jobs, job)
	p.mu.Unlock()
	kept()
}

func (p *page) PutTurn(t interview.Turn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turns[t.Number] = t
}

// speak says words, one each 200 ms, into the microphone, or nothing for a time.
func (p *page) speak(text string) {
	for word := range strings.FieldsSeq(text) {
		p.packet(20, "<word:"+word+">")
		for range 9 {
			p.packet(20, "")
		}
	}
}

func (p *page) quiet(d time.Duration) {
	for range d / (20 * time.Millisecond) {
		p.packet(127, "")
	}
}

// packet is 20 ms of SILK with its voice flag; the word is in the payload.
func (p *page) packet(dbov uint8, word string) {
	time.Sleep(20 * time.Millisecond)
	p.next++
	flag := byte(0x80)
	if dbov == 127 {
		flag = 0
	}
	p.packets <- peer.Packet{
		Sequence: p.next, Timestamp: uint32(p.next) * 960, Level: dbov, HasLevel: true,
		Payload: append([]byte{0x78, flag}, word...), Arrived: time.Now(),
	}
}

// words finds the word in a chunk of audio for a recogniser that reads.
type words struct{}

func (words) Frame(packets [][]byte) ([]byte, error) {
	_, word, found := bytes.Cut(bytes.Join(packets, nil), []byte("<word:"))
	word, _, _ = bytes.Cut(word, []byte(">"))
	if !found {
		return []byte(recognitiontest.Silence), nil
	}
	return word, nil
}

// coach is the interview that is held where nobody chose.
func coach(t *testing.T) *interviewer.Interview {
	t.Helper()
	data, err := interviewer.BuiltIn().Find("")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// usual is a talk with services that hear, think and say something, but have no voice yet.
func usual(iv *interviewer.Interview, m interviewer.Model, wheel *pacing.Wheel) pipeline.Config {
	return pipeline.Config{
		Interview:  iv,
		Recognizer: func(interview.SessionID, func() int) recognition.Recognizer { return &recognitiontest.Recognizer{} },
		Model:      func(interview.SessionID) interviewer.Model { return m },
		Framing:    func() (recognition.Framing, error) { return words{}, nil },
		Wheel:      wheel, Settings: conversation.Defaults(),
	}
}

// voices are one voice for every session.
func voices(s speech.Synthesizer) pipeline.Voices {
	return pipeline.Voices{Main: func(interview.SessionID) speech.Synthesizer { return s }}
}

// config is the usual talk with this page.
func (p *page) config(iv *interviewer.Interview, m interviewer.Model, wheel *pacing.Wheel) pipeline.Config {
	c := usual(iv, m, wheel)
	c.Recognizer = func(interview.SessionID, func() int) recognition.Recognizer { return &p.ears }
	c.Voice, c.Rates, c.Sound = voices(new(speechtest.Synthesizer)), pipeline.Rates{Model: "haiku", Engine: "neural", Marks: true}, &p.sound
	return c
}

// hold holds an interview with a page that does what script says.
func hold(t *testing.T, m model, name string, script func(p *page)) (p *page, reason error) {
	t.Helper()
	return goOn(t, m, interview.Session{ID: "s", Interview: name}, nil, script)
}

// goOn is hold for an interview that goes on after turns.
func goOn(t *testing.T, m model, s interview.Session, turns []interview.Turn, script func(p *page)) (p *page, reason error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	p = newPage()
	wheel := pacing.New()
	var tasks sync.WaitGroup
	tasks.Go(func() { _ = wheel.Run(ctx) })
	tasks.Go(func() { script(p) })
	data, err := interviewer.BuiltIn().Find(s.Interview)
	if err != nil {
		t.Fatal(err)
	}
	talk := pipeline.New(p.config(data, m, wheel))
	reason = talk.Run(ctx, session.Media{
		Session: s, Turns: turns, Packets: p.packets, Events: p.events, Out: p, Book: p,
		Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	p.over = time.Now()
	cancel()
	go func() { // whatever the script still says
		for range p.packets {
			continue
		}
	}()
	tasks.Wait()
	close(p.packets)
	return p, reason
}

func (p *page) record() (lines []string) {
	numbers := []int{}
	for n := range p.turns {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		line := string(p.turns[n].Role) + ": " + p.turns[n].Text
		if p.turns[n].Cut {
			line += " [cut]"
		}
		lines = append(lines, line)
	}
	return lines
}

const (
	hello   = "interviewer: Hello, I am Casey, your interview coach. We will practise a job interview, and at the end you will get feedback. Please tell me, what job are you preparing for?"
	goodbye = "interviewer: Thank you for your time, it was good to talk with you. Your feedback will be on the screen in a moment."
)

func TestAnInterview(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, reason := hold(t, model{said: "I see. What did you build?"}, "", func(p *page) {
			p.events <- session.Opened{Label: channel.Label, Protocol: channel.Protocol}
			p.quiet(11 * time.Second)
			p.speak("we built a bridge")
			p.quiet(5 * time.Second)
			p.events <- session.Page{Event: &channel.End{}}
			p.quiet(10 * time.Second)
		})
		if reason != nil {
			t.Errorf("over because of %v", reason)
		}
		want := []string{hello, "candidate: we built a bridge", "interviewer: I see. What did you build?", goodbye}
		if got := p.record(); !slices.Equal(got, want) {
			t.Errorf("on record is %q\nwant %q", got, want)
		}
		checkShown(t, p)
		if took := p.turns[3].Took; !strings.Contains(took, `"answers":2,"why":"a short answer`) || !strings.Contains(took, `"drafted":true`) || strings.Contains(took, `"usd":0}`) {
			t.Errorf("on record the reply took %s", took)
		}
	})
}

// TestNothingOfAnInterviewIsSentBeforeItIsGiven looks through all that a page gets of
// an interview, of which nothing was asked for.
func TestNothingOfAnInterviewIsSentBeforeItIsGiven(t *testing.T) {
	for _, name := range interviewer.BuiltIn().Names() {
		synctest.Test(t, func(t *testing.T) {
			p, _ := hold(t, model{said: "I see. What did you build?"}, name, func(p *page) {
				p.events <- session.Opened{Label: channel.Label, Protocol: channel.Protocol}
				p.quiet(20 * time.Second)
				p.speak("we built a bridge")
				p.quiet(5 * time.Second)
				p.events <- session.Opened{Label: channel.Label, Protocol: channel.Protocol}
				p.events <- session.Page{Event: &channel.End{}}
				p.quiet(10 * time.Second)
			})
			var sent strings.Builder
			for _, e := range p.shown {
				fmt.Fprintf(&sent, "%+v\n", e)
			}
			if err := interviewer.BuiltIn().GivesAway(sent.String()); err != nil || len(p.shown) < 20 {
				t.Errorf("%d events: %v", len(p.shown), err)
			}
			if !strings.Contains(sent.String(), "Left:") {
				t.Error("the time that is left is not told")
			}
		})
	}
}

// checkShown checks what the page got of a whole interview.
func checkShown(t *testing.T, p *page) {
	t.Helper()
	var states []channel.Doing
	utterances, visemes, finals, reports := map[int]bool{}, 0, 0, 0
	var timed channel.Metrics
	for _, e := range p.shown {
		switch e := e.(type) {
		case channel.State:
			if len(states) == 0 || states[len(states)-1] != e.State {
				states = append(states, e.State)
			}
		case channel.Caption:
			if e.Utterance != 0 {
				utterances[e.Utterance] = true
			}
			if e.Final {
				finals++
			}
		case channel.Visemes:
			visemes++
		case channel.Report:
			if e.Written && len(e.Questions) == 1 && e.Questions[0].Said != "" {
				reports++
			}
		case channel.Metrics:
			if e.Decision != 0 {
				timed = e
			}
		case channel.Cut, channel.Notice:
			t.Errorf("shown: %+v", e)
		}
	}
	want := []channel.Doing{channel.Thinking, channel.Speaking, channel.Listening, channel.Thinking, channel.Speaking,
		channel.Listening, channel.Thinking, channel.Speaking}
	if !slices.Equal(states, want) {
		t.Errorf("states %q\nwant %q", states, want)
	}
	if len(utterances) != 7 || visemes != 7 || finals < 4 || reports != 1 {
		t.Errorf("%d utterances, %d times visemes, %d final captions, %d reports", len(utterances), visemes, finals, reports)
	}
	drafted := timed.FirstToken > 400 && timed.FirstToken < 800 && timed.FirstAudio < timed.Decision
	if timed.Decision < 900 || timed.Decision > 1350 || !drafted || timed.FirstPacket-timed.Decision > 5 || timed.USD <= 0 {
		t.Errorf("metrics %+v", timed)
	}
}

func TestAnInterruption(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := hold(t, model{said: "Go on."}, "", func(p *page) {
			p.events <- session.Opened{}
			p.quiet(3 * time.Second)
			p.speak("no that is a mistake please listen")
			p.quiet(4 * time.Second)
			p.events <- session.Page{Event: &channel.End{}}
			p.quiet(10 * time.Second)
		})
		got := p.record()
		if len(got) != 4 || !strings.HasPrefix(got[0], "interviewer: Hello, I am Casey, your interview coach.") || !strings.HasSuffix(got[0], " [cut]") ||
			got[1] != "candidate: no that is a mistake please listen" || got[2] != "interviewer: Go on." {
			t.Errorf("on record is %q", got)
		}
		var cuts []channel.Cut // the reply pauses first, and is stopped then
		for _, e := range p.shown {
			if cut, ok := e.(channel.Cut); ok {
				cuts = append(cuts, cut)
			}
		}
		if len(cuts) != 1 || cuts[0].MS == 0 {
			t.Errorf("cuts: %v", cuts)
		}
	})
}

// TestWhatPausesAndGoesOnIsCutAgain: each utterance once, the rest being one of its own.
func TestWhatPausesAndGoesOnIsCutAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		long := strings.Repeat("and I see what you mean by that ", 8) + "now."
		p, _ := hold(t, model{said: long}, "", func(p *page) {
			p.events <- session.Opened{}
			p.quiet(11 * time.Second)
			p.speak("we built a bridge")
			p.quiet(5 * time.Second)
			for range 20 { // a noise, of no words
				p.packet(20, "")
			}
			p.quiet(2 * time.Second)
			p.speak("no that is a mistake please listen")
			p.quiet(4 * time.Second)
			p.events <- session.Page{Event: &channel.End{}}
			p.quiet(10 * time.Second)
		})
		var cuts []int
		for _, e := range p.shown {
			if cut, ok := e.(channel.Cut); ok {
				cuts = append(cuts, cut.Utterance)
			}
		}
		if len(cuts) < 2 || len(slices.Compact(slices.Sorted(slices.Values(cuts)))) != len(cuts) {
			t.Errorf("cut were %v", cuts)
		}
	})
}

func TestAModelThatFailsForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, reason := hold(t, model{err: errors.New("throttled")}, "behavioural", func(p *page) {
			p.events <- session.Opened{}
			p.quiet(14 * time.Second)
			for _, word := range []string{"one", "two", "three"} {
				p.speak(word)
				p.events <- session.Page{Event: &channel.Nudge{}}
				p.quiet(8 * time.Second)
			}
			p.quiet(10 * time.Second)
		})
		if f, ok := errors.AsType[*apperr.Error](reason); !ok || f.Code != apperr.Unavailable {
			t.Errorf("over because of %v", reason)
		}
		if got := strings.Join(p.record(), "\n"); strings.Count(got, "lost my thread") != 2 || !strings.Contains(got, "have to stop here") {
			t.Errorf("on record is\n%s", got)
		}
	})
}

func TestAPageThatNeverOpensIsGreetedAllTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := hold(t, model{said: "Yes."}, "", func(p *page) {
			p.quiet(22 * time.Second)
			p.events <- session.Page{Event: &channel.End{}}
			p.quiet(10 * time.Second)
		})
		if want := []string{hello, goodbye}; !slices.Equal(p.record(), want) {
			t.Errorf("on record is %q", p.record())
		}
	})
}

// TestWhoIsGoneIsGone: an interview that was ended and left is over within a second,
// its stream too, and its report is written after that.
func TestWhoIsGoneIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var gone time.Time
		p, reason := hold(t, model{said: "I see. What did you build?"}, "", func(p *page) {
			p.events <- session.Opened{Label: channel.Label, Protocol: channel.Protocol}
			p.quiet(11 * time.Second)
			p.speak("we built a bridge")
			p.quiet(5 * time.Second)
			p.events <- session.Page{Event: &channel.End{}}
			p.quiet(200 * time.Millisecond)
			p.events <- session.Away{Since: time.Now(), Closed: true}
			gone = time.Now()
		})
		if took := p.over.Sub(gone); reason != nil || took > time.Second {
			t.Errorf("over %v after the candidate had gone, because of %v", took, reason)
		}
		if got := p.record(); len(got) > 4 || strings.Contains(strings.Join(got, "\n"), "it was good to talk") {
			t.Errorf("on record is %q", got)
		}
		if strings.Contains(p.kept, "Report") || p.finish == nil {
			t.Fatalf("kept %s, left to do: %t", p.kept, p.finish != nil)
		}
		p.finish(t.Context())
		if !strings.Contains(p.kept, `"Report":{`) {
			t.Errorf("kept is %s", p.kept)
		}
	})
}

func TestALostConnectionIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := hold(t, model{said: "Welcome again."}, "", func(p *page) {
			p.events <- session.Opened{}
			p.quiet(3 * time.Second)
			p.events <- session.Away{}
			time.Sleep(5 * time.Second)
			p.quiet(5 * time.Second)
			p.events <- session.Page{Event: &channel.End{}}
			p.quiet(10 * time.Second)
		})
		got := p.record()
		if len(got) != 3 || !strings.HasSuffix(got[0], "We will practise [cut]") || !strings.HasPrefix(got[1], "interviewer: We will practise a job interview") {
			t.Errorf("on record is %q", got)
		}
		for _, at := range p.rtp {
			if away := at.Sub(p.began); away > 3200*time.Millisecond && away < 8*time.Second {
				t.Fatalf("spoke %v after the beginning, when nobody was there", away)
			}
		}
	})
}

// TestWhoComesBackToAnotherWorkerHearsWhatWasTakenBack: it was taken off the record since
// they may not have heard it.
func TestWhoComesBackToAnotherWorkerHearsWhatWasTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kept, later string
		var heard []interview.Turn
		p, _ := hold(t, model{said: "I see."}, "", func(p *page) {
			p.events <- session.Opened{}
			p.quiet(10 * time.Second)
			p.events <- session.Away{Since: time.Now().Add(-2 * time.Second)}
			time.Sleep(10 * time.Second)
			kept, heard = p.left()
			p.quiet(5 * time.Second)
			later, _ = p.left()
			p.events <- session.Page{Event: &channel.End{}}
			p.quiet(10 * time.Second)
		})
		const again = "Please tell me, what job are you preparing for?"
		if len(heard) != 1 || !heard[0].Cut || strings.HasSuffix(heard[0].Text, "for?") {
			t.Fatalf("on record was %+v", heard)
		}
		if got := p.record(); got[1] != "interviewer: "+again || strings.Contains(later, again) {
			t.Errorf("to who came back was said %q, and kept then %s", got, later)
		}
		other, _ := goOn(t, model{said: "I see."}, interview.Session{ID: "s", Carry: kept}, heard, func(p *page) {
			p.events <- session.Opened{}
			p.quiet(8 * time.Second)
			p.events <- session.Page{Event: &channel.End{}}
			p.quiet(10 * time.Second)
		})
		if got := other.record(); len(got) == 0 || !strings.HasSuffix(got[0], ". "+again) {
			t.Errorf("to who came back to another worker was said %q", got)
		}
	})
}

// left is what another worker would find now.
func (p *page) left() (kept string, heard []interview.Turn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, turn := range p.turns {
		heard = append(heard, turn)
	}
	return p.kept, heard
}
