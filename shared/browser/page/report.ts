import type { Measure, Question, Recording, Report } from "../src/index.js";
import { picture, sorted, tell } from "./delivery.js";
import { button, make } from "./dom.js";
import { reportText, save, transcriptText } from "./keep.js";
import { progress as words } from "./progresswords.js";
import { placeOf, Replay } from "./replay.js";
import type { Transcript } from "./transcript.js";

/** ReportView shows the feedback on an interview, as far as it is written. */
export class ReportView {
  readonly place: HTMLElement;
  readonly #transcript: Transcript;
  readonly #audio = make("audio");
  readonly #replay = new Replay(this.#audio);
  readonly #alone = make("input");
  readonly #practise: (question: string) => void;
  #report: Report | undefined;
  #at: Date | undefined;
  #recordings: Recording[] = [];

  /** `practise` is told a question that the person wants to be asked again. */
  constructor(place: HTMLElement, transcript: Transcript, practise: (question: string) => void) {
    this.#practise = practise;
    this.place = place;
    this.#transcript = transcript;
    this.#audio.controls = true;
    this.#audio.hidden = true;
    this.#audio.setAttribute("aria-label", "Your recording");
    this.#alone.type = "checkbox";
  }

  /** show shows a report, as far as it is written, of an interview of now or some other time. */
  show(report: Report, at?: Date): void {
    this.#report = report;
    this.#at = at;
    this.#draw();
  }

  /** hear has answers played from this recording too. */
  hear(recording: Recording): void {
    this.#recordings.push(recording);
    this.#draw();
  }

  clear(): void {
    this.#replay.stop();
    this.#audio.hidden = true;
    this.#report = undefined;
    this.#recordings = [];
    this.place.replaceChildren();
  }

  #draw(): void {
    const report = this.#report;
    if (!report) return;
    const parts: HTMLElement[] = [heading("How it went")];
    if (report.summary) parts.push(make("p", report.summary));
    if (!report.written) parts.push(make("p", "More of it is being written…", "writing"));
    if (report.scores?.length) parts.push(scores(report.scores));
    if (report.good?.length) parts.push(heading("What was good"), list(report.good));
    if (report.better?.length) parts.push(heading("What to try next time"), list(report.better));
    if (report.questions?.length) parts.push(heading("Question by question"));
    for (const question of report.questions ?? []) parts.push(this.#question(question, report.written));
    if (report.delivery?.length) parts.push(heading("How you spoke"), delivery(report.delivery));
    if (this.#recordings.length) parts.push(this.#side());
    parts.push(this.#audio, this.#keep(report));
    this.place.replaceChildren(...parts);
  }

  /** side asks whether to hear the candidate alone. */
  #side(): HTMLElement {
    const label = make("label", "", "side");
    label.append(this.#alone, " Play your side alone");
    return label;
  }

  #question(question: Question, written: boolean): HTMLElement {
    const { asked, said, strong, missing, stronger, score, of, unsure, turn } = question;
    const article = make("article");
    const title = make("h3", asked);
    if (score) title.append(" ", make("span", `${score} of ${of}`, "score"));
    article.append(title);
    if (unsure)
      article.append(make("p", "Speech recognition was unsure of this answer, so it is not judged.", "unsure"));
    else if (!said && !written) article.append(make("p", "Being written…", "writing"));
    const told: [string, string][] = [
      ["You said", said],
      ["Strong", strong],
      ["Missing", missing],
      ["A stronger answer", stronger],
    ];
    const dl = make("dl");
    for (const [name, text] of told) if (text) dl.append(make("dt", name), make("dd", text));
    if (dl.children.length) article.append(dl);
    for (const { turn, text } of question.quotes ?? []) article.append(this.#quote(turn, text));
    const from = this.#player(turn, "", "Hear your answer");
    if (from) article.append(from);
    article.append(button(words.practise, "plain practise", () => this.#practise(asked)));
    return article;
  }

  #quote(turn: number, text: string): HTMLElement {
    const quote = make("blockquote", `“${text}”`);
    const player = this.#player(turn, text, "Hear it");
    if (player) quote.append(" ", player);
    return quote;
  }

  /** player is a button that plays words of a turn; undefined where they were not recorded. */
  #player(turn: number, words: string, label: string): HTMLElement | undefined {
    const place = placeOf(this.#transcript.when(turn, words), this.#recordings);
    if (!place) return undefined;
    return button(`▶ ${label}`, "play", () => {
      this.#replay
        .play(place, this.#alone.checked ? "own" : "both")
        .catch((error: unknown) => console.warn("replay", error));
    });
  }

  #keep(report: Report): HTMLElement {
    const row = make("div", "", "keep");
    const add = (label: string, action: () => void): void => row.append(button(label, "plain", action));
    const lines = (): { turn: number; role: string; text: string }[] =>
      this.#transcript.lines.map(({ turn, role, text }) => ({ turn, role, text }));
    add("Print", () => print());
    add("Save as Markdown", () =>
      save(
        "report",
        "md",
        "text/markdown",
        `${reportText(report, this.#at)}\n## What was said\n\n${transcriptText(this.#transcript.lines)}`,
      ),
    );
    add("Save as JSON", () =>
      save("report", "json", "application/json", JSON.stringify({ report, transcript: lines() }, null, 2)),
    );
    add("Save the transcript", () => save("transcript", "md", "text/markdown", transcriptText(this.#transcript.lines)));
    return row;
  }
}

const heading = (text: string): HTMLElement => make("h2", text);

function list(items: string[]): HTMLElement {
  const ul = make("ul");
  ul.append(...items.map((item) => make("li", item)));
  return ul;
}

function scores(all: NonNullable<Report["scores"]>): HTMLElement {
  const dl = make("dl");
  for (const { name, score, of, comment } of all)
    dl.append(make("dt", `${name}: ${score} of ${of}`), make("dd", comment));
  return dl;
}

function delivery(all: Measure[]): HTMLElement {
  const ul = make("ul", "", "delivery");
  for (const measure of sorted(all)) {
    const { title, figure, usual } = tell(measure)!;
    const item = make("li");
    const parts = (measure.parts ?? []).map(({ text, times }) => `${text} ${times}×`).join(", ");
    item.append(
      make("b", title),
      make("span", figure),
      picture(measure),
      make("small", parts ? `${usual} · ${parts}` : usual),
    );
    ul.append(item);
  }
  return ul;
}
