package e2e

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/interview"
	"casey.internal/shared/store"
)

// listeningToo has the page remember its microphone, so that what goes into it
// can be recorded as what comes out of the loudspeaker is.
const listeningToo = `(() => {
	if (!navigator.mediaDevices) return;
	const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
	navigator.mediaDevices.getUserMedia = async (constraints) => window.microphone = await ask(constraints);
})()`

// actor is a person whose scenes are recorded: what goes into the microphone,
// after the browser's processing, and what comes out.
type actor struct {
	*person
	stack *local.Stack
	voice func(sound) (said func()) // begins to say something; said waits for its end
	plays bool                      // into the microphone that body makes
}

// takesStage has somebody begin an interview of their own. voice may be nil for
// one that needs no devices.
func takesStage(t *testing.T, stack *local.Stack, o browser.Options, voice func(sound) func()) *actor {
	t.Helper()
	a := &actor{person: &person{browser.Start(t, o), t}, stack: stack, voice: voice}
	if voice == nil {
		a.Inject(body)
		a.plays, a.voice = true, func(s sound) func() { return a.play(s, "true") }
	}
	a.Inject(listeningToo)
	a.Screen(1280, 800, false)
	visit(a.Page, stack, "probe=1")
	live(a.Page)
	a.Do(`window.ownProbe = new caseyProbe.constructor({ on: (_, hear) => hear({ stream: microphone }) })`)
	a.records()
	return a
}

// newest is that the words said last are in view.
const newest = `(list => list.scrollHeight - list.scrollTop - list.clientHeight < 4)(document.querySelector("#captions"))`

// pictures shows the page as it is on desktop and phone.
func (a *actor) pictures(name string) {
	a.t.Helper()
	a.Wait(newest, connectLimit)
	a.Screenshot(name)
	a.Screen(390, 844, true)
	a.Wait(newest, connectLimit)
	a.Screenshot(name + "-phone")
	a.Screen(1280, 800, false)
}

// play says something into the microphone that body makes, as soon as a condition is true.
func (a *actor) play(s sound, when string) (said func()) {
	a.t.Helper()
	a.Do(fmt.Sprintf(`void (window.saying = say(%q, () => %s))`, base64.StdEncoding.EncodeToString(s.wav(a.t, "16000")), when))
	return func() { a.Do(`saying`) }
}

// into begins to say something when so many words of a turn of the interviewer have been
// heard. It is the page that waits for them, where it can: this process is late on a busy
// machine, and the turn may be over then.
func (a *actor) into(turn, words int, s sound) (said func()) {
	a.t.Helper()
	if a.plays {
		return a.play(s, heard(turn, words))
	}
	a.hears(turn, words)
	return a.voice(s)
}

// says says something to its end.
func (a *actor) says(s sound) { a.voice(s)() }

// records begins a new recording of both sides.
func (a *actor) records() { a.Do(`Promise.all([caseyProbe.record(), ownProbe.record()])`) }

// recording is a recording of one side.
type recording struct {
	sound sound
	times [][2]float64 // seconds of it and ms of the page's clock: where it begins, and goes on after sound that is missing
}

// own and heard are what both sides sound like since the recording began.
func (a *actor) own() recording   { return a.recordingOf("ownProbe") }
func (a *actor) heard() recording { return a.recordingOf("caseyProbe") }

func (a *actor) recordingOf(probe string) recording {
	a.t.Helper()
	return recording{recorded(a.t, a.Page, probe+`.recording()`), browser.Value[[][2]float64](a.Page, probe+`.times()`)}
}

// at is the sample of a time: of one that is missing, the next there is.
func (x recording) at(ms float64) (sample int) {
	for i, from := range x.times {
		if i > 0 && ms < from[1] {
			return min(sample, int(from[0]*rate))
		}
		sample = max(0, min(len(x.sound), int(from[0]*rate+(ms-from[1])*rate/1000)))
	}
	return sample
}

// time is the time of a sample.
func (x recording) time(sample int) (ms float64) {
	for i, from := range x.times {
		if i > 0 && sample < int(from[0]*rate) {
			break
		}
		ms = from[1] + (float64(sample)/rate-from[0])*1000
	}
	return ms
}

// onset returns the time at which a voice begins after another: most of the
// next 140 ms are loud.
func (x recording) onset(after float64) float64 {
	const window, most = 7, 5
	for at := x.at(after); at+window*piece <= len(x.sound); at += piece / 4 {
		loud := 0
		for i := range window {
			if x.sound.loud(at + i*piece) {
				loud++
			}
		}
		if loud >= most && x.sound.loud(at) {
			return x.time(at)
		}
	}
	return x.time(len(x.sound))
}

// ends returns the time at which the sound falls silent after another, for as
// long as said.
func (x recording) ends(after float64, silence time.Duration) float64 {
	last := x.at(after)
	for at := last; at+piece <= len(x.sound); at += piece / 4 {
		if x.sound.loud(at) {
			last = at + piece
		} else if at-last >= int(silence.Seconds()*rate) {
			break
		}
	}
	return x.time(last)
}

