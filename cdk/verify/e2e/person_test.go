package e2e

import (
	"encoding/base64"
	"fmt"
	"testing"

	"casey.internal/cdk/verify/browser"
)

// person is somebody at the page who can speak: what a test plays is what the
// page's microphone hears.
type person struct {
	*browser.Page
	t *testing.T
}

// body makes a microphone of what say plays, at once or when something is so, and keeps the
// peer connections.
const body = `(() => {
	window.connections = [];
	window.RTCPeerConnection = class extends RTCPeerConnection {
		constructor(...options) { super(...options); connections.push(this); }
		set onicecandidate(_) {} // its addresses stay secret: the only way is the worker's
	};
	if (!navigator.mediaDevices) return;
	navigator.mediaDevices.getUserMedia = async () => {
		const context = new AudioContext({ sampleRate: 48000 });
		const mouth = context.createMediaStreamDestination();
		window.say = async (wav, when = () => true) => {
			const bytes = Uint8Array.from(atob(wav), (c) => c.charCodeAt(0));
			const source = new AudioBufferSourceNode(context, { buffer: await context.decodeAudioData(bytes.buffer) });
			source.connect(mouth);
			while (!when()) await new Promise((look) => setTimeout(look, 20));
			source.start();
			await new Promise((ended) => source.onended = ended);
		};
		return mouth.stream;
	};
})()`

// attend starts a browser with somebody in it.
func attend(t *testing.T, o browser.Options) *person {
	t.Helper()
	p := &person{browser.Start(t, o), t}
	p.Inject(body)
	return p
}

// speak plays a sound into the microphone and returns when it has been heard.
func (p *person) speak(s sound) {
	p.t.Helper()
	p.Do(fmt.Sprintf(`say(%q)`, base64.StdEncoding.EncodeToString(s.wav(p.t, "16000"))))
}

// mark is a place in the page's log.
func (p *person) mark() int { return browser.Value[int](p.Page, `caseyLog.length`) }

// awaitReply waits until a reply since a mark has been spoken to its end, or the
// interview has come to its own.
func (p *person) awaitReply(mark int) {
	p.t.Helper()
	p.Wait(fmt.Sprintf(`(() => {
		const states = caseyLog.slice(%d).filter(e => e.name === "state").map(e => e.event.state);
		return states.includes("speaking") && states.at(-1) === "listening" || document.body.dataset.view === "over" })()`, mark), replyLimit)
}

// caption is the last caption of one turn, or of one utterance of it.
type caption struct {
	Role, Text string
	Utterance  int
	End        float64 // of its last viseme, ms after its beginning
}

// captions returns what was said since a mark, in order: the candidate's turns,
// and the interviewer's utterances.
func (p *person) captions(mark int) []caption {
	p.t.Helper()
	return browser.Value[[]caption](p.Page, fmt.Sprintf(`(() => {
		const said = new Map(), ends = new Map();
		for (const { name, event } of caseyLog.slice(%d)) {
			if (name === "visemes") ends.set(event.utterance, event.marks.at(-1)?.[0] ?? 0);
			if (name !== "caption" || event.role === "interviewer" && !event.utterance) continue;
			said.set(event.role + event.turn + "/" + (event.utterance ?? 0), event);
		}
		return [...said.values()].map(e => ({ Role: e.role, Text: e.text, Utterance: e.utterance ?? 0, End: ends.get(e.utterance) ?? 0 }));
	})()`, mark))
}

// record begins to record what is played; recording is all that was since.
func (p *person) record() { p.Do(`caseyProbe.record()`) }

func (p *person) recording() sound {
	p.t.Helper()
	return recorded(p.t, p.Page, `caseyProbe.recording()`)
}

// lipSync returns how many ms after its sound each mouth opening was shown, for
// the sounds of the recording that come after a pause.
func (p *person) lipSync(mark int) []float64 {
	p.t.Helper()
	sounds := browser.Value[[]float64](p.Page, `caseyProbe.onsets(150, 0.004)`)
	shown := browser.Value[[]float64](p.Page, fmt.Sprintf(`(() => {
		const visemes = caseyLog.slice(%d).filter(e => e.name === "viseme");
		return visemes.filter((e, i) => e.event.value !== "sil" && (i === 0 || visemes[i-1].event.value === "sil")).map(e => e.at) })()`, mark))
	latency := browser.Value[float64](p.Page, `casey.outputLatency`)
	var off []float64
	for _, at := range sounds {
		off = append(off, nearest(shown, at+latency))
	}
	return off
}
