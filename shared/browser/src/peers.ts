import type { Peer } from "./peer.js";
import { LEAVING } from "./retry.js";
import { Timers } from "./timers.js";

/**
 * Peers are the connection to the worker that has the interview, and during a move the
 * one to the worker before.
 */
export class Peers {
  readonly #timers = new Timers();
  readonly #hear: (peer: Peer) => void;
  #current: Peer | undefined;
  #old: Peer | undefined;

  /** hear is called with the peer whose voice is to be played from now on. */
  constructor(hear: (peer: Peer) => void) {
    this.#hear = hear;
  }

  get current(): Peer | undefined {
    return this.#current;
  }

  /** heard is the peer whose voice is played. */
  get heard(): Peer | undefined {
    return this.#old ?? this.#current;
  }

  /**
   * promote makes a peer the current one. After a move the one before it is heard until
   * release.
   */
  promote(peer: Peer, moving: boolean): void {
    this.#timers.clear("leaving");
    this.#old?.close();
    this.#old = moving ? this.#current : undefined;
    if (!moving) this.#current?.close();
    this.#current = peer;
    if (this.#old) this.#timers.after("leaving", LEAVING, () => this.release());
    else this.#hear(peer);
  }

  /** release hears the current peer, if that is not the one that is heard already. */
  release(): void {
    if (!this.#old) return;
    this.#timers.clear("leaving");
    this.#old.close();
    this.#old = undefined;
    if (this.#current) this.#hear(this.#current);
  }

  /** close closes both. */
  close(): void {
    this.#timers.clearAll();
    this.#old?.close();
    this.#current?.close();
    this.#old = this.#current = undefined;
  }
}
