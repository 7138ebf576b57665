package e2e

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/verify/browser"
)

// replies are the interviewer's words to the legacy client.
var replies = []string{
	"What did you learn from it?",
	"I see. How did you find out where the problem was?",
	"Thank you. That is good. What did you change afterwards?",
	"All right. I see. It sounds important. When did you begin?",
	"Very well. How did you measure that?",
}

// TestTheLegacyClient holds an interview with the page that casey did not
// write: it plays files, forgets what comes while it decodes, and mutes itself.
func TestTheLegacyClient(t *testing.T) {
	t.Parallel()
	const answer = "I asked our customers every week."
	replies := replies
	if testing.Short() {
		replies = replies[:3]
	}
	said := espeak(t, "en-us", answer)
	p := attend(t, browser.Options{})
	stack := legacyStack(t, answer, replies)
	p.Open(stack.URL)
	p.Do(fmt.Sprintf(`legacy.start(%q)`, stack.URL))
	p.Wait(`legacy.opened`, connectLimit)
	for n := range len(replies) + 1 {
		if n > 0 {
			p.speak(said)
		}
		p.Wait(fmt.Sprintf(`legacy.error || legacy.replies[%d]?.over`, n), replyLimit)
	}
	o := legacy{t, p, append([]string{greeting}, replies...), browser.Value[legacyLog](p.Page, `legacy.log()`)}
	if packets := browser.Value[int](p.Page, `legacy.track()`); packets != 0 {
		t.Errorf("%d packets on the audio track, which is to be silent", packets)
	}
	o.check()
	if n := busy(t, stack, "worker-1"); n != 1 {
		t.Errorf("%d sessions before the end", n)
	}
	p.Do(`legacy.disconnect()`)
	freed(t, stack)
}

// legacyStack runs a stack that serves the legacy client, and whose
// interviewer says the replies to the answer.
func legacyStack(t *testing.T, answer string, replies []string) *local.Stack {
	t.Helper()
	page := http.FileServer(http.Dir("testdata"))
	return start(t, local.Config{
		Page: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.URL.Path = "/legacy.html"
			page.ServeHTTP(w, r)
		}),
		Standin: exact("-replies", writeLines(t, replies), "-sentences", writeLines(t, []string{plain(answer)})),
	})
}

// freed waits until the worker has no session any more.
func freed(t *testing.T, stack *local.Stack) {
	t.Helper()
	left := time.Now()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for busy(t, stack, "worker-1") > 0 {
		if time.Since(left) > 15*time.Second {
			t.Error("the slot is not free after 15 s")
			return
		}
		<-again.C
	}
	t.Logf("the slot was free after %v", time.Since(left).Round(time.Millisecond))
}

// legacy is the outcome of an interview with the legacy client. Times are in
// ms, of the page's clock or from the beginning of a reply.
type legacy struct {
	t     *testing.T
	p     *person
	lines []string // what the interviewer said, the greeting first
	log   legacyLog
}

type legacyLog struct {
	Error      string
	Faults     []string
	Replies    []legacyReply
	Microphone []struct {
		At float64
		On bool
	}
}

type legacyReply struct {
	Began, Started, Over, Length float64
	Chunks                       []struct{ At, Bytes float64 }
	Visemes                      []float64
}

func (o legacy) check() {
	o.t.Helper()
	if o.log.Error != "" || len(o.log.Faults) > 0 {
		o.t.Errorf("error %q, faults %q", o.log.Error, o.log.Faults)
	}
	if n := len(o.log.Replies); n != len(o.lines) {
		o.t.Fatalf("%d replies with the greeting, want %d", n, len(o.lines))
	}
	recogniser := newRecogniser(o.t, o.sentences())
	words, right := 0, 0
	for n, r := range o.log.Replies {
		o.checkTimes(n, r)
		s := o.played(n)
		want, heard := plain(o.lines[n]), recogniser.hear(o.t, s)
		if heard != want {
			o.t.Logf("reply %d: %q was played, want %q", n, heard, want)
		}
		words, right = words+len(strings.Fields(want)), right+common(strings.Fields(want), strings.Fields(heard))
		o.checkVisemes(n, r, s)
	}
	o.t.Logf("%d of %d words were recognised in what was played", right, words)
	if right < most(words, 7) {
		o.t.Error("too few words were recognised in what was played")
	}
	o.checkMicrophone()
}

