import type { Mark } from "./events.js";

/**
 * DELAY is how many ms after its place on the RTP clock, as
 * getSynchronizationSources tells it, a sound leaves the jitter buffer.
 * Measured in Chromium: 8.3 to 8.4 without jitter, 13 to 22 with.
 */
export const DELAY = 10;

/** STALE is the age in ms from which a packet says nothing about what plays now. */
const STALE = 500;

/** Source is the packet that the browser played last: RTCRtpSynchronizationSource. */
export interface Source {
  rtpTimestamp: number;
  /**
   * in the time base of performance.timeOrigin; Safari before WebKit's pull request
   * 57924 has another
   */
  timestamp: number;
}

/**
 * elapsed is how many ms after the RTP timestamp `rtp` (48 kHz, wraps at 2^32) the
 * packet `now` is.
 */
export function elapsed(rtp: number, now: number): number {
  return ((now - rtp) | 0) / 48;
}

interface Utterance {
  id: number;
  turn: number | undefined;
  rtp: number;
  marks: Mark[];
  end: number;
}

/** Position is how far playback is within an utterance, in ms; negative before it begins. */
export interface Position {
  utterance: number;
  turn: number | undefined;
  ms: number;
}

/** rest is how long the last viseme of an utterance is shown when nothing follows it. */
const rest = 250;

/** SpeechClock knows which utterance plays, how far it is, and which mouth shape belongs there. */
export class SpeechClock {
  #utterances: Utterance[] = [];
  #rtp: number | undefined; // of the packet that was played last
  #at: number | undefined; // when that was played; undefined when it is not known
  #latency = 0;

  /** add takes the visemes of an utterance that is about to play. */
  add(event: { utterance: number; turn?: number; rtp: number; marks: Mark[] }): void {
    const marks = [...event.marks].sort((a, b) => a[0] - b[0]);
    const end = (marks.at(-1)?.[0] ?? 0) + rest;
    this.#utterances = this.#utterances.filter((u) => u.id !== event.utterance).slice(-15);
    this.#utterances.push({ id: event.utterance, turn: event.turn, rtp: event.rtp, marks, end });
  }

  /** cut drops what an utterance would have said after `ms`. */
  cut(utterance: number, ms: number): void {
    for (const u of this.#utterances.filter((u) => u.id === utterance)) {
      u.marks = u.marks.filter(([at]) => at < ms);
      u.marks.push([ms, "sil"]);
      u.end = Math.min(u.end, ms);
    }
  }

  /** clear forgets everything, as when another peer connection is heard. */
  clear(): void {
    this.#utterances = [];
    this.#rtp = this.#at = undefined;
  }

  /**
   * sample takes what the browser played last; `latency` is the loudspeaker's,
   * in ms. When that was played its timestamp says, where that can be; else it
   * is now that another packet is seen.
   */
  sample(source: Source | undefined, latency: number, now: number): void {
    this.#latency = latency;
    if (!source) {
      this.#rtp = this.#at = undefined;
    } else if (source.rtpTimestamp !== this.#rtp) {
      const seen = this.#rtp === undefined ? undefined : now; // the first one may be old
      this.#at = Math.abs(now - source.timestamp) <= STALE ? source.timestamp : seen;
      this.#rtp = source.rtpTimestamp;
    }
  }

  /** knows says whether it is known what plays at `now`. */
  knows(now: number): boolean {
    return this.#at !== undefined && now - this.#at <= STALE;
  }

  /**
   * positions are where playback is in each utterance, at `now` in the time base of
   * performance.timeOrigin.
   */
  #positions(now: number): [Utterance, number][] {
    if (this.#rtp === undefined || this.#at === undefined || now - this.#at > STALE) return [];
    const rtp = this.#rtp;
    const late = now - this.#at - DELAY - this.#latency;
    return this.#utterances.map((u) => [u, elapsed(u.rtp, rtp) + late]);
  }

  /**
   * position is where playback is now, in the utterance that began last; undefined
   * while none plays.
   */
  position(now: number): Position | undefined {
    const begun = this.#positions(now).filter(([u, ms]) => ms >= 0 && ms <= u.end);
    const [u, ms] = begun.sort((a, b) => a[1] - b[1])[0] ?? [];
    return u && ms !== undefined ? { utterance: u.id, turn: u.turn, ms } : undefined;
  }

  /** progress is how far playback is in one utterance; undefined when that is not known. */
  progress(utterance: number, now: number): number | undefined {
    return this.#positions(now).find(([u]) => u.id === utterance)?.[1];
  }

  /** viseme is the mouth shape that belongs to `now`: Polly's code, "sil" for silence. */
  viseme(now: number): string {
    const at = this.position(now);
    const marks = this.#utterances.find((u) => u.id === at?.utterance)?.marks ?? [];
    return (at && marks.findLast(([ms]) => ms <= at.ms)?.[1]) || "sil";
  }
}