// between returns the sound between two times.
func (x recording) between(from, to float64) sound { return x.sound[x.at(from):x.at(to)] }

// lastReply is the expression for the interviewer's last turn in the log of the
// page.
const lastReply = `caseyLog.findLast(e => e.name === "state" && e.event.state === "speaking")?.event.turn`

// interviewerTurn is the number of the turn that the interviewer speaks now or
// spoke last.
func (a *actor) interviewerTurn() int { return browser.Value[int](a.Page, lastReply) }

// hears waits until so many words of a turn of the interviewer have been heard.
func (a *actor) hears(turn, words int) {
	a.t.Helper()
	a.Wait(heard(turn, words), replyLimit)
}

// heard is the condition that so many words of a turn of the interviewer have been heard.
func heard(turn, words int) string {
	return fmt.Sprintf(`(() => {
		const lines = new Map(caseyLog.filter(e => e.name === "caption" && e.event.turn === %d && e.event.utterance).map(e => [e.event.utterance, e.event.words ?? []]));
		const words = [...lines].flatMap(([u, words]) => words.map(([at]) => [u, at]));
		return words.filter(([u, at]) => casey.spoken(u) === undefined ? u < words.at(-1)[0] : casey.spoken(u) >= at).length >= %d })()`, turn, words)
}

// awaitSpeech waits until the interviewer has begun to speak since a mark, and
// returns the turn.
func (a *actor) awaitSpeech(mark int) int {
	a.t.Helper()
	a.awaitState(mark, "speaking")
	return a.interviewerTurn()
}

// awaitState waits for a state that is told after a mark.
func (a *actor) awaitState(mark int, state string) {
	a.t.Helper()
	a.Wait(fmt.Sprintf(`caseyLog.slice(%d).some(e => e.name === "state" && e.event.state === %q)`, mark, state), replyLimit)
}

// captioned returns the final text of a turn in the page's log.
func (a *actor) captioned(turn int) string {
	a.t.Helper()
	return browser.Value[string](a.Page, fmt.Sprintf(
		`caseyLog.findLast(e => e.name === "caption" && e.event.turn === %d && !e.event.utterance)?.event.text ?? ""`, turn))
}

// marked are the interviewer's turns that the page marks as interrupted.
func (a *actor) marked() []string {
	a.t.Helper()
	return browser.Value[[]string](a.Page, `[...document.querySelectorAll(".said.interviewer.cut p")].map(p => p.textContent)`)
}

// answers are the candidate's turns after one of the interviewer's, as captioned.
func (a *actor) answers(after int) []string {
	a.t.Helper()
	return browser.Value[[]string](a.Page, fmt.Sprintf(`[...new Map(caseyLog.filter(e => e.name === "caption" && e.event.role === "candidate" && e.event.turn > %d)
		.map(e => [e.event.turn, e.event.text])).values()]`, after))
}

// record is the interview as it is stored, by the numbers of its turns. It waits
// until a turn is there with its end.
func (a *actor) record(turn int) interview.Turn {
	a.t.Helper()
	records, id := store.New(a.stack.AWS(), "casey"), interview.SessionID(browser.Value[string](a.Page, `casey.session`))
	var found interview.Turn
	for deadline := time.Now().Add(replyLimit); time.Now().Before(deadline); a.Do(`new Promise(r => setTimeout(r, 50))`) {
		turns, err := records.Turns(a.t.Context(), id)
		if err != nil {
			a.t.Fatal(err)
		}
		for _, x := range turns {
			if x.Number == turn && !x.Ended.IsZero() {
				return x
			}
		}
	}
	a.t.Errorf("turn %d is not on record", turn)
	return found
}

func wordsOf(text string) []string { return strings.Fields(plain(text)) }

// turns is the number of the last turn of anybody.
func (a *actor) turns() int {
	a.t.Helper()
	return browser.Value[int](a.Page, `Math.max(0, ...caseyLog.map(e => e.event?.turn ?? 0))`)
}

// saveRecordings puts what was recorded last among the test's artifacts.
func (a *actor) saveRecordings() {
	for name, x := range map[string]recording{"microphone": a.own(), "loudspeaker": a.heard()} {
		if err := os.WriteFile(filepath.Join(a.t.ArtifactDir(), name+".wav"), x.sound.wav(a.t, "16000"), 0o600); err != nil {
			a.t.Error(err)
		}
	}
}

// story returns the events of the page, for a failure.
func (a *actor) story() []string {
	return browser.Value[[]string](a.Page, `caseyLog.filter(e => ["state", "caption", "cut", "sent", "heard"].includes(e.name))
		.map(e => (e.at / 1000).toFixed(2) + " " + e.name + " " + JSON.stringify({ ...e.event, words: undefined }))`)
}
