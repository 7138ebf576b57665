import { socketURL } from "./url.js";

/** Ticket is what it takes to go on with an interview: its id and the secret. */
export interface Ticket {
  session: string;
  resume: string;
}

/**
 * LEFT_FOR is how long an interview that was left may be gone on with, in ms: the
 * server forgets it after that.
 */
const LEFT_FOR = 24 * 3600 * 1000;

/** Where a browser keeps things: for one tab, and for all of them. */
export interface Storages {
  tab: Storage | undefined;
  all: Storage | undefined;
}

/** browser has what the person lets pages keep things in. */
function browser(): Storages {
  return { tab: allowed(() => globalThis.sessionStorage), all: allowed(() => globalThis.localStorage) };
}

/** allowed is what a storage gives; undefined where it is blocked, or full. */
function allowed<Value>(use: () => Value): Value | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}

/** unkept are the tickets that no storage took: they last as long as the page. */
const unkept = new Map<string, string>();

/**
 * Memory keeps the ticket of the interview at one address: of a running one for
 * its tab, so that a reloaded page can go on with it, and of one that was left
 * for whichever tab is opened next. Storage is a convenience: where there is
 * none, or it is full, an interview still runs and is left like any other.
 */
export class Memory {
  readonly #storages: Storages;
  readonly #key: string;
  #ticket: Ticket | undefined;

  constructor(url: string, storages: Storages = browser()) {
    const { tab, all } = storages;
    this.#storages = storages;
    this.#key = `casey:${url.split("?")[0]}`;
    const kept = [() => tab?.getItem(this.#key), () => all?.getItem(this.#key), () => unkept.get(this.#key)];
    this.#ticket = kept.map((text) => read(allowed(text))).find((ticket) => ticket !== undefined);
  }

  get ticket(): Ticket | undefined {
    return this.#ticket;
  }

  /** keep remembers the ticket of an interview that runs in this tab, in place of one before it. */
  keep({ session, resume }: Ticket): void {
    this.#ticket = { session, resume };
    this.#write(this.#storages.tab, this.#ticket);
    allowed(() => this.#storages.all?.removeItem(this.#key));
    allowed(() => this.#storages.tab?.removeItem(`${this.#key}:over`));
  }

  /** leave lets another tab go on with it, for a day. */
  leave(): void {
    if (this.#ticket) this.#write(this.#storages.all, { ...this.#ticket, until: Date.now() + LEFT_FOR });
  }

  /** past is the ticket of the interview that was over last in this tab: its report may be read. */
  get past(): Ticket | undefined {
    return read(allowed(() => this.#storages.tab?.getItem(`${this.#key}:over`)));
  }

  /** conclude forgets the interview, which is over, but for its report. */
  conclude(): void {
    const ticket = this.#ticket;
    this.forget();
    if (ticket) allowed(() => this.#storages.tab?.setItem(`${this.#key}:over`, JSON.stringify(ticket)));
  }

  /** forget leaves nothing of the interview, and nothing of one before it. */
  forget(): void {
    this.#ticket = undefined;
    allowed(() => this.#storages.tab?.removeItem(`${this.#key}:over`));
    for (const storage of [this.#storages.tab, this.#storages.all]) allowed(() => storage?.removeItem(this.#key));
    unkept.delete(this.#key);
  }

  #write(storage: Storage | undefined, ticket: Ticket & { until?: number }): void {
    const text = JSON.stringify(ticket);
    const kept = allowed(() => {
      storage?.setItem(this.#key, text);
      return storage;
    });
    if (!kept) unkept.set(this.#key, text);
  }
}

function read(text: string | null | undefined): Ticket | undefined {
  const kept = allowed(() => JSON.parse(text ?? "null")) as Partial<Ticket & { until: number }> | null | undefined;
  if (!kept?.session || !kept.resume || (kept.until ?? Infinity) < Date.now()) return undefined;
  return { session: kept.session, resume: kept.resume };
}

/**
 * resumable says whether an interview at this address can be gone on with, as after a
 * reload or a pause.
 */
export function resumable(url: string): boolean {
  return new Memory(socketURL(url, globalThis.location?.href)).ticket !== undefined;
}
