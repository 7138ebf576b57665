import { type Entry, readable } from "./entry.js";
import { remember, remembered } from "./tab.js";
import type { Line } from "./transcript.js";

/** Where a tab keeps its interview, as long as it is open. */
const TAB = "casey:said";

/** Told is what is known of an interview when it begins. */
export type Told = Pick<Entry, "id" | "interview" | "title" | "name">;

/** Held is the interview of this tab, which a reloaded page finds again. */
export class Held {
  #entry: Entry | undefined;

  /** entry is that interview; undefined while there is none. */
  get entry(): Entry | undefined {
    return this.#entry;
  }

  /** forget leaves nothing of the tab's interview; what the archive has stays there. */
  forget(): void {
    this.#entry = undefined;
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
