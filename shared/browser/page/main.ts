import {
  Casey,
  type CaseyError,
  type CaseyEvents,
  canRecord,
  type Doing,
  over,
  type Report,
  resumable,
  review,
} from "../src/index.js";
import type { Avatar } from "./avatar.js";
import { Awake } from "./awake.js";
import { Captions } from "./captions.js";
import { CheckView } from "./check.js";
import { type Card, Chooser, cardOf, loadCatalogue, sideOf, split } from "./chooser.js";
import { loadConfig, type Settings, settings } from "./config.js";
import { button, click, find, load, loudness, make, meter, write } from "./dom.js";
import { Face } from "./face.js";
import { clock, offerFiles } from "./files.js";
import { Held } from "./held.js";
import { JobView } from "./job.js";
import { listenToKeys } from "./keys.js";
import { Later } from "./later.js";
import { Notices } from "./notices.js";
import { Parts, type View } from "./parts.js";
import { CASEY, introduce, type Persona } from "./persona.js";
import { Picker } from "./picker.js";
import { load as loadPreferences, type Preferences, save } from "./preferences.js";
import type { Practice } from "./progress.js";
import type { Results } from "./results.js";
import { Stage } from "./stage.js";
import { fill, languages, preferred, prepare, speak, spoken, texts } from "./texts.js";
import { Transcript } from "./transcript.js";
import { afterWords, byeWords, doingWords, latencyWords, leftWords, statusWords, troubleWords } from "./words.js";

declare global {
  interface Window {
    /** the client, for tests and the curious */
    casey: Casey;
    caseyFace: Face;
    /** with ?avatar=… */
    caseyAvatar?: Avatar;
  }
}

/** How long casey smiles at a beginning and at an end, in ms. */
const HELLO = 2600;
const GOODBYE = 3600000;

/** The state of the browser's history in which past interviews are seen. */
const PAST = "past";

/** The codes of a microphone that is not heard any more. */
const deafening = ["microphone_lost", "microphone_silenced", "permission"];

/**
 * The level from which a microphone is alive, and how many looks at 20 a second it may
 * be silent while casey listens.
 */
const HEARD = 0.004;
const SILENT_LOOKS = 300;

/** Page is the one page there is: it shows what the client tells, and tells it what was clicked. */
class Page {
  readonly #casey: Casey;
  readonly #face = new Face(find<SVGElement>("#face"));
  readonly #stage: Stage;
  readonly #captions = new Captions(find("#captions"));
  readonly #transcript = new Transcript();
  readonly #notices = new Notices();
  readonly #awake = new Awake();
  readonly #parts = new Parts();
  readonly #preferences = loadPreferences();
  readonly #held = new Held();
  readonly #results = new Later(() => this.#load());
  readonly #picker = new Picker(this.#preferences.device, (device) => this.#pick(device));
  readonly #check = new CheckView((device) => this.#picker.show(device));
  readonly #settings: Settings;
  readonly #chooser: Chooser;
  readonly #job = new JobView((busy) => this.#wait(busy));
  #persona: Persona = CASEY;
  #sorry: (() => void) | undefined; // says that the results did not load
  #before: View = "welcome"; // where the person looked at past interviews from
  #ends: number | undefined; // when the interview's time is up
  #doing: Doing | undefined;
  #began = 0;
  #silence = 0; // looks in a row at a microphone that was never heard
  #deaf = false; // the microphone is lost, and that was said
  #bye: { reason: string; resumable: boolean } | undefined;
  #line = (): string => texts.status.idle; // how it stands

