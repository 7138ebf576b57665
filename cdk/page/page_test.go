package page_test

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"casey.internal/cdk/page"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/wire"
)

const (
	soon  = 30 * time.Second // on a busy machine
	state = `document.querySelector("#state span").textContent`
	view  = `document.body.dataset.view`
)

func text(selector string) string { return `document.querySelector("` + selector + `")?.textContent` }

// talk opens the page, presses start and returns the worker's side of it.
func talk(t *testing.T, f *fake, query string) (*browser.Page, *line) {
	t.Helper()
	return talkIn(t, f, browser.Chromium, query)
}

func talkIn(t *testing.T, f *fake, engine browser.Engine, query string) (*browser.Page, *line) {
	t.Helper()
	p := browser.Start(t, browser.Options{Engine: engine})
	p.Open(f.URL + query)
	p.Click("#start")
	l := next(t, f.lines, "data channel")
	p.Wait(`casey.status === "live"`, soon)
	return p, l
}

// marks is a sentence's worth of mouth shapes.
var marks = []channel.Mark{
	{At: 0, Value: "t"}, {At: 120, Value: "a"}, {At: 700, Value: "o"}, {At: 1100, Value: "p"}, {At: 1300, Value: "i"}, {At: 1800, Value: "sil"},
}

func TestAnInterviewIsSeenAndHeard(t *testing.T) {
	f := start(t, page.Config{})
	p, l := talk(t, f, "/?probe=1&interview=coach")
	if offer := next(t, f.offers, "offer"); offer.Interview != "coach" || offer.Peer == "" || offer.Want != "" {
		t.Errorf("the offer is %+v", offer)
	}
	l.sendEvent(t, channel.State{State: channel.Speaking, Turn: 1})
	l.sendEvent(t, channel.Visemes{Utterance: 1, RTP: l.next(), Marks: marks})
	l.sendEvent(t, channel.Caption{
		Turn: 1, Role: "interviewer", Text: "Tell me, how are you?", Final: true, Utterance: 1,
		Words: []channel.Mark{{At: 0, Value: "Tell"}, {At: 200, Value: "me"}, {At: 700, Value: "how"}, {At: 1100, Value: "are"}, {At: 1300, Value: "you"}},
	})
	p.Do(`window.widest = 0; window.most = 0; window.look = setInterval(() => {
		widest = Math.max(widest, caseyFace.mouth.open); most = Math.max(most, document.querySelectorAll(".later").length) }, 10)`)
	p.Do("caseyProbe.record()")
	ctx, quiet := context.WithCancel(t.Context())
	defer quiet()
	spoken := make(chan struct{})
	go func() {
		defer close(spoken)
		l.speak(ctx, t, soon)
	}()
	p.Wait("caseyProbe.level() > 0.05 && Math.abs(caseyProbe.tone() - 440) < 12", soon)
	if got := browser.Value[string](p, state); got != "Speaking" {
		t.Errorf("the state is %q", got)
	}
	p.Wait("casey.spoken(1) > 2500", soon)
	quiet()
	<-spoken
	if first := wait[*channel.Heard](t, f.events); first.Turn != 1 {
		t.Errorf("heard is %+v", first)
	}
	if widest := browser.Value[float64](p, "widest"); widest < 0.35 {
		t.Errorf("the mouth opened to %.2f", widest)
	}
	if most := browser.Value[int](p, "most"); most < 2 {
		t.Errorf("%d words were still to come", most)
	}
	if got := browser.Value[string](p, text(".said.interviewer p")); got != "Tell me, how are you?" {
		t.Errorf("the caption is %q", got)
	}
	if seconds := browser.Value[float64](p, "caseyProbe.seconds()"); seconds < 2.5 {
		t.Errorf("%.1f s were recorded", seconds)
	}
	if n := browser.Value[int](p, "atob(caseyProbe.recording()).length"); n < 2*48000*5/2 {
		t.Errorf("the recording has %d bytes", n)
	}

	l.sendEvent(t, channel.State{State: channel.Listening})
	l.sendEvent(t, channel.Caption{Turn: 2, Role: "candidate", Text: "I am fine"})
	p.Wait(state+` === "Listening to you" && `+text(".said.candidate p")+` === "I am fine"`, soon)
	p.Click("#nudge")
	wait[*channel.Nudge](t, f.events)
	p.Click("#mute")
	if muted := wait[*channel.Muted](t, f.events); !muted.On {
		t.Error("mute told that it is off")
	}
	p.Wait(state+` === "You are muted"`, soon)

	p.Click("#end")
	wait[*channel.End](t, f.events)
	l.sendEvent(t, channel.Report{Summary: "Calm and clear.", Scores: []channel.Score{{Name: "Structure", Score: 4, Of: 5, Comment: "One story each."}}})
	p.Wait(`!document.querySelector("#report").hidden`, soon)
	l.send(t.Context(), wire.Bye{Reason: "ended"})
	p.Wait(view+` === "over" && `+state+` === "The interview is over"`, soon)
	if left := browser.Value[[]string](p, "Object.keys(sessionStorage)"); slices.ContainsFunc(left, func(key string) bool { return key != "casey:said" && !strings.HasSuffix(key, ":over") }) {
		t.Errorf("an interview that is over could be resumed: %q", left)
	}
	if gone := next(t, f.gone, "end of its peer connection"); gone != l.peer {
		t.Error("another peer connection was closed")
	}
	for _, line := range p.Console() {
		if !strings.HasPrefix(line, "log:") {
			t.Errorf("console: %s", line)
		}
	}
}

