package page_test

import (
	"slices"
	"testing"
	"time"

	"casey.internal/cdk/page"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
)

// said returns the text of the part of the page in which the microphone is checked.
var said = text("#check-words")

func TestTheMicrophoneIsChosenAndCheckedBeforeTheStart(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p := browser.Start(t, browser.Options{})
	p.Open(f.URL + "/?probe=1")
	p.Click("#try")
	p.Wait(said+` === "Casey would hear you."`, soon)
	const list = `document.querySelector("#check select")`
	if n := browser.Value[int](p, list+`.options.length`); n < 2 {
		t.Fatalf("%d microphones can be chosen", n)
	}
	second := browser.Value[string](p, list+`.options[1].value`)
	p.Do(`(list => { list.selectedIndex = 1; list.dispatchEvent(new Event("change")) })(` + list + `)`)
	p.Wait(said+` === "Casey would hear you."`, soon)
	p.Click("#listen")
	p.Wait(said+` === "This is how you sound."`, soon)
	p.Click("#start")
	next(t, f.lines, "data channel")
	if used := browser.Value[string](p, `caseyLog.find(e => e.name === "microphone").event.device`); used != second {
		t.Errorf("the interview uses microphone %s, want %s", used, second)
	}
	p.Open(f.URL)
	p.Wait(`!document.querySelector("#start").disabled`, soon)
	p.Wait(list+`.value === "`+second+`"`, soon) // it is remembered
}

// unpluggable is a microphone of a tone, with unplug and plug in the page.
const unpluggable = `(() => {
	let there = true, track;
	navigator.mediaDevices.getUserMedia = async () => {
		if (!there) throw new DOMException("none", "NotFoundError");
		const context = new AudioContext(), tone = new OscillatorNode(context), out = context.createMediaStreamDestination();
		tone.connect(out);
		tone.start();
		track = out.stream.getAudioTracks()[0];
		return out.stream;
	};
	window.unplug = () => { there = false; track.stop(); track.dispatchEvent(new Event("ended")) };
	window.plug = () => { there = true; navigator.mediaDevices.dispatchEvent(new Event("devicechange")) };
})()`

func TestAMicrophoneIsUnplugged(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p := browser.Start(t, browser.Options{})
	p.Inject(unpluggable)
	p.Open(f.URL + "/?probe=1")
	p.Click("#start")
	next(t, f.lines, "data channel")
	p.Wait(`casey.status === "live"`, soon)
	const notice = `document.querySelector("#notice").checkVisibility() && document.querySelector("#notice").textContent`
	p.Wait(notice+` === ""`, soon) // its place is there before it comes
	p.Do(`unplug()`)
	p.Wait(notice+`.startsWith("Your microphone is gone. Plug it in")`, soon)
	p.Wait(state+` === "Casey does not hear you"`, soon)
	p.Screenshot("unplugged")
	if status := browser.Value[string](p, `casey.status`); status != "live" {
		t.Errorf("without a microphone the interview is %s", status)
	}
	p.Do(`plug()`)
	p.Wait(notice+` === ""`, soon)
	p.Wait(`caseyLog.findLast(e => e.name === "levels").event.own > 0.1`, soon)
}

func TestSoundThatTheBrowserBlocks(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p := browser.Start(t, browser.Options{})
	p.Inject(`(() => { const play = HTMLMediaElement.prototype.play; let refused = 0;
		HTMLMediaElement.prototype.play = function () {
			return refused++ ? play.call(this).then(() => { window.played = true }) : Promise.reject(new DOMException("no", "NotAllowedError")) } })()`)
	p.Open(f.URL)
	p.Click("#start")
	next(t, f.lines, "data channel")
	p.Wait(text("#notice")+`.startsWith("Your browser blocks the sound. Click anywhere")`, soon)
	p.Click("#face")
	p.Wait(`window.played && `+text("#notice")+` === ""`, soon)
}

// press presses a key.
func press(p *browser.Page, key string) {
	p.Do(`document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "` + key + `", bubbles: true, cancelable: true }))`)
}

