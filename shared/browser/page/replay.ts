import type { Recording } from "../src/index.js";

/** Place is where something is in a recording. */
export interface Place {
  recording: Recording;
  seconds: number;
}

/** placeOf finds a time of this page in what was recorded; undefined where nothing was. */
export function placeOf(when: number | undefined, recordings: readonly Recording[]): Place | undefined {
  if (when === undefined) return undefined;
  for (const recording of recordings) {
    const seconds = (when - recording.began) / 1000;
    if (seconds >= -3 && seconds < recording.seconds) return { recording, seconds: Math.max(0, seconds) };
  }
  return undefined;
}

/** Replay plays recordings from any place, one at a time. */
export class Replay {
  readonly #audio: HTMLAudioElement;
  #playing: Blob | undefined;

  constructor(audio: HTMLAudioElement) {
    this.#audio = audio;
  }

  /** play plays one side, or both, from there. */
  async play({ recording, seconds }: Place, side: "own" | "both"): Promise<void> {
    this.#audio.hidden = false;
    if (this.#playing !== recording[side]) await this.#load(recording[side]);
    this.#audio.currentTime = seconds;
    await this.#audio.play();
  }

  /**
   * load loads a recording. What a browser records says nowhere how long it is: it knows
   * when it has been at the end.
   */
  async #load(sound: Blob): Promise<void> {
    this.stop();
    this.#playing = sound;
    const audio = this.#audio;
    audio.src = URL.createObjectURL(sound);
    await event(audio, "loadedmetadata");
    if (Number.isFinite(audio.duration)) return;
    audio.currentTime = 1e7;
    await event(audio, "seeked");
  }

  stop(): void {
    this.#audio.pause();
    if (this.#playing) URL.revokeObjectURL(this.#audio.src);
    this.#playing = undefined;
  }
}

const event = (audio: HTMLAudioElement, name: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    audio.addEventListener(name, resolve, { once: true });
    audio.addEventListener("error", () => reject(new Error("this browser does not play it")), { once: true });
  });
