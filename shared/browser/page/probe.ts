import { type Casey, CaseyError } from "../src/index.js";

declare global {
  interface Window {
    /** every event of the client, with the time of performance.now() */
    caseyLog: { at: number; name: string; event: unknown }[];
    caseyProbe: Probe;
  }
}

/** How many events are kept. */
const LOG_LENGTH = 20000;

/** probe has a page that tests look into: what happens is kept, what is heard is measured. */
export function probe(casey: Casey): void {
  window.caseyLog = [];
  casey.onAny((name, event) => log(name, event));
  window.caseyProbe = new Probe(casey);
}

function log(name: string, event: unknown): void {
  window.caseyLog.push({ at: performance.now(), name, event: plain(name, event) });
  if (window.caseyLog.length > LOG_LENGTH) window.caseyLog.splice(0, LOG_LENGTH / 10);
}

/** plain is an event without what JSON cannot write. */
function plain(name: string, event: unknown): unknown {
  if (event instanceof CaseyError) return { code: event.code, message: event.message };
  return name === "voice" ? {} : event;
}

/** The longest recording, in seconds; the oldest second is dropped from a longer one. */
const LONGEST = 300;

/** How many blocks after one tell its time: a second of them. */
const NEAR = 375;

/** How late a block is, in ms, when there is sound missing before it. */
const MISSING = 15;

/** Block is a part of what was heard, as recorder.js hands it on. */
interface Block {
  /** when, in ms: of Date.now() there, of performance.now() here */
  at: number;
  /** the place of its first sample on the clock of the AudioContext */
  from: number;
  samples: Float32Array;
}

/**
 * Probe measures what this page plays, for tests: loudness, the strongest tone, and a
 * recording.
 */
export class Probe {
  readonly #context = new AudioContext({ sampleRate: 48000 });
  readonly #analyser = new AnalyserNode(this.#context, { fftSize: 8192, smoothingTimeConstant: 0 });
  #source: MediaStreamAudioSourceNode | undefined;
  #tap: AudioWorkletNode | undefined;
  #blocks: Block[] = [];

  constructor(casey: Casey) {
    casey.on("voice", ({ stream }) => this.#listen(stream));
  }

  /** state is that of its AudioContext, and the time that this has rendered, in seconds. */
  state(): string {
    return `${this.#context.state} at ${this.#context.currentTime}`;
  }

  /** level is the root mean square of the last 170 ms. */
  level(): number {
    const samples = new Float32Array(this.#analyser.fftSize);
    this.#analyser.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
  }

  /** tone is the frequency in Hz of the strongest sound. */
  tone(): number {
    const power = new Float32Array(this.#analyser.frequencyBinCount);
    this.#analyser.getFloatFrequencyData(power);
    const strongest = power.indexOf(Math.max(...power));
    return (strongest * this.#context.sampleRate) / this.#analyser.fftSize;
  }

  /** record begins to record what is played, 48 kHz mono. */
  async record(): Promise<void> {
    this.#blocks = [];
    if (this.#tap) return;
    await this.#context.audioWorklet.addModule("/recorder.js");
    this.#tap = new AudioWorkletNode(this.#context, "casey-recorder", { numberOfOutputs: 0 });
    this.#tap.port.onmessage = ({ data }: MessageEvent<Block>) => this.#keep(data);
    this.#source?.connect(this.#tap);
  }

  /** recording is what was recorded so far: base64 of 16 bit little endian samples, 48 kHz mono. */
  recording(): string {
    let bytes = "";
    for (const block of this.#blocks) {
      for (const sample of block.samples) {
        const value = Math.max(-32768, Math.min(32767, Math.round(sample * 32767))) & 0xffff;
        bytes += String.fromCharCode(value & 255, value >> 8);
      }
    }
    return btoa(bytes);
  }

  /**
   * times are when the recording was heard: a place in it, in seconds, and the time of
   * performance.now(), of its beginning and of each place before which sound is missing.
   */
  times(): [seconds: number, ms: number][] {
    const times: [number, number][] = [];
    let [end, due] = [0, -Infinity];
    this.#blocks.forEach(({ samples }, n) => {
      const at = this.#time(n);
      if (at - due > MISSING) times.push([end, at]);
      const [seconds, ms] = times.at(-1)!;
      end += samples.length / this.#context.sampleRate;
      due = ms + 1000 * (end - seconds);
    });
    return times;
  }

  /** onsets are the times of performance.now() at which sound began after `quiet` ms without. */
  onsets(quiet: number, loud = 0.05): number[] {
    const onsets: number[] = [];
    let last = -Infinity;
    this.#blocks.forEach(({ from, samples }, n) => {
      samples.forEach((sample, i) => {
        if (Math.abs(sample) < loud) return;
        if (from + i - last > quiet * 48) onsets.push(this.#time(n) + i / 48);
        last = from + i;
      });
    });
    return onsets;
  }

  /** seconds is how long the recording is. */
  seconds(): number {
    return this.#blocks.reduce((sum, { samples }) => sum + samples.length, 0) / this.#context.sampleRate;
  }

  #keep({ at, from, samples }: Block): void {
    this.#blocks.push({ at: performance.now() - (Date.now() - at), from, samples });
    const most = (LONGEST * this.#context.sampleRate) / samples.length;
    if (this.#blocks.length > most) this.#blocks.shift();
  }

  /**
   * time is when a block was heard: the browser makes several at a time, and the
   * earliest of itself and those after it tells. Those before it do not: sound that
   * stalled is later from then on.
   */
  #time(n: number): number {
    const { from } = this.#blocks[n]!;
    const near = this.#blocks.slice(n, n + NEAR + 1);
    return Math.min(...near.map((other) => other.at + (from - other.from) / 48));
  }

  #listen(stream: MediaStream): void {
    this.#source?.disconnect();
    if (!stream.getAudioTracks().length) return;
    void this.#context.resume();
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(this.#analyser);
    if (this.#tap) this.#source.connect(this.#tap);
  }
}