func TestKeysCaptionsAndReplyTime(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p, l := talk(t, f, "/?probe=1")
	const captions, latency = `document.querySelector("#captions").checkVisibility()`, `document.querySelector("#latency").checkVisibility()`
	press(p, "m")
	if muted := wait[*channel.Muted](t, f.events); !muted.On {
		t.Error("M did not mute")
	}
	press(p, "t")
	wait[*channel.Nudge](t, f.events)
	press(p, "c")
	p.Wait("!"+captions, soon)
	press(p, "l")
	l.sendEvent(t, channel.State{State: channel.Speaking, Turn: 1})
	l.sendEvent(t, channel.Visemes{Turn: 1, Utterance: 1, RTP: l.next(), Marks: marks})
	l.speak(t.Context(), t, time.Second)
	press(p, "m")
	wait[*channel.Muted](t, f.events)
	p.Wait(`caseyLog.findLast(e => e.name === "levels").event.own > 0.05`, soon) // the microphone beeps
	for turn := 2; !browser.Value[bool](p, latency+` && /^Last reply after [0-9.]+ s$/.test(`+text("#latency")+`)`); turn++ {
		if turn > 10 {
			t.Fatal("no reply time is shown")
		}
		l.sendEvent(t, channel.Visemes{Turn: turn, Utterance: turn, RTP: l.next(), Marks: marks})
		l.speak(t.Context(), t, time.Second)
	}
	press(p, "?")
	p.Wait(`document.querySelector("#settings").open`, soon)
	p.Click("#keys-on")
	p.Click("#close-settings")
	press(p, "c") // means nothing any more
	p.Open(f.URL)
	p.Click("#start")
	next(t, f.lines, "second data channel")
	if on := browser.Value[bool](p, captions); on {
		t.Error("the captions are back after a reload")
	}
}

func TestARecordingHasBothSides(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p, l := talk(t, f, "/?probe=1")
	p.Do(`document.querySelector("#record-on").click()`)
	p.Wait(`document.querySelector("#recording").checkVisibility()`, soon)
	l.speak(t.Context(), t, 2*time.Second)
	p.Click("#leave")
	p.Wait(`document.querySelectorAll("#files a[download]").length === 2`, soon)
	for side, want := range map[string]struct{ tone, beep bool }{"own": {false, true}, "both": {true, true}} {
		powers := browser.Value[[]float64](p, `(async () => {
			const { event } = caseyLog.find(e => e.name === "recording");
			const sound = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(await event.`+side+`.arrayBuffer());
			const samples = sound.getChannelData(0);
			const power = (hz) => { let re = 0, im = 0; samples.forEach((s, i) => { re += s * Math.cos(2 * Math.PI * hz * i / 48000); im += s * Math.sin(2 * Math.PI * hz * i / 48000) }); return Math.hypot(re, im) / samples.length };
			return [sound.duration, power(440), Math.hypot(...samples) / Math.sqrt(samples.length)] })()`)
		seconds, tone, loud := powers[0], powers[1], powers[2]
		if seconds < 1.5 || (tone > 0.01) != want.tone || (loud > 0.001) != want.beep {
			t.Errorf("%s lasts %.1f s, has %.4f of the tone and is %.4f loud", side, seconds, tone, loud)
		}
	}
}

func TestAPausedInterviewIsContinuedInAnotherTab(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p, _ := talk(t, f, "/")
	next(t, f.offers, "offer")
	p.Click("#leave")
	p.Wait(view+` === "over" && `+text("#state span")+` === "Paused: you can go on later"`, soon)
	p.Do(`sessionStorage.clear()`) // as another tab has it
	p.Open(f.URL)
	p.Wait(text("#start")+` === "Continue your interview"`, soon)
	p.Click("#start")
	if offer := next(t, f.offers, "offer"); offer.Session != "s-1" || offer.Resume != "secret" || offer.Want != interview.WantFresh {
		t.Errorf("the offer is %q of session %q", offer.Want, offer.Session)
	}
	next(t, f.lines, "data channel")
	p.Wait(`casey.status === "live"`, soon)
	if kept := browser.Value[[]string](p, `Object.keys(localStorage)`); slices.ContainsFunc(kept, func(key string) bool { return key != "casey:page" }) {
		t.Errorf("another tab could go on with it still: %v", kept)
	}
}
