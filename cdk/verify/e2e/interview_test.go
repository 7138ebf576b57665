package e2e

import (
	"cmp"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/measure/ears"
	"casey.internal/cdk/verify/browser"
)

// replyLimit is the longest that a reply may take from the end of an answer to
// its own.
const replyLimit = time.Minute

// TestAnInterview holds a whole interview as a person does: Chromium, real
// speech, everything real but the cloud. All that takes real time is in it.
func TestAnInterview(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	turns := all(t)
	before := look(t)
	relay := startRelay(t)
	stack := start(t, local.Config{Standin: exact("-voice", "hibari", "-sentences", vocabulary(t, turns)), WorkerEnv: relay.env()})
	p := attend(t, browser.Options{Alone: true})
	visit(p.Page, stack, "probe=1")
	i := &conversing{person: p, relay: relay}

	i.greeting()
	for n, said := range turns {
		i.trouble(n, said)
		i.answer(said)
	}
	p.Screenshot("interview")
	while := look(t)
	i.end()

	p.Close()
	stack.Stop()
	relay.close()
	checkGone(t, before, while)
	i.checkWords()
	i.checkVoice(most(100, 7))
	i.checkLips()
}

// all are the turns of the interview: in `make test` one of each kind.
func all(t *testing.T) [][]sentence {
	voices, some := artificial(t), people(t)
	if testing.Short() {
		voices, some = voices[:1], some[:min(1, len(some))]
	}
	return slices.Concat(voices, [][]sentence{loudspeakers(t)}, some)
}

// conversing gathers what is said in an interview.
type conversing struct {
	*person
	relay *relay

	sentences, right int       // of the candidate
	spoken           []string  // the candidate's words
	wrong            int       // of them, as the word error rate counts
	replies          []reply   // of the interviewer
	lips             []float64 // ms that the mouth opened after its sound
}

// reply is the caption of what the interviewer said, and how it sounded.
type reply struct {
	lines []caption
	sound sound
}

// greeting is heard before anything is said.
func (i *conversing) greeting() {
	mark := 0
	live(i.Page)
	i.record()
	i.awaitReply(mark)
	i.addReply(mark)
}

// answer says sentences, checks that they are understood, and hears the reply.
func (i *conversing) answer(said []sentence) {
	i.t.Helper()
	i.record()
	mark := i.mark()
	i.speak(concatenated(said))
	i.awaitReply(mark)
	var heard []string
	for _, c := range i.captions(mark) {
		if c.Role == "candidate" {
			heard = append(heard, c.Text)
		}
	}
	right := understood(strings.Join(heard, " "), said)
	if right < len(said) {
		i.t.Logf("%s said %q, was captioned %q", said[0].speaker, turnWords(said), heard)
	}
	i.sentences += len(said)
	i.right += right
	spoken := ears.Plain(strings.Join(turnWords(said), " "))
	i.spoken = append(i.spoken, spoken...)
	i.wrong += ears.Wrong(spoken, ears.Plain(strings.Join(heard, " ")))
	i.addReply(mark)
}

func turnWords(said []sentence) (words []string) {
	for _, x := range said {
		words = append(words, x.words)
	}
	return words
}

// addReply keeps a reply for the checks.
func (i *conversing) addReply(mark int) {
	i.t.Helper()
	r := reply{sound: i.recording()}
	for _, c := range i.captions(mark) {
		if c.Role == "interviewer" {
			r.lines = append(r.lines, c)
		}
	}
	written, _ := r.said()
	shown := plain(browser.Value[string](i.Page, `[...document.querySelectorAll(".said.interviewer p")].at(-1).textContent`))
	if last := i.over() && strings.HasSuffix(written, shown); shown != written && !last {
		i.t.Errorf("the page shows %q of %q", shown, written)
	}
	if len(r.lines) == 0 {
		i.t.Error("a reply without a caption")
	}
	i.replies = append(i.replies, r)
	if i.relay.lose.Load() == 0 { // a sound that is lost begins late
		i.lips = append(i.lips, i.lipSync(mark)...)
	}
}

// lossy is the number of packets of 1000 that are lost while the first answer
// is given and replied to.
const lossy = 100

// trouble happens before some of the turns: all must be right in them.
func (i *conversing) trouble(turn int, said []sentence) {
	i.t.Helper()
	switch turn {
	case 0:
		i.relay.lose.Store(lossy)
	case 1:
		i.relay.lose.Store(0)
		if i.relay.lost.Load() < 10 {
			i.t.Errorf("only %d packets were lost", i.relay.lost.Load())
		}
		i.unheard("muted", said, `document.querySelector("#mute").click()`, `document.querySelector("#mute").click()`)
	case 2:
		i.unheard("without a track", said,
			`(window.sender = connections.at(-1).getSenders()[0], window.track = sender.track, sender.replaceTrack(null))`,
			`sender.replaceTrack(track)`)
	}
}

