import { socketURL } from "./url.js";

/** Ticket is what it takes to go on with an interview: its id and the secret. */
export interface Ticket {
  session: string;
  resume: string;
}

/** LeftFor is how long an interview that was left may be gone on with, in ms: the server forgets it after that. */
const LEFT_FOR = 24 * 3600 * 1000;

/** Where a browser keeps things: for one tab, and for all of them. */
export interface Storages {
  tab: Storage | undefined;
  all: Storage | undefined;
}

function browser(): Storages {
  try {
    return { tab: globalThis.sessionStorage, all: globalThis.localStorage };
  } catch {
    return { tab: undefined, all: undefined }; // the person forbids pages to keep anything
  }
}

/**
 * Memory keeps the ticket of the interview at one address: of a running one for
 * its tab, so that a reloaded page can go on with it, and of one that was left
 * for whichever tab is opened next.
 */
export class Memory {
  readonly #storages: Storages;
  readonly #key: string;
  #ticket: Ticket | undefined;

  constructor(url: string, storages: Storages = browser()) {
    this.#storages = storages;
    this.#key = `casey:${url.split("?")[0]}`;
    this.#ticket = read(storages.tab, this.#key) ?? read(storages.all, this.#key);
  }

  get ticket(): Ticket | undefined {
    return this.#ticket;
  }

  /** keep remembers the ticket of an interview that runs in this tab. */
  keep({ session, resume }: Ticket): void {
    this.#ticket = { session, resume };
    this.#storages.tab?.setItem(this.#key, JSON.stringify(this.#ticket));
    this.#storages.all?.removeItem(this.#key);
  }

  /** leave lets another tab go on with it, for a day. */
  leave(): void {
    if (this.#ticket)
      this.#storages.all?.setItem(this.#key, JSON.stringify({ ...this.#ticket, until: Date.now() + LEFT_FOR }));
  }

  forget(): void {
    this.#ticket = undefined;
    this.#storages.tab?.removeItem(this.#key);
    this.#storages.all?.removeItem(this.#key);
  }
}

function read(storage: Storage | undefined, key: string): Ticket | undefined {
  try {
    const kept = JSON.parse(storage?.getItem(key) ?? "null") as Partial<Ticket & { until: number }> | null;
    if (!kept?.session || !kept.resume || (kept.until ?? Infinity) < Date.now()) return undefined;
    return { session: kept.session, resume: kept.resume };
  } catch {
    return undefined;
  }
}

/** resumable says whether an interview at this address can be gone on with, as after a reload or a pause. */
export function resumable(url: string): boolean {
  return new Memory(socketURL(url, globalThis.location?.href)).ticket !== undefined;
}
