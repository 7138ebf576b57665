package e2e

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/local/aws/control"
	"casey.internal/cdk/verify/browser"
)

// figure is something that a scene measured.
type figure struct{ scene, what, value string }

// play is an actor's way through the scenes.
type play struct {
	*actor
	cast    cast
	history *history
	scene   string
	figures []figure
	turn    int // of the interviewer's, that is being spoken or was last
}

// TestScenes has what people do in a conversation done in Chromium: real speech
// through a page that plays the interviewer meanwhile.
func TestScenes(t *testing.T) {
	t.Parallel()
	p := rehearse(t, browser.Options{}, nil)
	defer p.table()
	p.act("cough and nod", p.coughs)
	p.act("thinking pause", p.pauses)
	p.act("interruption", p.interrupts)
	if testing.Short() {
		return
	}
	p.act("recognition breaks off", p.losesRecognition)
	p.act("request for time", p.asksForTime)
	p.act("nudge", p.nudges)
	p.act("silence", p.staysSilent)
}

// rehearse starts a stack and has somebody enter an interview that knows what
// they are going to say. It returns when the interviewer speaks.
func rehearse(t *testing.T, o browser.Options, voice func(sound) func()) *play {
	t.Helper()
	return build(t).enter(t, o, voice)
}

// theatre is a stack whose interviews know what is going to be said in them.
type theatre struct {
	stack   *local.Stack
	cast    cast
	history *history
}

func build(t *testing.T) theatre {
	t.Helper()
	said, told := casting(t), overhear(t)
	stack := start(t, local.Config{Standin: exact("-sentences", said.vocabulary(t)), WorkerEnv: told.env()})
	told.ask(stack)
	return theatre{stack, said, told}
}

// enter has somebody enter an interview. It returns when the interviewer speaks.
func (x theatre) enter(t *testing.T, o browser.Options, voice func(sound) func()) *play {
	t.Helper()
	p := &play{actor: takesStage(t, x.stack, o, voice), cast: x.cast, history: x.history}
	p.turn = p.awaitSpeech(0)
	return p
}

// act plays one scene.
func (p *play) act(name string, scene func()) {
	p.scene = name
	began := time.Now()
	scene()
	p.pictures(strings.ReplaceAll(name, " ", "-"))
	p.addFigure("took", "%.1f s", time.Since(began).Seconds())
}

func (p *play) addFigure(what, format string, values ...any) {
	p.figures = append(p.figures, figure{p.scene, what, fmt.Sprintf(format, values...)})
}

func (p *play) fail(format string, values ...any) {
	p.t.Helper()
	p.t.Errorf("%s: %s", p.scene, fmt.Sprintf(format, values...))
}

// table logs what was measured.
func (p *play) table() {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, f := range p.figures {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\n", f.scene, f.what, f.value)
	}
	_ = w.Flush()
	if p.t.Failed() {
		p.saveRecordings()
		p.t.Logf("the page's story\n%s", strings.Join(p.story(), "\n"))
	}
	p.t.Logf("figures\n%s", b.Bytes())
}

// hearsItself: the interviewer's own voice stops nothing, and is not answered.
func (p *play) hearsItself() {
	p.awaitReply(0)
	p.wholly(p.turn)
	own := p.own()
	p.addFigure("its voice in the microphone", "%v of %v", own.sound.voiced(), p.heard().sound.voiced())
	if n := len(p.cuts(p.turn)); n != 0 {
		p.fail("it paused %d times for its own voice", n)
	}
	p.addFigure("words heard in it", "%q", p.answers(p.turn))
	if answer := p.interviewerTurn(); answer != p.turn {
		p.fail("it answered itself: %q", p.captioned(answer))
	}
}

// coughs: the interviewer goes on, and says every word.
func (p *play) coughs() {
	p.into(p.turn, 5, p.cast.cough)()
	p.into(p.turn, 9, p.cast.nod)()
	p.awaitReply(0)
	p.wholly(p.turn)
}

// pauses: a pause in the middle of an answer is waited for, and both halves are
// one turn.
func (p *play) pauses() {
	p.records()
	mark, asked := p.mark(), p.turns()
	p.says(slices.Concat(p.cast.halves[0].sound, quiet(thought), p.cast.halves[1].sound))
	p.turn = p.awaitSpeech(mark)
	said, words := p.answers(asked), p.cast.halves[0].words+" "+p.cast.halves[1].words
	p.addFigure("silence in the answer", "%.1f s", p.own().longestQuiet())
	if len(said) != 1 || !understands(said, words) {
		p.fail("%q was heard as %q", words, said)
	}
}

