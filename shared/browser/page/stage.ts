import type { Casey } from "../src/index.js";
import { find } from "./dom.js";
import type { Face, Mood } from "./face.js";
import { type Mouth, pose, REST, SMILE } from "./mouth.js";

/** How far ahead of the sound a mouth begins to move, in ms: it eases, and so arrives in time. */
const AHEAD = 45;

/** For how long visemes are expected after the last, in ms. */
const KNOWN = 30000;

/** Figure is who is seen: the drawn face, or an avatar. */
export interface Figure {
  mood: Mood;
  target: Mouth;
  /** viseme is what the mouth says, Polly's code */
  viseme?: string;
  /** frame draws it as it is at `now`, ms; `level` is how loud its voice is */
  frame(now: number, level: number): void;
}

/** Stage moves the interviewer. */
export class Stage {
  readonly #casey: Casey;
  readonly #halo = find(".halo");
  #figure: Figure;
  #voice = 0;
  #glow = 0;
  #visemes = -Infinity;
  #glad = 0;

  constructor(casey: Casey, face: Face) {
    this.#casey = casey;
    this.#figure = face;
    casey.on("levels", ({ voice }) => {
      this.#voice = voice;
    });
    casey.on("visemes", () => {
      this.#visemes = performance.now();
    });
  }

  /** cast puts another figure on the stage. */
  cast(figure: Figure): void {
    figure.mood = this.#figure.mood;
    this.#figure = figure;
  }

  mood(mood: Mood): void {
    document.body.dataset.mood = mood;
    this.#figure.mood = mood;
  }

  /** smile smiles for so many ms. */
  smile(ms: number): void {
    this.#glad = performance.now() + ms;
  }

  /** quiet is a voice that is not there any more. */
  quiet(): void {
    this.#voice = 0;
  }

  frame(now: number): void {
    this.#glow += (Math.min(1, this.#voice * 5) - this.#glow) * 0.18;
    this.#halo.style.setProperty("--level", this.#glow.toFixed(3));
    const { viseme, mouth } = this.#pose(now);
    this.#figure.viseme = viseme;
    this.#figure.target = mouth === REST && now < this.#glad ? SMILE : mouth;
    this.#figure.frame(now, this.#voice);
  }

  #pose(now: number): ReturnType<typeof pose> {
    const talks = this.#casey.status === "live" || this.#casey.status === "ending";
    if (!talks) return { viseme: "sil", mouth: REST };
    const known = this.#casey.follows && now - this.#visemes < KNOWN;
    return pose(known, this.#casey.visemeIn(AHEAD), this.#voice);
  }
}