func TestCutSaysHowFarPlaybackCame(t *testing.T) {
	f := start(t, page.Config{})
	p, l := talk(t, f, "/")
	l.sendEvent(t, channel.Visemes{Turn: 1, Utterance: 1, RTP: l.next(), Marks: []channel.Mark{{At: 0, Value: "a"}, {At: 5000, Value: "sil"}}})
	l.until(t, p, "casey.spoken(1) > 500")
	l.sendEvent(t, channel.Cut{Turn: 1, Utterance: 1, MS: 1500})
	if played := wait[*channel.Played](t, f.events); played.Utterance != 1 || played.MS < 500 || played.MS > 1500 {
		t.Errorf("played is %+v", played)
	}
}

// TestVisemesComeWithTheirSound plays bursts of a tone, each with a viseme, and
// compares when each was heard in the page and when its viseme was told.
func TestVisemesComeWithTheirSound(t *testing.T) {
	const count, period = 10, 30 // packets
	f := start(t, page.Config{})
	p, l := talk(t, f, "/?probe=1")
	p.Do("caseyProbe.record()")
	visemes := channel.Visemes{Turn: 1, Utterance: 1, RTP: l.next()}
	for i := range count {
		at := (i*period + period/2) * int(frame/time.Millisecond)
		visemes.Marks = append(visemes.Marks, channel.Mark{At: at, Value: "a"}, channel.Mark{At: at + period/2*20, Value: "sil"})
	}
	l.sendEvent(t, visemes)
	all := packets(bursts)
	l.play(t.Context(), t, all, len(all))
	sounds := browser.Value[[]float64](p, "caseyProbe.onsets(150)")
	shown := browser.Value[[]float64](p, `caseyLog.filter(e => e.name === "viseme" && e.event.value === "a").map(e => e.at)`)
	if len(sounds) < count-1 || len(shown) < count-1 {
		t.Fatalf("%d of %d bursts were heard, %d visemes shown", len(sounds), count, len(shown))
	}
	latency := browser.Value[float64](p, "casey.outputLatency")
	var off []float64
	for _, sound := range sounds {
		off = append(off, nearest(shown, sound+latency))
	}
	t.Logf("visemes after their sound, ms: %.0f, loudspeaker %.0f", off, latency)
	slices.SortFunc(off, func(a, b float64) int { return cmp.Compare(math.Abs(a), math.Abs(b)) })
	// A wrong clock is off by far more than a busy machine.
	if most := off[len(off)*8/10]; math.Abs(most) > period/4*float64(frame/time.Millisecond) {
		t.Errorf("8 of 10 visemes are off by up to %.0f ms", most)
	}
}

// nearest returns how far after at the nearest of the times is.
func nearest(times []float64, at float64) float64 {
	best := math.Inf(1)
	for _, time := range times {
		if math.Abs(time-at) < math.Abs(best) {
			best = time - at
		}
	}
	return best
}

func TestTheProbeIsLoadedOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p := browser.Start(t, browser.Options{})
	const loaded = `performance.getEntriesByType("resource").some(r => /\/probe-\w+\.js$/.test(r.name))`
	for query, want := range map[string]bool{"/": false, "/?probe=1": true} {
		p.Open(f.URL + query)
		p.Wait(`!document.querySelector("#start").disabled`, soon)
		if got := browser.Value[bool](p, loaded+` && "caseyLog" in window`); got != want {
			t.Errorf("%s: loaded is %v", query, got)
		}
		if got := browser.Value[bool](p, loaded+` || "caseyProbe" in window`); got != want {
			t.Errorf("%s: something of it is there is %v", query, got)
		}
	}
}

func TestAReloadedPageGoesOn(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p, _ := talk(t, f, "/")
	first := next(t, f.offers, "offer")
	p.Open(f.URL + "/")
	p.Wait(text("#start")+` === "Continue your interview"`, soon)
	p.Click("#start")
	second := next(t, f.offers, "second offer")
	next(t, f.lines, "second data channel")
	if second.Want != "fresh" || second.Session != "s-1" || second.Resume != "secret" || second.Peer == first.Peer {
		t.Errorf("the second offer is want %q, session %q, peer %q after %q", second.Want, second.Session, second.Peer, first.Peer)
	}
	p.Wait(`casey.status === "live"`, soon)
}

func TestAnICERestartIsHeardAgain(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p, l := talk(t, f, "/?probe=1")
	first := next(t, f.offers, "offer")
	p.Do("casey.restart()")
	second := next(t, f.offers, "second offer")
	if second.Want != "restart" || second.Peer != first.Peer {
		t.Errorf("the restart is want %q, peer %q of %q", second.Want, second.Peer, first.Peer)
	}
	p.Wait(`casey.status === "live"`, soon)
	l.until(t, p, heard)
}

func TestAMoveIsMadeBeforeTheBreak(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p, l := talk(t, f, "/")
	next(t, f.offers, "offer")
	l.send(t.Context(), wire.Move{})
	if offer := next(t, f.offers, "offer to another worker"); offer.Want != "elsewhere" || offer.Session != "s-1" {
		t.Errorf("the offer is want %q, session %q", offer.Want, offer.Session)
	}
	successor := next(t, f.lines, "second data channel")
	wait[*channel.Take](t, f.events)
	successor.sendEvent(t, channel.State{State: channel.Listening})
	p.Wait(state+` === "Listening to you" && casey.status === "live"`, soon)
}

func TestAWorkerThatDiedIsReplaced(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	seen := make(chan struct{}) // until then the page reconnects
	goOn := sync.OnceFunc(func() { close(seen) })
	t.Cleanup(goOn)
	f.answers = func(_ *connection, offer *wire.Offer) []any {
		switch offer.Want {
		case interview.WantNothing:
			return nil
		case interview.WantElsewhere:
			<-seen
			return nil
		}
		return []any{} // its worker is dead
	}
	p, l := talk(t, f, "/")
	next(t, f.offers, "offer")
	if err := l.peer.Close(); err != nil {
		t.Fatal(err)
	}
	p.Wait(state+` === "Reconnecting…"`, soon)
	goOn()
	// The data channel closes before the connection does: either may be noticed first.
	if offer := next(t, f.offers, "offer to its worker"); offer.Want != interview.WantRestart && offer.Want != interview.WantFresh {
		t.Errorf("first the page wants %q", offer.Want)
	}
	if offer := next(t, f.offers, "offer to another worker"); offer.Want != interview.WantElsewhere || offer.Session != "s-1" {
		t.Errorf("then the page wants %q of session %q", offer.Want, offer.Session)
	}
	next(t, f.lines, "second data channel")
	p.Wait(`casey.status === "live"`, soon)
}

func TestALostSocketEndsNothing(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p, l := talk(t, f, "/?probe=1")
	_ = l.socket.CloseNow()
	if hello := wait[*wire.Hello](t, f.others); hello.Session != "s-1" || hello.Resume != "secret" {
		t.Errorf("hello is %+v", hello)
	}
	l.until(t, p, heard)
}

func TestTCPAlone(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p, l := talk(t, f, "/?probe=1&transport=tcp")
	if offer := next(t, f.offers, "offer"); strings.Contains(offer.SDP.SDP, " udp ") {
		t.Error("the offer has UDP candidates")
	}
	l.until(t, p, heard)
	p.Wait(pairs+`.then(used => used.length === 1 && used[0] === "tcp")`, soon)
}