// unheard says sentences while nobody can hear them.
func (i *conversing) unheard(how string, said []sentence, on, off string) {
	i.t.Helper()
	mark := i.mark()
	i.Do(on)
	i.speak(concatenated(said[:1]))
	i.Do(off)
	for _, c := range i.captions(mark) {
		i.t.Errorf("%s, and yet there is %q", how, c.Text)
	}
}

// end ends the interview by the button; the report follows.
func (i *conversing) end() {
	i.Click("#end")
	i.Wait(`document.body.dataset.view === "over" && !document.querySelector("#report").hidden`, replyLimit)
	i.Screenshot("report")
	if bye := browser.Value[string](i.Page, `caseyLog.findLast(e => e.name === "bye").event.reason`); bye != "ended" {
		i.t.Errorf("the interview ended as %q", bye)
	}
	for _, line := range i.Console() {
		if !strings.HasPrefix(line, "log:") {
			i.t.Errorf("console: %s", line)
		}
	}
}

// checkWords is that the captions had what was said.
func (i *conversing) checkWords() {
	i.t.Logf("%d of %d sentences were captioned without an error", i.right, i.sentences)
	if i.right < most(i.sentences, 7) {
		i.t.Error("too few sentences were captioned without an error")
	}
}

// checkVoice is that what was played is what the captions say, in so many of a
// hundred words.
func (i *conversing) checkVoice(percent int) {
	i.t.Helper()
	var lines []string
	for _, r := range i.replies {
		for _, c := range r.lines {
			lines = append(lines, plain(c.Text))
		}
	}
	recogniser := newRecogniser(i.t, lines, "-ear", "moonshine")
	words, right := 0, 0
	for n, r := range i.replies {
		said, lasts := r.said()
		heard := recogniser.hear(i.t, r.sound)
		got := common(strings.Fields(said), strings.Fields(heard))
		words, right = words+len(strings.Fields(said)), right+got
		if heard != said {
			i.t.Logf("reply %d is %q, recognised %q", n, said, heard)
		}
		if voiced := r.sound.voiced(); voiced < lasts*6/10 || voiced > lasts*11/10 {
			i.t.Errorf("reply %d sounds for %v of the %v that its visemes last", n, voiced, lasts)
		}
	}
	i.t.Logf("%d of %d words were recognised in what was played", right, words)
	if 100*right < percent*words {
		i.t.Error("too few words were recognised in what was played")
	}
}

// said is the words of a reply, and how long they should sound.
func (r reply) said() (words string, lasts time.Duration) {
	var lines []string
	for _, c := range r.lines {
		lines = append(lines, plain(c.Text))
		lasts += time.Duration(c.End * float64(time.Millisecond))
	}
	return strings.Join(lines, " "), lasts
}

// checkLips is that the mouth opens with its sound.
func (i *conversing) checkLips() {
	slices.SortFunc(i.lips, func(a, b float64) int { return cmp.Compare(math.Abs(a), math.Abs(b)) })
	i.t.Logf("the mouth opened after its sound, ms: %.0f", i.lips)
	if len(i.lips) < len(i.replies) {
		i.t.Fatalf("%d openings of the mouth in %d replies", len(i.lips), len(i.replies))
	}
	if p95 := i.lips[(len(i.lips)-1)*95/100]; math.Abs(p95) > slack(40) {
		i.t.Errorf("one in twenty openings of the mouth is off by %.0f ms or more", p95)
	}
}

// afterGreeting is the end of the greeting, counted from the opening of the
// microphone, also on a busy machine.
const afterGreeting = 14 * time.Second

// TestAFileAsMicrophone has Chromium's own audio processing in the path.
func TestAFileAsMicrophone(t *testing.T) {
	long(t)
	turns := append(artificial(t)[:1], people(t)...)
	said := turns[len(turns)-1]
	if len(turns) > 1 {
		said = turns[1]
	}
	file := filepath.Join(t.TempDir(), "microphone.wav")
	speech := append(append(quiet(afterGreeting), concatenated(said)...), quiet(20*time.Second)...)
	if err := os.WriteFile(file, speech.wav(t, "48000"), 0o600); err != nil {
		t.Fatal(err)
	}
	stack := start(t, local.Config{Standin: exact("-sentences", vocabulary(t, turns))})
	p := &person{browser.Start(t, browser.Options{Microphone: file}), t}
	visit(p.Page, stack, "probe=1")
	live(p.Page)
	p.awaitReply(0) // the greeting
	p.awaitReply(p.mark())
	var heard strings.Builder
	for _, c := range p.captions(0) {
		if c.Role == "candidate" {
			heard.WriteString(" " + c.Text)
		}
	}
	if got := understood(heard.String(), said); got < len(said) {
		t.Errorf("%q was captioned %q", turnWords(said), heard.String())
	}
}
