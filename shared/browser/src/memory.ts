import { socketURL } from "./url.js";

/** Ticket is what it takes to go on with an interview: its id and the secret. */
export interface Ticket {
  session: string;
  resume: string;
}

/** Memory keeps the ticket of the interview at one address, so that a reloaded page can go on with it. */
export class Memory {
  readonly #storage: Storage | undefined;
  readonly #key: string;
  #ticket: Ticket | undefined;

  constructor(url: string, storage: Storage | undefined = globalThis.sessionStorage) {
    this.#storage = storage;
    this.#key = `casey:${url.split("?")[0]}`;
    this.#ticket = this.#load();
  }

  get ticket(): Ticket | undefined {
    return this.#ticket;
  }

  keep(ticket: Ticket): void {
    this.#ticket = { session: ticket.session, resume: ticket.resume };
    this.#storage?.setItem(this.#key, JSON.stringify(this.#ticket));
  }

  forget(): void {
    this.#ticket = undefined;
    this.#storage?.removeItem(this.#key);
  }

  #load(): Ticket | undefined {
    try {
      const kept = JSON.parse(this.#storage?.getItem(this.#key) ?? "null") as Partial<Ticket> | null;
      return kept?.session && kept.resume ? { session: kept.session, resume: kept.resume } : undefined;
    } catch {
      return undefined;
    }
  }
}

/** resumable says whether an interview at this address can be gone on with, as after a reload. */
export function resumable(url: string): boolean {
  return new Memory(socketURL(url, globalThis.location?.href)).ticket !== undefined;
}
