import type { Casey } from "../src/index.js";
import { find } from "./dom.js";
import type { Face, Mood } from "./face.js";
import { type Mouth, mouthFor, mouthForLevel, REST, SMILE } from "./mouth.js";

/** How far ahead of the sound a mouth begins to move, in ms: it eases, and so arrives in time. */
const AHEAD = 45;

/** For how long visemes are expected after the last, in ms; without them the voice's level opens the mouth. */
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
    this.#figure.viseme = this.#talks() ? this.#casey.visemeIn(AHEAD) : "sil";
    this.#figure.target = this.#mouth(now, this.#figure.viseme);
    this.#figure.frame(now, this.#voice);
  }

  #talks(): boolean {
    return this.#casey.status === "live" || this.#casey.status === "ending";
  }

  #mouth(now: number, viseme: string): Mouth {
    const rest = now < this.#glad ? SMILE : REST;
    if (!this.#talks()) return rest;
    const mouth = now - this.#visemes < KNOWN ? mouthFor(viseme) : mouthForLevel(this.#voice);
    return mouth === REST ? rest : mouth;
  }
}
