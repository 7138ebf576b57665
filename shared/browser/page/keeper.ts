import type { Report } from "../src/index.js";
import { type Archive, ArchiveError, type Entry, readable } from "./archive.js";
import { button, make } from "./dom.js";
import { type Preferences, save } from "./preferences.js";
import { status, trouble } from "./progress.js";
import { remember, remembered } from "./tab.js";
import { texts } from "./texts.js";
import type { Line } from "./transcript.js";

/** Where a tab keeps its interview, as long as it is open. */
const TAB = "casey:said";

/** Told is what is known of an interview when it begins. */
export type Told = Pick<Entry, "id" | "interview" | "title" | "name">;

/**
 * Keeper keeps the interview of this tab: for a reloaded page, and, where the person
 * allows it, in the archive. It asks for that once, when an interview is over.
 */
export class Keeper {
  readonly #archive: Archive;
  readonly #place: HTMLElement;
  readonly #preferences: Preferences;
  readonly #open: () => void;
  #entry: Entry | undefined;
  #said = (): void => this.#place.replaceChildren(); // what stands there

  /** `open` shows the archive; what is asked and said stands in `place`. */
  constructor(archive: Archive, place: HTMLElement, preferences: Preferences, open: () => void) {
    this.#archive = archive;
    this.#place = place;
    this.#preferences = preferences;
    this.#open = open;
  }

  /** forget leaves nothing of the tab's interview; what the archive has stays there. */
  forget(): void {
    this.#entry = undefined;
    this.#nothing();
    write(undefined);
  }

  /** begin takes an interview that this tab holds, and returns what was said of it before, if it goes on. */
  begin(entry: Told): Line[] {
    const before = this.#entry ?? this.restore();
    this.#entry = before?.id === entry.id ? { ...before, ...entry } : { ...entry, at: Date.now(), lines: [] };
    return this.#entry.lines;
  }

  /** restore returns the interview that this tab held before the page was loaded, if any. */
  restore(): Entry | undefined {
    this.#entry = read();
    return this.#entry;
  }

  /** said has the tab remember what was said. */
  said(lines: Line[]): void {
    if (!this.#entry) return;
    this.#entry.lines = lines.map(({ turn, role, text }) => ({ turn, role, text }));
    write(this.#entry);
  }

  /** report takes a report of the interview, as far as it is written. */
  async report(report: Report): Promise<void> {
    const entry = this.#entry;
    if (!entry) return;
    entry.report = report;
    await this.#try(() => this.#archive.revise(entry.id, report));
  }

  /** over keeps the interview, which is over, or asks whether to. */
  async over(): Promise<void> {
    const entry = this.#entry;
    this.#nothing();
    if (!entry || !(entry.report || entry.lines.some(({ role }) => role === "candidate"))) return;
    await this.#try(async () => {
      if (await this.#archive.keep(entry)) this.#kept();
      else if (!this.#preferences.asked) this.#ask(entry);
    });
  }

  /** again says of an interview that was over before whether it is kept, or asks whether to. */
  async again(): Promise<void> {
    const entry = this.#entry;
    this.#nothing();
    if (!entry) return;
    await this.#try(async () => {
      if (!(await this.#archive.allowed())) return this.#preferences.asked ? undefined : this.#ask(entry);
      if ((await this.#archive.list()).some(({ id }) => id === entry.id)) this.#kept();
    });
  }

  /** redraw says the same in the language that the page speaks now. */
  redraw(): void {
    this.#said();
  }

  /** say puts parts in the place, now and whenever the language changes. */
  #say(parts: () => HTMLElement[]): void {
    this.#said = () => this.#place.replaceChildren(...parts());
    this.#said();
  }

  #nothing(): void {
    this.#say(() => []);
  }

  #kept(): void {
    this.#say(() => [status(texts.progress.kept), button(texts.progress.title, "plain", this.#open)]);
  }

  #ask(entry: Entry): void {
    this.#say(() => {
      const row = make("div", "", "actions");
      row.append(
        button(texts.progress.allow, "plain", () => this.#allow(entry)),
        button(texts.progress.refuse, "plain", () => this.#refuse()),
      );
      return [make("h2", texts.progress.question), make("p", texts.progress.explained), row];
    });
  }

  #allow(entry: Entry): void {
    this.#answered();
    void this.#try(async () => {
      await this.#archive.allow();
      if (await this.#archive.keep(entry)) this.#kept();
    }, true);
  }

  #refuse(): void {
    this.#answered();
    this.#nothing();
  }

  #answered(): void {
    this.#preferences.asked = true;
    save(this.#preferences);
  }

  /** try says why the archive refuses; that it keeps nothing at all, only to somebody who just asked it to. */
  async #try(action: () => Promise<void>, asked = false): Promise<void> {
    try {
      await action();
    } catch (error) {
      const silent = !asked && error instanceof ArchiveError && error.code === "blocked";
      if (!silent) this.#say(() => [trouble(error)]);
    }
  }
}

/** write remembers what was said for this tab; without an entry there is nothing any more. */
function write(entry: Entry | undefined): void {
  if (!entry) return remember(TAB, "");
  const { report: _, ...said } = entry; // the server tells it again
  remember(TAB, JSON.stringify(said));
}

function read(): Entry | undefined {
  try {
    const entry: unknown = JSON.parse(remembered(TAB) || "null");
    return readable(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}
