import { type Archive, ArchiveError } from "./archive.js";
import { split } from "./chooser.js";
import { button, find, make } from "./dom.js";
import type { Entry } from "./entry.js";
import { save } from "./keep.js";
import { ReportView } from "./report.js";
import { decimal, texts } from "./texts.js";
import { Transcript } from "./transcript.js";
import { draw, overall, type Trend, trends } from "./trend.js";

/** Practice is a question that somebody wants to be asked again, and by which interview. */
export interface Practice {
  interview: string;
  question: string;
}

/** What the view asks of the page. */
export interface ProgressOwner {
  practise(practice: Practice): void;
  /** leave is called to go back to where the person came from. */
  leave(): void;
}

/** Progress shows the interviews that this browser keeps: how they went, one after the other. */
export class ProgressView {
  readonly #archive: Archive;
  readonly #owner: ProgressOwner;
  readonly #place = find("#progress");
  readonly #transcript = new Transcript();
  readonly #report: ReportView;
  #shown: Entry | undefined;
  #only = ""; // the interview whose entries are shown; all of them when it is empty

  constructor(archive: Archive, owner: ProgressOwner) {
    this.#archive = archive;
    this.#owner = owner;
    this.#report = new ReportView(make("div", "", "card report"), this.#transcript, (question) => {
      if (this.#shown) owner.practise({ interview: this.#shown.interview, question });
    });
  }

  /** show shows all that is kept, and a sentence of what was just done. */
  async show(said = ""): Promise<void> {
    this.#shown = undefined;
    const parts: HTMLElement[] = [make("h1", texts.progress.title)];
    try {
      if (!(await this.#archive.allowed())) parts.push(...this.#ask());
      else parts.push(...this.#all(await this.#archive.list()));
    } catch (error) {
      parts.push(trouble(error));
    }
    if (said) parts.splice(1, 0, status(said));
    this.#draw([button(texts.progress.back, "plain back", () => this.#owner.leave()), ...parts]);
  }

  /** close goes from one interview to all of them; false where none is shown. */
  close(): boolean {
    const shown = this.#shown !== undefined;
    if (shown) void this.show();
    return shown;
  }

  /** redraw shows the same in the language that the page speaks now. */
  redraw(): void {
    if (this.#shown) this.#open(this.#shown);
    else void this.show();
  }

  #draw(parts: HTMLElement[]): void {
    this.#place.replaceChildren(...parts);
    const title = this.#place.querySelector("h1")!;
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    find(".talk").scrollTop = 0;
  }

  #ask(): HTMLElement[] {
    const row = make("div", "", "actions");
    row.append(
      button(texts.progress.allow, "primary", () => this.#try(() => this.#archive.allow(), texts.progress.allowed)),
    );
    return [make("p", texts.progress.question), make("p", texts.progress.explained, "lead"), row];
  }

  #all(entries: Entry[]): HTMLElement[] {
    if (!entries.length)
      return [make("p", texts.progress.empty), make("p", texts.progress.note, "note"), this.#whole(entries)];
    const titles = [...new Set(entries.map(({ title }) => title))];
    if (!titles.includes(this.#only)) this.#only = "";
    const shown = entries.filter(({ title }) => !this.#only || title === this.#only);
    const parts: HTMLElement[] = [];
    if (titles.length > 1) parts.push(this.#filter(titles));
    const curves = trends(shown);
    if (curves.length) parts.push(pictures(curves));
    const list = make("ul", "", "entries");
    list.append(...shown.map((entry) => this.#row(entry)));
    return [...parts, list, make("p", texts.progress.note, "note"), this.#whole(entries)];
  }

  #filter(titles: string[]): HTMLElement {
    const label = make("label", "", "pick");
    const choice = make("select");
    choice.append(
      ...["", ...titles].map((title) => new Option(title || texts.progress.every, title, false, title === this.#only)),
    );
    choice.addEventListener("change", () => {
      this.#only = choice.value;
      void this.show().then(() => this.#place.querySelector("select")?.focus());
    });
    label.append(make("span", texts.progress.which), choice);
    return label;
  }

  #row(entry: Entry): HTMLElement {
    const row = make("li");
    const { title, at } = entry;
    const value = overall(entry);
    const open = button("", "entry", () => this.#open(entry));
    const judged = value === undefined ? texts.progress.unjudged : texts.progress.of(decimal(value));
    open.append(
      make("b", title),
      make("span", entry.report ? judged : texts.progress.unwritten, value === undefined ? "unjudged" : "score"),
      make("small", facts(entry)),
    );
    const remove = button(texts.progress.remove, "plain", () =>
      this.#sure(row, texts.progress.sure, () =>
        this.#try(() => this.#archive.remove(entry.id), texts.progress.removed),
      ),
    );
    remove.setAttribute("aria-label", texts.progress.removeOne(title, day(at)));
    row.append(open, remove);
    return row;
  }

  /** whole is what is done with all that is kept. */
  #whole(entries: Entry[]): HTMLElement {
    const { progress } = texts;
    const row = make("div", "", "actions");
    const clear = (): void => void this.#try(() => this.#archive.clear(), progress.removedAll);
    const download = (): void =>
      save("interviews", "json", "application/json", JSON.stringify({ version: 1, interviews: entries }, null, 2));
    if (entries.length)
      row.append(
        button(progress.export, "plain", download),
        button(progress.removeAll, "plain", () => this.#sure(row, progress.sureAll, clear)),
      );
    else row.append(button(progress.stop, "plain", clear));
    return row;
  }

  /** sure asks in place of a row before something is deleted. */
  #sure(row: HTMLElement, question: string, action: () => void): void {
    const before = [...row.childNodes];
    const asking = document.activeElement as HTMLElement | null;
    const no = button(texts.progress.no, "plain", () => {
      row.replaceChildren(...before);
      asking?.focus();
    });
    const box = make("div", "", "sure");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", question);
    box.append(make("span", question), button(texts.progress.yes, "plain danger", action), no);
    row.replaceChildren(box);
    no.focus();
  }

  async #try(action: () => Promise<void>, said: string): Promise<void> {
    try {
      await action();
      await this.show(said);
    } catch (error) {
      this.#place.append(trouble(error));
    }
  }

  #open(entry: Entry): void {
    this.#shown = entry;
    this.#report.clear();
    this.#transcript.clear();
    this.#transcript.restore(entry.lines);
    const head = make("h1", entry.title);
    const parts: HTMLElement[] = [
      button(texts.progress.all, "plain back", () => void this.show()),
      head,
      make("p", facts(entry), "facts"),
    ];
    if (entry.report) this.#report.show(entry.report, new Date(entry.at));
    parts.push(entry.report ? this.#report.place : make("p", texts.progress.unwritten), said(entry));
    this.#draw(parts);
  }
}

/** trouble is the sentence for what the browser refused. */
export function trouble(error: unknown): HTMLElement {
  console.warn("archive", error);
  const sentence = make("p", texts.progress.trouble[error instanceof ArchiveError ? error.code : "blocked"], "note");
  sentence.setAttribute("role", "alert");
  return sentence;
}

/** status is a sentence that is read aloud. */
export function status(text: string): HTMLElement {
  const sentence = make("p", text, "done");
  sentence.setAttribute("role", "status");
  return sentence;
}

/** facts are when an interview was, how hard, and by whom. */
const facts = ({ at, interview, name }: Entry): string =>
  [day(at), texts.choice.levels[split(interview).level], name].join(" · ");

/** said is what both said, to be unfolded. */
function said({ lines }: Entry): HTMLElement {
  const all = make("details");
  all.append(make("summary", texts.report.transcript));
  for (const { role, text } of lines) {
    const block = make("div", "", `said ${role}`);
    block.append(make("b", texts.report.speakers[role]), make("p", text));
    all.append(block);
  }
  return all;
}

/** day writes a date with its time, as people of this language do. */
const day = (at: number): string =>
  new Intl.DateTimeFormat(texts.language, { dateStyle: "medium", timeStyle: "short" }).format(at);

const date = (at: number): string =>
  new Intl.DateTimeFormat(texts.language, { day: "numeric", month: "short" }).format(at);

function pictures(curves: Trend[]): HTMLElement {
  const list = make("ul", "", "trends");
  for (const curve of curves) {
    const { title, points } = curve;
    const [first, last] = [points[0]!, points.at(-1)!];
    const item = make("li");
    item.append(
      make("b", title),
      draw(curve),
      make("small", texts.progress.trend(first.figure, date(first.at), last.figure)),
    );
    list.append(item);
  }
  return list;
}