  constructor(casey: Casey, settings: Settings, cards: Card[]) {
    this.#casey = casey;
    this.#stage = new Stage(casey, this.#face);
    this.#settings = settings;
    const wanted = {
      asked: settings.options.interview,
      last: this.#preferences.interview,
      language: settings.language,
    };
    this.#chooser = new Chooser(cards, wanted, (persona, language) => this.#picked(persona, language));
    window.casey = this.#casey;
    window.caseyFace = this.#face;
    this.#listen();
    this.#buttons();
    this.#switches();
    this.#languages();
    listenToKeys(() => this.#preferences.keys);
    if (settings.focus) this.#job.practise(settings.focus);
    this.#redraw();
    this.#parts.view("welcome");
    requestAnimationFrame((now) => this.#frame(now));
    void this.#review();
    addEventListener("popstate", () => this.#left());
    if (history.state === PAST) void this.#past(); // reloaded
    addEventListener("pagehide", () => this.#held.said(this.#transcript.lines));
    if (settings.avatar) void this.#avatar(settings.avatar);
  }

  /** languages lets a person choose the page's language, before there is an interview that has one. */
  #languages(): void {
    const list = find<HTMLSelectElement>("#language");
    for (const [tag, name] of Object.entries(languages)) list.append(new Option(name, tag));
    for (const option of list.options) option.lang = option.value;
    list.value = texts.language;
    list.hidden = false;
    list.addEventListener("change", () => {
      this.#preferences.language = list.value;
      save(this.#preferences);
      void this.#speak(list.value);
    });
  }

  /** speak has the page speak a language, from when it is there. */
  async #speak(language: string): Promise<void> {
    if (language === texts.language) return;
    await speak(language);
    this.#redraw();
  }

  /** redraw writes all that the page says in the language that it speaks now. */
  #redraw(): void {
    fill();
    this.#chooser.redraw();
    this.#job.redraw();
    introduce(this.#persona);
    this.#welcome();
    this.#muted(this.#casey.muted);
    this.#say(this.#line);
    this.#results.part?.redraw();
    this.#sorry?.();
    void this.#picker.refresh();
  }

  /** say shows how it stands. */
  #say(line: () => string): void {
    this.#line = line;
    write("#state span", line());
  }

  /** picked shows who interviews in which language. The ear on this computer knows English alone. */
  #picked(persona: Persona, language = "en"): void {
    this.#introduce(persona);
    find("#local-foreign").hidden = !this.#settings.local || spoken(language) === "en";
  }

  /** introduce shows who interviews. */
  #introduce(persona: Persona): void {
    this.#persona = persona;
    this.#captions.name = this.#check.name = persona.name;
    introduce(persona);
  }

  /** avatar puts a GLB file on the stage; what shows it is loaded only now. */
  async #avatar(url: string): Promise<void> {
    try {
      const { Avatar } = await load<typeof import("./avatar.js")>("avatar");
      window.caseyAvatar = await Avatar.load(url, find(".frame"));
      this.#stage.cast(window.caseyAvatar);
      find<SVGElement>("#face").style.display = "none";
      introduce(this.#persona);
    } catch (error) {
      console.warn("avatar", error);
      this.#notices.say(texts.persona.undrawn(this.#persona.name));
    }
  }

  #welcome(): void {
    const goOn = resumable(this.#settings.url);
    write("#start", goOn ? texts.choice.goOn : texts.choice.start);
    find("#anew").hidden = !goOn;
    find("#local").hidden = !this.#settings.local;
    for (const id of ["#start", "#try", "#past", "#open-settings"]) find<HTMLButtonElement>(id).disabled = false;
  }

