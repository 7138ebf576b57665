import { Speaker } from "./audio.js";
import { type Source, SpeechClock } from "./clock.js";
import { Latency } from "./latency.js";

/** now in the time base of performance.timeOrigin, as the browser stamps packets. */
const now = (): number => performance.timeOrigin + performance.now();

/** Look is what playback was found to be like. */
export interface Look {
  /** how loud the interviewer is */
  voice: number;
  /** the mouth shape, when it is another than before */
  viseme?: string;
  /** once a turn: its first sound was heard, so many ms after the candidate's last */
  heard?: { turn: number; ms: number };
}

/** Playback is what comes out of the loudspeaker, and what is known about it. */
export class Playback {
  readonly #speaker: Speaker;
  readonly #clock = new SpeechClock();
  readonly #latency = new Latency();
  #viseme = "sil";

  constructor(context: AudioContext) {
    this.#speaker = new Speaker(context);
  }

  /** play hears this stream from now on, and no other; it rejects where the browser forbids it. */
  async play(stream: MediaStream): Promise<void> {
    this.#clock.clear();
    await this.#speaker.play(stream);
  }

  /**
   * measure measures the stream from now on. It is to be called when something of it
   * has been played.
   */
  measure(): void {
    this.#speaker.measure();
  }

  /** latency of the loudspeaker, in ms. */
  get latency(): number {
    return this.#speaker.latency;
  }

  /** expect takes the visemes of an utterance that is about to play. */
  expect(event: Parameters<SpeechClock["add"]>[0]): void {
    this.#clock.add(event);
  }

  /**
   * cut drops what an utterance would have said after `ms`, and returns how much of it
   * was heard.
   */
  cut(utterance: number, ms: number): number {
    const played = this.spoken(utterance) ?? ms;
    this.#clock.cut(utterance, ms);
    return Math.round(Math.max(0, Math.min(played, ms)));
  }

  /**
   * look is to be called often, with the packet that was played last, how loud
   * the candidate is, and the turn that is spoken, for visemes that name none.
   */
  look(source: Source | undefined, own: number, turn: number | undefined): Look {
    const at = now();
    this.#clock.sample(source, this.#speaker.latency, at);
    const look: Look = { voice: this.#speaker.level() };
    const playing = this.#clock.position(at);
    const heard = this.#latency.look(at, own, look.voice, playing && (playing.turn ?? turn));
    if (heard) look.heard = heard;
    const viseme = this.#clock.viseme(at);
    if (viseme !== this.#viseme) look.viseme = this.#viseme = viseme;
    return look;
  }

  /** follows says whether it is known which sound is heard now. */
  get follows(): boolean {
    return this.#clock.knows(now());
  }

  /** visemeIn is the mouth shape that will belong to what is heard `ms` from now. */
  visemeIn(ms: number): string {
    return this.#clock.viseme(now() + ms);
  }

  /** spoken is how many ms of an utterance were heard; undefined when that is not known. */
  spoken(utterance: number): number | undefined {
    return this.#clock.progress(utterance, now());
  }

  close(): void {
    this.#clock.clear();
    this.#speaker.close();
  }
}
