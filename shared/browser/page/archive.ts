import type { Report } from "../src/index.js";
import { type Entry, readable } from "./entry.js";

/** Code says why the browser keeps nothing, or does not tell what it kept. */
export type Code = "blocked" | "full" | "newer" | "busy";

/** ArchiveError is the browser's refusal to keep interviews or to tell of them. */
export class ArchiveError extends Error {
  readonly code: Code;

  constructor(code: Code, cause?: unknown) {
    super(`the archive is ${code}`, { cause });
    this.code = code;
  }
}

const NAME = "casey";
const VERSION = 1;

/** The stores: interviews by their ids, and the consent to keep any. */
const ENTRIES = "interviews";
const CONSENT = "consent";

type Mode = "readonly" | "readwrite";

/** Stores are the two of one transaction. */
interface Stores {
  entries: IDBObjectStore;
  consent: IDBObjectStore;
}

/**
 * Archive keeps interviews in this browser, once the person allows it, until they are
 * deleted. The consent is kept beside them and read in the same transaction, so that a tab
 * cannot keep what another one has just deleted. Between two calls nothing is open.
 * Every method rejects with an ArchiveError.
 */
export class Archive {
  readonly #factory: () => IDBFactory | undefined;
  readonly #version: number;

  constructor(factory: () => IDBFactory | undefined = () => globalThis.indexedDB, version = VERSION) {
    this.#factory = factory;
    this.#version = version;
  }

  /** allowed says whether the person lets it keep interviews. */
  allowed(): Promise<boolean> {
    return this.#do("readonly", async ({ consent }) => (await done(consent.count())) > 0);
  }

  /** allow has it keep interviews from now on. */
  async allow(): Promise<void> {
    await this.#do("readwrite", ({ consent }) => done(consent.put(Date.now(), "given")));
  }

  /** keep keeps an interview, in place of what was kept of it; false where that is not allowed. */
  keep(entry: Entry): Promise<boolean> {
    return this.#do("readwrite", async ({ entries, consent }) => {
      if ((await done(consent.count())) === 0) return false;
      await done(entries.put(entry));
      return true;
    });
  }

  /** revise changes the report of an interview, unless that is not kept, or not any more. */
  async revise(id: string, report: Report): Promise<void> {
    await this.#do("readwrite", async ({ entries }) => {
      const entry: unknown = await done(entries.get(id));
      if (readable(entry)) await done(entries.put({ ...entry, report }));
    });
  }

  /** list returns what is kept, the newest first; what this page cannot read is left out. */
  async list(): Promise<Entry[]> {
    const all = await this.#do("readonly", ({ entries }) => done<unknown[]>(entries.getAll()));
    return all.filter(readable).sort((a, b) => b.at - a.at);
  }

  /** remove deletes one interview. */
  async remove(id: string): Promise<void> {
    await this.#do("readwrite", ({ entries }) => done(entries.delete(id)));
  }

  /** clear deletes all of them and the consent. */
  async clear(): Promise<void> {
    await this.#do("readwrite", async ({ entries, consent }) => {
      await done(entries.clear());
      await done(consent.clear());
    });
  }

  /** do runs one transaction and resolves with its work's value when it is on disk. */
  async #do<Value>(mode: Mode, work: (stores: Stores) => Promise<Value>): Promise<Value> {
    let db: IDBDatabase | undefined;
    try {
      db = await this.#open();
      const all = db.transaction([ENTRIES, CONSENT], mode);
      const end = ended(all);
      end.catch(() => undefined); // told below
      const value = await work({ entries: all.objectStore(ENTRIES), consent: all.objectStore(CONSENT) });
      await end;
      return value;
    } catch (cause) {
      throw cause instanceof ArchiveError ? cause : new ArchiveError(codeOf(cause), cause);
    } finally {
      db?.close();
    }
  }

  #open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const factory = this.#factory(); // some browsers throw where storage is blocked
      if (!factory) throw new ArchiveError("blocked");
      const request = factory.open(NAME, this.#version);
      let late = false;
      request.onupgradeneeded = () => upgrade(request.result);
      request.onblocked = () => {
        late = true;
        reject(new ArchiveError("busy"));
      };
      request.onerror = () => reject(request.error);
      request.onsuccess = () => (late ? request.result.close() : resolve(request.result));
    });
  }
}

/** upgrade makes the stores that a database of an older version, or a new one, does not have. */
function upgrade(db: IDBDatabase): void {
  if (!db.objectStoreNames.contains(ENTRIES)) db.createObjectStore(ENTRIES, { keyPath: "id" });
  if (!db.objectStoreNames.contains(CONSENT)) db.createObjectStore(CONSENT);
}

const done = <Value>(request: IDBRequest<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const ended = (all: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    all.oncomplete = () => resolve();
    all.onabort = () => reject(all.error);
  });

function codeOf(cause: unknown): Code {
  const codes: Record<string, Code> = { QuotaExceededError: "full", VersionError: "newer" };
  return codes[(cause as Error | undefined)?.name ?? ""] ?? "blocked";
}