// thought is the time that somebody thinks in the middle of an answer.
const thought = 900 * time.Millisecond

// interrupts: the interviewer falls silent, nothing of what interrupts it is
// lost, and of what it was saying as much is on record as was heard. What is interrupted
// answers words of this scene: the reply before may be over once its pictures are taken.
func (p *play) interrupts() {
	p.awaitReply(0)
	mark := p.mark()
	p.says(p.cast.answer.sound)
	p.turn = p.awaitSpeech(mark)
	mark, cut := p.mark(), p.turn
	said := p.into(cut, 4, p.cast.interruption.sound)
	p.Wait(fmt.Sprintf(`caseyLog.slice(%d).some(e => e.name === "cut")`, mark), replyLimit)
	p.awaitState(mark, "listening")
	p.pictures("interrupted")
	said()
	p.turn = p.awaitSpeech(mark)
	p.addFigure("voice to silence", "%.0f ms", p.silence(mark))
	p.words(cut)
	if got := p.answers(cut); !understands(got, p.cast.interruption.words) {
		p.fail("%q was heard as %q", p.cast.interruption.words, got)
	}
}

// losesRecognition: a stream that breaks off in the middle of a word loses none.
func (p *play) losesRecognition() {
	p.awaitReply(0)
	mark, asked := p.mark(), p.turns()
	said := p.voice(p.cast.answer.sound)
	p.Wait(fmt.Sprintf(`caseyLog.slice(%d).some(e => e.name === "caption" && e.event.role === "candidate" && e.event.text.split(" ").length >= 3)`, mark), replyLimit)
	failed := standins(p.t, p.stack).Counters[control.Transcribe].Errors
	setFault(p.t, p.stack, control.Transcribe, control.Fault{Cut: true})
	said()
	p.turn = p.awaitSpeech(mark)
	if standins(p.t, p.stack).Counters[control.Transcribe].Errors == failed {
		p.fail("it did not")
	}
	if got := p.answers(asked); !understands(got, p.cast.answer.words) {
		p.fail("%q was heard as %q", p.cast.answer.words, got)
	}
}

// asksForTime: it is granted in a word, and then it is quiet.
func (p *play) asksForTime() {
	p.awaitReply(0)
	mark := p.mark()
	p.says(p.cast.time.sound)
	granted := p.awaitSpeech(mark)
	p.awaitReply(mark)
	p.addFigure("answer", "%q", p.captioned(granted))
	mark = p.mark()
	p.undisturbed(5 * time.Second)
	p.says(p.cast.answer.sound)
	p.turn = p.awaitSpeech(mark)
}

// nudges: an unfinished clause is answered at once.
func (p *play) nudges() {
	p.awaitReply(0)
	mark := p.mark()
	p.says(p.cast.unfinished.sound)
	p.Wait(fmt.Sprintf(`caseyLog.slice(%d).some(e => e.name === "caption" && e.event.role === "candidate" && e.event.text.split(" ").length >= 5)`, mark), replyLimit)
	p.Click("#nudge")
	p.turn = p.awaitSpeech(mark)
	p.addFigure("press to decision", "%.0f ms", browser.Value[float64](p.Page, fmt.Sprintf(`(() => {
		const log = caseyLog.slice(%d), at = log.find(e => e.name === "sent" && e.event.type === "nudge").at;
		return log.find(e => e.at > at && e.name === "state" && e.event.state === "thinking").at - at })()`, mark)))
}

// staysSilent: one gentle line, and no more.
func (p *play) staysSilent() {
	p.awaitReply(0)
	mark := p.mark()
	gentle := p.awaitSpeech(mark)
	p.awaitReply(mark)
	p.addFigure("after a long time", "%q", p.captioned(gentle))
	p.undisturbed(12 * time.Second)
}

// undisturbed says nothing for a while, and wants to hear nothing.
func (p *play) undisturbed(d time.Duration) {
	mark := p.mark()
	p.says(quiet(d))
	if n := browser.Value[int](p.Page, fmt.Sprintf(`caseyLog.slice(%d).filter(e => e.name === "state").length`, mark)); n != 0 {
		p.fail("something happened in a silence of %v", d)
	}
}
