import type { Source } from "./clock.js";
import type { WorkerEvent } from "./events.js";
import type { Studio } from "./studio.js";

/** How often Watch.look is to be called, in ms. */
export const LOOK_EVERY = 20;

/** Every how many looks the levels are told. */
const LEVELS_EVERY = 3;

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

/** Watch follows which sound plays, which mouth shape belongs to it, and how loud both sides are. */
export class Watch {
  readonly #studio: Studio;
  readonly #owner: WatchOwner;
  #turn: number | undefined; // that the interviewer speaks
  #looks = 0;

  constructor(studio: Studio, owner: WatchOwner) {
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
    const look = this.#studio.look(this.#owner.source(), this.#turn);
    if (look.heard) this.#owner.heard(look.heard);
    if (look.viseme) this.#owner.viseme(look.viseme);
    if (this.#looks++ % LEVELS_EVERY === 0) this.#owner.levels({ own: look.own, voice: look.voice });
  }
}
