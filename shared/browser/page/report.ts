import type { Measure, Question, Recording, Report } from "../src/index.js";
import { picture, sorted, tell } from "./delivery.js";
import { button, make } from "./dom.js";
import { reportText, save, told, transcriptText } from "./keep.js";
import { placeOf, Replay } from "./replay.js";
import { texts } from "./texts.js";
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

  /** redraw shows it in the language that the page speaks now. */
  redraw(): void {
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
    const words = texts.report;
    this.#audio.setAttribute("aria-label", words.recording);
    const parts: HTMLElement[] = [heading(words.title)];
    if (report.summary) parts.push(make("p", report.summary));
    if (!report.written) parts.push(make("p", words.more, "writing"));
    if (report.scores?.length) parts.push(scores(report.scores));
    if (report.good?.length) parts.push(heading(words.good), list(report.good));
    if (report.better?.length) parts.push(heading(words.better), list(report.better));
    if (report.questions?.length) parts.push(heading(words.questions));
    for (const question of report.questions ?? []) parts.push(this.#question(question, report.written));
    if (report.delivery?.length) parts.push(heading(words.delivery), delivery(report.delivery));
    if (this.#recordings.length) parts.push(this.#side());
    parts.push(this.#audio, this.#keep(report));
    this.place.replaceChildren(...parts);
  }

  /** side asks whether to hear the candidate alone. */
  #side(): HTMLElement {
    const label = make("label", "", "side");
    label.append(this.#alone, ` ${texts.report.alone}`);
    return label;
  }

  #question(question: Question, written: boolean): HTMLElement {
    const { asked, said, score, of, unsure, turn } = question;
    const article = make("article");
    const title = make("h3", asked);
    if (score) title.append(" ", make("span", texts.report.score(score, of), "score"));
    article.append(title);
    if (unsure) article.append(make("p", texts.report.unsure, "unsure"));
    else if (!said && !written) article.append(make("p", texts.report.writing, "writing"));
    const dl = make("dl");
    for (const [name, text] of told(question)) if (text) dl.append(make("dt", name), make("dd", text));
    if (dl.children.length) article.append(dl);
    for (const { turn, text } of question.quotes ?? []) article.append(this.#quote(turn, text));
    const from = this.#player(turn, "", texts.report.hearAnswer);
    if (from) article.append(from);
    article.append(button(texts.progress.practise, "plain practise", () => this.#practise(asked)));
    return article;
  }

  #quote(turn: number, text: string): HTMLElement {
    const quote = make("blockquote", texts.report.quote(text));
    const player = this.#player(turn, text, texts.report.hearIt);
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
    add(texts.report.print, () => print());
    add(texts.report.saveMarkdown, () =>
      save(
        "report",
        "md",
        "text/markdown",
        `${reportText(report, this.#at)}\n## ${texts.report.transcript}\n\n${transcriptText(this.#transcript.lines)}`,
      ),
    );
    add(texts.report.saveJSON, () =>
      save("report", "json", "application/json", JSON.stringify({ report, transcript: lines() }, null, 2)),
    );
    add(texts.report.saveTranscript, () =>
      save("transcript", "md", "text/markdown", transcriptText(this.#transcript.lines)),
    );
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
    dl.append(make("dt", `${name}: ${texts.report.score(score, of)}`), make("dd", comment));
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
