import type { Source } from "./clock.js";
import type { WorkerEvent } from "./events.js";
import type { Studio } from "./studio.js";

/** How often Watch.look and Watch.levels are to be called, in ms: 50 and 20 times a second. */
export const LOOK_EVERY = 20;
export const LEVELS_EVERY = 50;

/** What a watch tells its owner. */
export interface WatchOwner {
  /** the packet that was played last */
  source(): Source | undefined;
  /** once a turn: its first sound was heard */
  heard(event: { turn: number; ms: number }): void;
  /** an utterance was cut: so much of it had been played */
  played(event: { utterance: number; ms: number }): void;
  viseme(value: string): void;
  levels(event: { own: number; voice: number }): void;
}

/** What a watch needs of a studio. */
export type Watched = Pick<Studio, "look"> & { readonly playback: Pick<Studio["playback"], "expect" | "cut"> };

/**
 * Watch follows which sound plays, which mouth shape belongs to it, and how loud both
 * sides are.
 */
export class Watch {
  readonly #studio: Watched;
  readonly #owner: WatchOwner;
  #turn: number | undefined; // that the interviewer speaks
  #levels = { own: 0, voice: 0 };

  constructor(studio: Watched, owner: WatchOwner) {
    this.#studio = studio;
    this.#owner = owner;
  }

  /** take takes what the worker tells about the sound that it sends. */
  take(event: WorkerEvent): void {
    const { playback } = this.#studio;
    if (event.type === "state") this.#turn = event.state === "speaking" ? event.turn : undefined;
    if (event.type === "visemes") playback.expect(event);
    if (event.type === "cut")
      this.#owner.played({ utterance: event.utterance, ms: playback.cut(event.utterance, event.ms) });
  }

  /** look is to be called every LOOK_EVERY ms. */
  look(): void {
    const { own, voice, heard, viseme } = this.#studio.look(this.#owner.source(), this.#turn);
    this.#levels = { own, voice };
    if (heard) this.#owner.heard(heard);
    if (viseme) this.#owner.viseme(viseme);
  }

  /**
   * levels tells how loud both sides were at the last look; it is to be called every
   * LEVELS_EVERY ms.
   */
  levels(): void {
    this.#owner.levels(this.#levels);
  }
}
