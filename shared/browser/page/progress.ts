import { type Archive, ArchiveError, type Entry } from "./archive.js";
import { levelWords, split } from "./chooser.js";
import { button, find, make } from "./dom.js";
import { save } from "./keep.js";
import { progress as words } from "./progresswords.js";
import { ReportView } from "./report.js";
import { Transcript } from "./transcript.js";
import { draw, figure, overall, type Trend, trends } from "./trend.js";

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
    const parts: HTMLElement[] = [make("h1", words.title)];
    try {
      if (!(await this.#archive.allowed())) parts.push(...this.#ask());
      else parts.push(...this.#all(await this.#archive.list()));
    } catch (error) {
      parts.push(trouble(error));
    }
    if (said) parts.splice(1, 0, status(said));
    this.#draw([button(words.back, "plain back", () => this.#owner.leave()), ...parts]);
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
    row.append(button(words.allow, "primary", () => this.#try(() => this.#archive.allow(), words.allowed)));
    return [make("p", words.question), make("p", words.explained, "lead"), row];
  }

  #all(entries: Entry[]): HTMLElement[] {
    if (!entries.length) return [make("p", words.empty), make("p", words.note, "note"), this.#whole(entries)];
    const titles = [...new Set(entries.map(({ title }) => title))];
    if (!titles.includes(this.#only)) this.#only = "";
    const shown = entries.filter(({ title }) => !this.#only || title === this.#only);
    const parts: HTMLElement[] = [];
    if (titles.length > 1) parts.push(this.#filter(titles));
    const curves = trends(shown, language(), words.overall);
    if (curves.length) parts.push(pictures(curves));
    const list = make("ul", "", "entries");
    list.append(...shown.map((entry) => this.#row(entry)));
    return [...parts, list, make("p", words.note, "note"), this.#whole(entries)];
  }

  #filter(titles: string[]): HTMLElement {
    const label = make("label", "", "pick");
    const choice = make("select");
    choice.append(
      ...["", ...titles].map((title) => new Option(title || words.every, title, false, title === this.#only)),
    );
    choice.addEventListener("change", () => {
      this.#only = choice.value;
      void this.show().then(() => this.#place.querySelector("select")?.focus());
    });
    label.append(make("span", words.which), choice);
    return label;
  }

  #row(entry: Entry): HTMLElement {
    const row = make("li");
    const { title, name, at } = entry;
    const value = overall(entry);
    const open = button("", "entry", () => this.#open(entry));
    const judged = value === undefined ? words.unjudged : words.of(figure(value, language()));
    open.append(
      make("b", title),
      make("span", entry.report ? judged : words.unwritten, value === undefined ? "unjudged" : "score"),
      make("small", [day(at), level(entry), name].filter(Boolean).join(" · ")),
    );
    const remove = button(words.remove, "plain", () =>
      this.#sure(row, 1, () => this.#try(() => this.#archive.remove(entry.id), words.removed)),
    );
    remove.setAttribute("aria-label", `${words.remove}: ${title}, ${day(at)}`);
    row.append(open, remove);
    return row;
  }

  /** whole is what is done with all that is kept. */
  #whole(entries: Entry[]): HTMLElement {
    const row = make("div", "", "actions");
    if (entries.length)
      row.append(
        button(words.export, "plain", () =>
          save("interviews", "json", "application/json", JSON.stringify({ version: 1, interviews: entries }, null, 2)),
        ),
      );
    row.append(
      button(words.removeAll, "plain", () =>
        this.#sure(row, entries.length, () => this.#try(() => this.#archive.clear(), words.removedAll)),
      ),
    );
    return row;
  }

  /** sure asks in place of a row before something is deleted. */
  #sure(row: HTMLElement, count: number, action: () => void): void {
    const before = [...row.childNodes];
    const asking = document.activeElement as HTMLElement | null;
    const no = button(words.no, "plain", () => {
      row.replaceChildren(...before);
      asking?.focus();
    });
    const box = make("div", "", "sure");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", words.sure(count));
    box.append(make("span", words.sure(count)), button(words.yes, "plain danger", action), no);
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
    const facts = make("p", [day(entry.at), level(entry), entry.name].filter(Boolean).join(" · "), "facts");
    const parts: HTMLElement[] = [button(words.all, "plain back", () => void this.show()), head, facts];
    if (entry.report) this.#report.show(entry.report, new Date(entry.at));
    parts.push(entry.report ? this.#report.place : make("p", words.unwritten), said(entry));
    this.#draw(parts);
  }
}

/** trouble is the sentence for what the browser refused. */
export function trouble(error: unknown): HTMLElement {
  console.warn("archive", error);
  const sentence = make("p", words.trouble[error instanceof ArchiveError ? error.code : "blocked"], "note");
  sentence.setAttribute("role", "alert");
  return sentence;
}

/** status is a sentence that is read aloud. */
export function status(text: string): HTMLElement {
  const sentence = make("p", text, "done");
  sentence.setAttribute("role", "status");
  return sentence;
}

const language = (): string => document.documentElement.lang || "en";

/** level says how hard an interview was; nothing for the usual. */
function level({ interview }: Entry): string {
  const { level } = split(interview);
  return level === "usual" ? "" : levelWords[level];
}

/** said is what both said, to be unfolded. */
function said({ lines }: Entry): HTMLElement {
  const all = make("details");
  all.append(make("summary", words.said));
  for (const { role, text } of lines) {
    const block = make("div", "", `said ${role}`);
    block.append(make("b", words.speakers[role]), make("p", text));
    all.append(block);
  }
  return all;
}

/** day writes a date with its time, as people of this language do. */
const day = (at: number): string =>
  new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(at);

const date = (at: number): string => new Intl.DateTimeFormat(language(), { day: "numeric", month: "short" }).format(at);

function pictures(curves: Trend[]): HTMLElement {
  const list = make("ul", "", "trends");
  for (const curve of curves) {
    const { title, points } = curve;
    const [first, last] = [points[0]!, points.at(-1)!];
    const item = make("li");
    item.append(
      make("b", title),
      draw(curve),
      make("small", words.trend(first.figure, date(first.at), last.figure, points.length)),
    );
    list.append(item);
  }
  return list;
}