// greeting is the beginning of every interview of this kind.
const greeting = "Hello, I am Casey, your interview coach. We will practise a job interview, and at the end you will get feedback. " +
	"Please tell me, what job are you preparing for?"

// sentences are those of all lines.
func (o legacy) sentences() (all []string) {
	for _, line := range o.lines {
		for s := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == '.' || r == '?' }) {
			all = append(all, plain(s))
		}
	}
	return all
}

// played returns the part of a reply that the page played.
func (o legacy) played(n int) sound {
	o.t.Helper()
	return recorded(o.t, o.p.Page, fmt.Sprintf(`legacy.played(%d)`, n))
}

// apart is the least number of ms between the messages of a reply.
const apart = 450

// checkTimes is that the messages came as the page can stand them.
func (o legacy) checkTimes(n int, r legacyReply) {
	o.t.Helper()
	o.t.Logf("reply %d: %.0f ms, messages %v", n, r.Length, r.Chunks)
	if len(r.Chunks) > 2 {
		o.t.Errorf("reply %d has %d messages", n, len(r.Chunks))
	}
	if len(r.Chunks) == 2 && r.Chunks[1].At < apart-slack(0) {
		o.t.Errorf("reply %d: the second message comes after %.0f ms", n, r.Chunks[1].At)
	}
	if n > 0 && r.Began < o.log.Replies[n-1].Over {
		o.t.Errorf("reply %d begins before the one before is over", n)
	}
}

// codec is the delay with which an MP3 sounds after what was encoded: 1105
// samples at 24 kHz of encoder and decoder. A voice's times do not count it.
const codec = 1105 * time.Second / 24000

// checkVisemes is that the last mouth is shown when the voice ends.
func (o legacy) checkVisemes(n int, r legacyReply, s sound) {
	o.t.Helper()
	voice := ms(s.voice() - codec)
	if len(r.Visemes) == 0 || !slices.IsSorted(r.Visemes) {
		o.t.Errorf("reply %d has visemes %v", n, r.Visemes)
		return
	}
	last := r.Visemes[len(r.Visemes)-1]
	o.t.Logf("reply %d: the last viseme at %.0f ms, the voice ends at %.0f ms", n, last, voice)
	if off := last - voice; off > slack(60) || off < -60 {
		o.t.Errorf("reply %d: the last viseme is %.0f ms off", n, off)
	}
}

// checkMicrophone is that it was on between the voices, and never during one.
func (o legacy) checkMicrophone() {
	o.t.Helper()
	if len(o.log.Microphone) != 2*len(o.log.Replies) {
		o.t.Fatalf("the microphone went on and off %d times", len(o.log.Microphone))
	}
	for n, r := range o.log.Replies {
		off, on := o.log.Microphone[2*n], o.log.Microphone[2*n+1]
		if off.On || !on.On || off.At > r.Started || on.At < r.Started+r.Length-50 {
			o.t.Errorf("reply %d plays for %.0f ms from %.0f on, the microphone is off from %.0f to %.0f", n, r.Length, r.Started, off.At, on.At)
		}
	}
}

// voice returns the end of the last loud 10 ms of a sound: it is quieter from
// there on than a twenty-fifth of what a voice of espeak-ng is at its loudest.
func (s sound) voice() time.Duration {
	const piece = rate / 100
	end := len(s) - len(s)%piece
	for ; end > 0; end -= piece {
		sum := 0.0
		for _, sample := range s[end-piece : end] {
			sum += float64(sample) * float64(sample)
		}
		if math.Sqrt(sum/piece) > 300 {
			break
		}
	}
	return s[:end].length()
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
