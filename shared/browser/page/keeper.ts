import type { Report } from "../src/index.js";
import { type Archive, ArchiveError } from "./archive.js";
import { button, make } from "./dom.js";
import type { Entry } from "./entry.js";
import { type Preferences, save } from "./preferences.js";
import { status, trouble } from "./progress.js";
import { texts } from "./texts.js";

/**
 * Keeper keeps interviews in the archive, where the person allows it. It asks for that
 * once, when an interview is over.
 */
export class Keeper {
  readonly #archive: Archive;
  readonly #place: HTMLElement;
  readonly #preferences: Preferences;
  readonly #open: () => void;
  #said = (): void => this.#place.replaceChildren(); // what stands there

  /** `open` shows the archive; what is asked and said stands in `place`. */
  constructor(archive: Archive, place: HTMLElement, preferences: Preferences, open: () => void) {
    this.#archive = archive;
    this.#place = place;
    this.#preferences = preferences;
    this.#open = open;
  }

  /** report changes the report of an interview that is kept, as far as it is written. */
  async report({ id }: Entry, report: Report): Promise<void> {
    await this.#try(() => this.#archive.revise(id, report));
  }

  /** over keeps the interview, which is over, or asks whether to. */
  async over(entry: Entry): Promise<void> {
    this.clear();
    if (!(entry.report || entry.lines.some(({ role }) => role === "candidate"))) return;
    await this.#try(async () => {
      if (await this.#archive.keep(entry)) this.#kept();
      else if (!this.#preferences.asked) this.#ask(entry);
    });
  }

  /** again says of an interview that was over before whether it is kept, or asks whether to. */
  async again(entry: Entry): Promise<void> {
    this.clear();
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

  /** clear says nothing any more. */
  clear(): void {
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
    this.clear();
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
