import { Casey, CaseyError, resumable, type CaseyEvents, type Doing, type ReportEvent } from "../src/index.js";
import { Captions } from "./captions.js";
import { loadConfig, settings, type Settings } from "./config.js";
import { Face, type Mood } from "./face.js";
import { mouthFor, mouthForLevel, Rest } from "./mouth.js";
import { Probe } from "./probe.js";
import { showReport } from "./report.js";
import { byeWords, doingWords, statusWords, troubleWords } from "./words.js";

declare global {
  interface Window {
    /** the client, for tests and the curious */
    casey: Casey;
    /** every event of the client, with the time of performance.now() */
    caseyLog: { at: number; name: string; event: unknown }[];
    caseyFace: Face;
    /** with ?probe=1 */
    caseyProbe?: Probe;
  }
}

/** How far ahead of the sound a mouth begins to move, in ms: it eases, and so arrives in time. */
const Ahead = 45;
const NoticeFor = 6000;
const LogLength = 20000;

const find = <Type extends Element = HTMLElement>(selector: string): Type => document.querySelector<Type>(selector)!;

/** Page is the one page there is: it shows what the client tells, and tells it what was clicked. */
class Page {
  readonly #casey = new Casey();
  readonly #face = new Face(find<SVGElement>("#face"));
  readonly #captions = new Captions(find("#captions"));
  readonly #settings: Settings;
  #doing: Doing | undefined;
  #levels = { own: 0, voice: 0 };
  #shown = 0;
  #seenViseme = 0;
  #began = 0;
  #bye = "";
  #noticeTimer = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
    window.casey = this.#casey;
    window.caseyFace = this.#face;
    window.caseyLog = [];
    if (settings.probe) window.caseyProbe = new Probe(this.#casey);
    this.#listen();
    this.#buttons();
    this.#welcome();
    requestAnimationFrame((now) => this.#frame(now));
  }

  #welcome(): void {
    const goOn = resumable(this.#settings.url);
    find("#start").textContent = goOn ? "Go on with the interview" : "Start the interview";
    find("#anew").hidden = !goOn;
    find("#local").hidden = !this.#settings.local;
  }

  #buttons(): void {
    const click = (id: string, action: () => void): void => find(id).addEventListener("click", action);
    click("#start", () => this.#start(true));
    click("#anew", () => this.#start(false));
    click("#again", () => this.#start(true));
    click("#next", () => this.#start(true));
    click("#mute", () => this.#casey.mute(!this.#casey.muted));
    click("#nudge", () => this.#casey.nudge());
    click("#end", () => this.#casey.end());
  }

  #start(resume: boolean): void {
    this.#captions.clear();
    this.#bye = "";
    this.#began = 0;
    this.#doing = undefined;
    for (const id of ["#report", "#trouble", "#exhibit", "#phase", "#heard-row", "#onward"]) find(id).hidden = true;
    this.#view("talk");
    this.#casey.connect(this.#settings.url, { ...this.#settings.options, resume }).catch(() => undefined); // told by `failed`
  }

  #view(view: "welcome" | "talk" | "over" | "trouble"): void {
    document.body.dataset["view"] = view;
  }

  #mood(mood: Mood): void {
    document.body.dataset["mood"] = mood;
    this.#face.mood = mood;
  }

  #say(words: string): void {
    find("#state span").textContent = words;
  }

  #listen(): void {
    const casey = this.#casey;
    casey.onAny((name, event) => this.#log(name, event));
    casey.on("status", (event) => this.#status(event));
    casey.on("state", ({ state }) => this.#state(state));
    casey.on("caption", (event) => this.#captions.show(event));
    casey.on("cut", ({ utterance, ms }) => this.#captions.cut(utterance, ms));
    casey.on("levels", (levels) => this.#meter(levels));
    casey.on("level", ({ dbov }) => this.#heard(dbov));
    casey.on("visemes", () => void (this.#seenViseme = performance.now()));
    casey.on("muted", ({ on }) => this.#muted(on));
    casey.on("phase", ({ name, index, of }) => this.#phase(of > 1 ? `${name} · ${index} of ${of}` : name));
    casey.on("exhibit", (event) => this.#exhibit(event));
    casey.on("report", (event) => this.#report(event));
    casey.on("notice", ({ message }) => this.#notice(message));
    casey.on("trouble", (error) => this.#trouble(error));
    casey.on("bye", ({ reason, resumable }) => void (this.#bye = byeWords(reason, resumable)));
    casey.on("failed", (error) => this.#failed(error));
  }

  #log(name: string, event: unknown): void {
    const shown = event instanceof CaseyError ? { code: event.code, message: event.message } : name === "voice" ? {} : event;
    window.caseyLog.push({ at: performance.now(), name, event: shown });
    if (window.caseyLog.length > LogLength) window.caseyLog.splice(0, LogLength / 10);
  }

  #status({ status, ahead }: CaseyEvents["status"]): void {
    if (status === "live") {
      this.#began ||= performance.now();
      return this.#state(this.#doing ?? "listening");
    }
    this.#say(statusWords(status, ahead) ?? "");
    this.#mood(status === "over" ? "idle" : status === "restoring" || status === "waiting" ? "thinking" : "idle");
    if (status === "over") this.#over();
  }

  #over(): void {
    if (this.#bye) this.#say(this.#bye);
    this.#meter({ own: 0, voice: 0 });
    this.#view("over");
    find("#next").textContent = resumable(this.#settings.url) ? "Go on with the interview" : "Start another interview";
    find("#onward").hidden = false;
    find(".talk").scrollTop = 0;
  }

  #state(doing: Doing): void {
    this.#doing = doing;
    if (this.#casey.status !== "live") return;
    this.#say(doingWords(doing, this.#casey.muted));
    this.#mood(doing === "paused" ? "idle" : doing);
  }

  #muted(on: boolean): void {
    find("#mute").setAttribute("aria-pressed", String(on));
    find("#mute span").textContent = on ? "Unmute" : "Mute";
    if (this.#doing) this.#state(this.#doing);
  }

  #phase(text: string): void {
    find("#phase").textContent = text;
    find("#phase").hidden = false;
  }

  #exhibit({ title, url, alt }: CaseyEvents["exhibit"]): void {
    const image = find<HTMLImageElement>("#exhibit img");
    image.src = url;
    image.alt = alt ?? title;
    find("#exhibit figcaption").textContent = title;
    find("#exhibit").hidden = false;
  }

  #report(event: ReportEvent): void {
    showReport(find("#report"), event);
  }

  #notice(message: string): void {
    const notice = find("#notice");
    notice.textContent = message;
    notice.hidden = false;
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = window.setTimeout(() => void (notice.hidden = true), NoticeFor);
  }

  #trouble(error: CaseyError): void {
    const { title, remedy } = troubleWords(error);
    this.#notice(`${title}. ${remedy}`);
  }

  #failed(error: CaseyError): void {
    const { title, text, remedy } = troubleWords(error);
    find("#trouble h2").textContent = title;
    find("#trouble p").textContent = text;
    find("#trouble .remedy").textContent = remedy;
    find("#onward").hidden = true;
    find("#trouble").hidden = false;
    this.#say(title);
    this.#view("trouble");
    find("#again").focus({ preventScroll: true });
  }

  #meter(levels: CaseyEvents["levels"]): void {
    this.#levels = levels;
    bar(find("#own"), Math.min(1, Math.sqrt(levels.own) * 1.6));
  }

  /** heard shows what arrives at casey: 0 dB is the loudest, 127 silence. */
  #heard(dbov: number): void {
    find("#heard-row").hidden = false;
    bar(find("#heard"), Math.max(0, Math.min(1, (70 - dbov) / 60)));
  }

  #frame(now: number): void {
    this.#shown += (Math.min(1, this.#levels.voice * 5) - this.#shown) * 0.18;
    find(".halo").style.setProperty("--level", this.#shown.toFixed(3));
    this.#face.target = this.#mouth(now);
    this.#face.frame(now, this.#levels.voice);
    this.#captions.follow((utterance) => this.#casey.spoken(utterance));
    if (this.#began && this.#casey.status !== "over") this.#clock(now - this.#began);
    requestAnimationFrame((next) => this.#frame(next));
  }

  #mouth(now: number): ReturnType<typeof mouthFor> {
    if (this.#casey.status !== "live" && this.#casey.status !== "ending") return Rest;
    const known = this.#seenViseme > 0 && now - this.#seenViseme < 30000;
    return known ? mouthFor(this.#casey.visemeIn(Ahead)) : mouthForLevel(this.#levels.voice);
  }

  #clock(ms: number): void {
    const text = `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
    const clock = find("#clock");
    clock.hidden = false;
    if (clock.textContent !== text) clock.textContent = text;
  }
}

function bar(meter: HTMLElement, part: number): void {
  meter.setAttribute("aria-valuenow", String(Math.round(part * 100)));
  (meter.firstElementChild as HTMLElement).style.transform = `scaleX(${part.toFixed(3)})`;
}

new Page(settings(new URL(location.href), await loadConfig()));