// pairs is the protocols of the candidate pairs that are used.
const pairs = `casey.peer.stats().then(all => [...all.values()].filter(s => s.type === "candidate-pair" && s.nominated).map(s => all.get(s.localCandidateId).protocol))`

func TestWaitingWithAPlaceInTheQueue(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	f.answers = func(_ *connection, offer *wire.Offer) []any { return []any{wire.WaitingTurn{Ahead: 2}} }
	p := browser.Start(t, browser.Options{})
	p.Open(f.URL)
	p.Click("#start")
	p.Wait(state+` === "2 people before you"`, soon)
	p.Click("#end")
	wait[*wire.End](t, f.others)
	p.Wait(view+` === "over"`, soon)
}

func TestWhoWaitedIsServed(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	waits := make(chan *connection, 10)
	f.answers = func(conn *connection, offer *wire.Offer) []any {
		waits <- conn
		return []any{wire.WaitingTurn{Ahead: 0}}
	}
	p := browser.Start(t, browser.Options{})
	p.Open(f.URL)
	p.Click("#start")
	p.Wait(state+` === "You are next"`, soon)
	f.answer(t.Context(), next(t, waits, "offer"), next(t, f.offers, "offer"))
	next(t, f.lines, "data channel")
	p.Wait(`casey.status === "live" && `+state+` === "Listening to you"`, soon)
	if n := len(f.offers); n != 0 {
		t.Errorf("the page offered %d times more while it waited", n)
	}
}

func TestALostMessageAndASilentServerAreTriedAgain(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	var mu = make(chan int, 1)
	mu <- 0
	f.answers = func(conn *connection, offer *wire.Offer) []any {
		n := <-mu
		mu <- n + 1
		switch n {
		case 0: // API Gateway lost it
			_ = conn.socket.Write(context.Background(), 1, []byte(`{"message":"Internal server error","connectionId":"c","requestId":"r"}`))
			return []any{}
		case 1: // nobody says anything
			return []any{}
		}
		return nil
	}
	talk(t, f, "/")
	a, b, c := next(t, f.offers, "offer"), next(t, f.offers, "repeated offer"), next(t, f.offers, "third offer")
	if a.SDP != b.SDP || b.SDP != c.SDP || a.Peer != c.Peer {
		t.Error("the repeated offer differs")
	}
}

func TestTroubleIsToldInWords(t *testing.T) {
	for _, test := range []struct {
		name    string
		options browser.Options
		answer  any
		want    string
	}{
		{"full", browser.Options{}, wire.Error{Code: "full", Message: "full"}, "Every interviewer is busy"},
		{"unknown", browser.Options{}, wire.Error{Code: "strange", Message: "the moon is in the way"}, "That did not work"},
		{"bad", browser.Options{}, wire.Rejected{Code: "bad_offer", Message: "no audio", Of: "offer"}, "That did not work"},
		{"refused", browser.Options{Refuse: true}, nil, "Casey may not hear you"},
		{"deaf", browser.Options{Deaf: true}, nil, "No microphone found"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := start(t, page.Config{})
			f.answers = func(*connection, *wire.Offer) []any { return []any{test.answer} }
			p := browser.Start(t, test.options)
			p.Open(f.URL)
			p.Click("#start")
			p.Wait(view+` === "trouble"`, soon)
			if got := browser.Value[string](p, text("#trouble h2")); got != test.want {
				t.Errorf("the trouble is %q", got)
			}
			if got := browser.Value[string](p, text("#trouble .remedy")); len(got) < 10 {
				t.Errorf("the remedy is %q", got)
			}
			p.Screenshot("trouble")
		})
	}
}

func TestAGatewayThatIsGone(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{WS: "ws://127.0.0.1:1/ws", Local: true})
	p := browser.Start(t, browser.Options{})
	p.Open(f.URL + "/?probe=1")
	p.Wait(`document.querySelector("#local").checkVisibility()`, soon)
	p.Click("#start")
	p.Wait(text("#trouble h2")+` === "Casey cannot be reached"`, soon)
	if log := browser.Value[[]string](p, "caseyLog.map(e => e.name)"); !slices.Contains(log, "failed") {
		t.Errorf("the log is %v", log)
	}
}