  /** wait lets nobody begin while there is something to wait for. */
  #wait(on: boolean): void {
    for (const id of ["#start", "#anew"]) find<HTMLButtonElement>(id).disabled = on;
  }

  #buttons(): void {
    for (const id of ["#start", "#again"]) click(id, () => this.#start(true));
    click("#anew", () => this.#start(false));
    click("#next", () => (resumable(this.#settings.url) ? this.#start(true) : this.#choose()));
    click("#next-anew", () => this.#choose());
    click("#try", () => this.#toggleCheck());
    click("#past", () => void this.#past());
    click("#unfocus", () => {
      this.#job.practise("");
      find("#start").focus();
    });
    click("#mute", () => this.#casey.mute(!this.#casey.muted));
    click("#nudge", () => this.#casey.nudge());
    click("#leave", () => this.#leave());
    click("#end", () => this.#casey.end());
    const dialog = find<HTMLDialogElement>("#settings");
    click("#open-settings", () => (dialog.open ? dialog.close() : dialog.showModal()));
    click("#close-settings", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }

  #switches(): void {
    for (const name of ["captions", "latency", "keys"] as const) {
      this.#switch(`#${name}-on`, this.#preferences[name], (on) => {
        this.#preferences[name] = on;
        save(this.#preferences);
        document.body.classList.toggle(`no-${name}`, !on);
      });
    }
    this.#switch("#record-on", false, (on) => {
      this.#casey.record(on);
      find("#recording").hidden = !this.#casey.recording;
    });
    find("#record-row").hidden = !canRecord();
  }

  #switch(selector: string, on: boolean, turned: (on: boolean) => void): void {
    const box = find<HTMLInputElement>(selector);
    box.checked = on;
    box.addEventListener("change", () => turned(box.checked));
    turned(on);
  }

  #pick(device: string): void {
    this.#preferences.device = device;
    save(this.#preferences);
    if (this.#check.isOpen) void this.#check.open(device);
    this.#casey
      .useMicrophone(device)
      .catch((error: CaseyError) => this.#notices.say(troubleWords(error, this.#persona.name).title));
  }

  #toggleCheck(): void {
    if (this.#check.isOpen) this.#check.close();
    else void this.#check.open(this.#preferences.device);
    find("#try").setAttribute("aria-expanded", String(this.#check.isOpen));
  }

  #start(resume: boolean): void {
    this.#check.close();
    find("#try").setAttribute("aria-expanded", "false");
    const goOn = resume && resumable(this.#settings.url);
    const interview = goOn ? this.#preferences.interview || undefined : this.#chooser.interview;
    this.#introduce(this.#chooser.persona(interview));
    void this.#speak(language(this.#preferences, this.#chooser.language(interview)));
    this.#preferences.interview = interview ?? "";
    save(this.#preferences);
    if (!goOn) this.#forget();
    this.#notices.hide();
    this.#bye = undefined;
    this.#began = this.#silence = 0;
    this.#ends = undefined;
    this.#doing = undefined;
    this.#deaf = false;
    this.#parts.empty();
    find("#files").replaceChildren();
    this.#parts.view("talk");
    find("#state").focus({ preventScroll: true });
    const { device } = this.#preferences;
    const record = find<HTMLInputElement>("#record-on").checked;
    const job = this.#job.job(goOn);
    this.#casey
      .connect(this.#settings.url, {
        ...this.#settings.options,
        ...(interview && { interview }),
        ...(job && { job }),
        resume,
        record,
        device,
      })
      .catch(() => undefined); // told by `failed`
  }

  /** choose begins another interview, of those there are. */
  #choose(): void {
    this.#job.practise("");
    if (!this.#chooser.several) return this.#start(false);
    this.#welcome();
    this.#introduce(this.#chooser.persona(undefined));
    void this.#speak(language(this.#preferences, undefined));
    this.#say(() => texts.status.idle);
    this.#parts.view("welcome");
    find("#choice :checked").focus();
  }

  /** review shows the report of an interview that was over before this page was loaded. */
  async #review(): Promise<void> {
    if (!over(this.#settings.url)) return;
    const report = await review(this.#settings.url);
    await this.#speak(language(this.#preferences, this.#chooser.language(this.#preferences.interview)));
    if (!report || this.#casey.status !== "idle") return;
    this.#transcript.restore(this.#held.restore()?.lines ?? []);
    this.#report(report);
    const { entry } = this.#held;
    if (entry) this.#tell(({ keeper }) => void keeper.again(entry));
    this.#say(() => texts.status.over);
    this.#over();
  }

  /** load loads what shows reports and past interviews. */
  async #load(): Promise<Results> {
    const { Results } = await load<typeof import("./results.js")>("results");
    this.#sorry = undefined;
    find("#keep").replaceChildren();
    return new Results({
      transcript: this.#transcript,
      preferences: this.#preferences,
      practise: (practice) => this.#practise(practice),
      past: () => void this.#past(),
      back: () => history.back(),
    });
  }

  /** tell has the results show something, once they are there; a sentence stands where they cannot be loaded. */
  #tell(action: (results: Results) => void): void {
    this.#results.tell(action).catch((error) => {
      console.warn("results", error);
      this.#sorry = () => {
        const said = make("p", texts.unloaded, "note");
        said.setAttribute("role", "alert");
        find("#keep").replaceChildren(
          said,
          button(texts.page.tryAgain, "plain", () => this.#tell(() => undefined)),
        );
      };
      this.#sorry();
    });
  }

  /** report shows a report of this interview, as far as it is written. */
  #report(report: Report): void {
    const { entry } = this.#held;
    if (entry) entry.report = report;
    this.#tell(({ report: view, keeper }) => {
      view.show(report);
      this.#parts.fill("report");
      if (entry) void keeper.report(entry, report);
    });
  }

  /** forget leaves nothing of an interview before. */
  #forget(): void {
    this.#captions.clear();
    this.#transcript.clear();
    this.#held.forget();
    this.#results.forget();
    this.#results.part?.clear();
    this.#sorry = undefined;
    find("#keep").replaceChildren();
  }

  /** hold has the tab keep the interview that is live. */
  #hold(): void {
    const id = this.#casey.session;
    const { interview } = this.#preferences;
    const name = this.#persona.name;
    if (!id) return;
    const title = this.#chooser.title(interview || undefined);
    this.#transcript.restore(this.#held.begin({ id, interview, title, name }));
  }

  /** past shows the interviews that this browser keeps. */
  async #past(): Promise<void> {
    const before = document.body.dataset.view as View;
    const button = find("#past");
    button.ariaBusy = "true";
    try {
      await this.#results.load();
    } catch (error) {
      console.warn("results", error);
      return this.#notices.say(texts.unloaded);
    } finally {
      button.ariaBusy = null;
    }
    if (document.body.dataset.view !== before) return; // something else was clicked meanwhile
    if (before !== "past") this.#before = before;
    if (history.state !== PAST) history.pushState(PAST, "");
    this.#parts.view("past");
    void this.#results.part?.progress.show();
  }

  /** left is when the person went back, by the browser or by a button: from an interview to all of them, from those to what was seen before. */
  #left(): void {
    if (document.body.dataset.view !== "past") return;
    if (this.#results.part?.progress.close()) history.pushState(PAST, "");
    else this.#back();
  }

  /** back shows what was seen before past interviews. */
  #back(): void {
    this.#parts.view(this.#before);
    const { entry } = this.#held;
    if (this.#before === "over" && entry) this.#tell(({ keeper }) => void keeper.again(entry));
    find(this.#before === "over" ? "#next" : "#past").focus({ preventScroll: true });
  }

  /** practise offers an interview about one question. */
  #practise({ interview, question }: Practice): void {
    this.#job.practise(question);
    this.#chooser.choose(interview);
    this.#welcome();
    this.#say(() => texts.status.idle);
    this.#parts.view("welcome");
    if (history.state === PAST) history.back();
    find("#start").focus();
  }

  #leave(): void {
    this.#bye = { reason: "left", resumable: true };
    this.#casey.leave();
  }

  #listen(): void {
    const casey = this.#casey;
    casey.on("status", (event) => this.#status(event));
    casey.on("state", ({ state }) => this.#state(state));
    casey.on("caption", (event) => {
      this.#captions.show(event);
      this.#transcript.take(event, performance.now());
    });
    casey.on("cut", ({ utterance, ms }) => this.#captions.cut(utterance, ms));
    casey.on("levels", ({ own }) => this.#own(own));
    casey.on("level", ({ dbov }) => this.#heard(dbov));
    casey.on("heard", ({ ms }) => this.#latency(ms));
    casey.on("muted", ({ on }) => this.#muted(on));
    casey.on("microphone", ({ device }) => this.#microphone(device));
    casey.on("phase", (event) => this.#phase(event));
    casey.on("exhibit", (event) => this.#exhibit(event));
    casey.on("report", (event) => {
      const { seq: _, turn: __, type: ___, ...report } = event;
      this.#report(report);
    });
    casey.on("kept", () => {
      this.#job.sent();
      this.#notices.say(texts.job.kept(this.#persona.name));
    });
    casey.on("notice", ({ message }) => this.#notices.say(message));
    casey.on("trouble", (error) => this.#trouble(error));
    casey.on("recording", (recording) => this.#files(recording));
    casey.on("bye", (bye) => {
      this.#bye = bye;
    });
    casey.on("failed", (error) => this.#failed(error));
  }

  #status({ status, ahead }: CaseyEvents["status"]): void {
    const there = status === "live" || status === "restoring";
    for (const id of ["#mute", "#nudge", "#leave"]) find<HTMLButtonElement>(id).disabled = !there;
    find<HTMLButtonElement>("#end").disabled = status === "ending";
    this.#awake.keep(there);
    find("#recording").hidden = !this.#casey.recording;
    if (status === "live") return this.#live();
    this.#say(() => statusWords(status, ahead) ?? "");
    meter("#heard", 0);
    this.#stage.mood(status === "restoring" || status === "waiting" || status === "ending" ? "thinking" : "idle");
    if (status === "over") this.#over();
  }

  #live(): void {
    if (!this.#began) this.#stage.smile(HELLO);
    this.#began ||= performance.now();
    this.#hold();
    this.#results.load().catch(() => undefined); // the report loads it again
    this.#state(this.#doing ?? "listening");
  }

  #over(): void {
    const goOn = resumable(this.#settings.url);
    const bye = this.#bye;
    if (bye) this.#say(() => byeWords(bye.reason, bye.resumable));
    write("#after h1", afterWords(goOn, this.#bye?.reason, this.#persona.name));
    write("#next", goOn ? texts.choice.goOn : texts.choice.another);
    find("#next-anew").hidden = !goOn;
    this.#muted(false);
    meter("#own", 0);
    this.#stage.quiet();
    this.#stage.smile(GOODBYE);
    this.#parts.view("over");
    this.#held.said(this.#transcript.lines);
    const { entry } = this.#held;
    if (entry && this.#began && !goOn && bye?.reason !== "another_tab")
      this.#tell(({ keeper }) => void keeper.over(entry));
    find(".talk").scrollTop = 0;
    find("#next").focus({ preventScroll: true });
  }

  #state(doing: Doing): void {
    this.#doing = doing;
    if (this.#casey.status !== "live") return;
    this.#say(() => doingWords(doing, this.#casey.muted, this.#deaf, this.#persona.name));
    this.#stage.mood(doing === "paused" ? "idle" : doing);
  }

  #muted(on: boolean): void {
    find("#mute").setAttribute("aria-pressed", String(on));
    write("#mute span", on ? texts.unmute : texts.mute);
    if (this.#doing) this.#state(this.#doing);
  }

  #microphone(device: string): void {
    this.#picker.show(device);
    if (this.#deaf) this.#notices.say(texts.hearsAgain(this.#persona.name));
    else this.#notices.hide();
    this.#hears(true);
  }

  /** hears is whether there is a microphone that casey could hear. */
  #hears(on: boolean): void {
    this.#deaf = !on;
    if (this.#doing) this.#state(this.#doing);
  }

  /** own shows how loud the candidate is, and says so once when nothing was ever heard. */
  #own(level: number): void {
    meter("#own", loudness(level));
    if (this.#doing !== "listening" || this.#casey.muted || this.#deaf) return;
    this.#silence = level > HEARD ? Infinity : this.#silence + 1;
    if (this.#silence === SILENT_LOOKS) this.#notices.say(texts.hearsNothing(this.#persona.name));
  }

  #phase({ name, index, of, left }: CaseyEvents["phase"]): void {
    this.#ends = left === undefined ? undefined : performance.now() + left;
    write("#phase", of > 1 ? texts.phase(name, index, of) : name);
    this.#parts.fill("phase");
  }

  #exhibit({ title, url, alt }: CaseyEvents["exhibit"]): void {
    const image = find<HTMLImageElement>("#exhibit img");
    image.src = url;
    image.alt = alt ?? title;
    write("#exhibit figcaption", title);
    this.#parts.fill("exhibit");
  }

  #files(recording: CaseyEvents["recording"]): void {
    offerFiles(find("#files"), recording);
    this.#tell(({ report }) => report.hear(recording));
    this.#parts.fill("files");
  }

  #latency(ms: number): void {
    if (!ms) return;
    write("#latency", latencyWords(ms));
    this.#parts.fill("latency");
  }

  #trouble(error: CaseyError): void {
    const { title, remedy } = troubleWords(error, this.#persona.name);
    if (error.code === "anew" || error.code === "recording") return this.#notices.say(`${title}. ${remedy}`);
    if (deafening.includes(error.code)) this.#hears(false);
    this.#notices.hold(`${title}. ${remedy}`);
    if (error.code === "sound_blocked") addEventListener("click", () => this.#allowSound(), { once: true });
  }

  #allowSound(): void {
    this.#notices.hide();
    this.#casey.allowSound();
  }

  #failed(error: CaseyError): void {
    const { title, text, remedy } = troubleWords(error, this.#persona.name);
    write("#trouble h2", title);
    write("#trouble p", text);
    write("#trouble .remedy", remedy);
    this.#say(() => troubleWords(error, this.#persona.name).title);
    this.#stage.smile(0);
    this.#parts.view("trouble");
    find("#again").focus({ preventScroll: true });
  }

  /** heard shows what arrives at casey: 0 dB is the loudest, 127 silence. */
  #heard(dbov: number): void {
    this.#parts.fill("heard-row");
    meter("#heard", Math.max(0, Math.min(1, (70 - dbov) / 60)));
  }

  #frame(now: number): void {
    this.#stage.frame(now);
    this.#captions.follow((utterance) => this.#casey.spoken(utterance));
    if (this.#began && this.#casey.status !== "over") this.#clock(now);
    requestAnimationFrame((next) => this.#frame(next));
  }

  /** clock shows what is left of the interview's time, or how long it has been going on. */
  #clock(now: number): void {
    write("#clock", this.#ends === undefined ? clock(now - this.#began) : leftWords(this.#ends - now));
    this.#parts.fill("clock");
  }
}

/** language is the page's for an interview in a language: that one if it speaks it, else the person's own. */
function language({ language }: Preferences, tag = ""): string {
  return spoken(tag) ?? spoken(language) ?? preferred(navigator.languages);
}

const casey = new Casey();
const own = language(loadPreferences());
prepare(own);
const [config, cards] = await Promise.all([loadConfig(), loadCatalogue()]);
const asked = settings(new URL(location.href), config);
if (asked.probe) (await load<typeof import("./probe.js")>("probe")).probe(casey);
const card = cardOf(cards, asked.options.interview);
await speak(
  spoken((card && sideOf(card, asked.language ?? split(asked.options.interview ?? "").language).language) ?? "") ?? own,
);
new Page(casey, asked, cards);
