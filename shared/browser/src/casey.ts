import type { CaseyEvents, ConnectOptions, Status } from "./api.js";
import { Call } from "./call.js";
import { Emitter } from "./emitter.js";
import { CaseyError, unsupported } from "./fault.js";
import { Memory } from "./memory.js";
import type { Peer } from "./peer.js";
import { socketURL } from "./url.js";

/** Casey is one candidate's side of one interview at a time. */
export class Casey extends Emitter<CaseyEvents> {
  #call: Call | undefined;
  #memory: Memory | undefined; // of the last call too

  get status(): Status {
    return this.#call?.status ?? (this.#memory ? "over" : "idle");
  }

  /** peer is the connection that is heard now. */
  get peer(): Peer | undefined {
    return this.#call?.link.peer;
  }

  /** session is the interview's id, once it is known. */
  get session(): string | undefined {
    return this.#memory?.ticket?.session;
  }

  get muted(): boolean {
    return this.#call?.muted ?? false;
  }

  get recording(): boolean {
    return this.#call?.studio.recording ?? false;
  }

  /**
   * connect begins an interview, or goes on with one, and resolves when the
   * interviewer is there. `url` may be http(s) or ws(s), with or without /ws.
   * Call it from a click, so that the browser allows sound. Rejects with a
   * CaseyError, which is emitted as `failed` too.
   */
  async connect(url: string, options: ConnectOptions = {}): Promise<void> {
    if (this.#call) throw new CaseyError("closed", "this interview runs already");
    const address = socketURL(url, globalThis.location?.href);
    this.#memory = new Memory(address);
    this.#call = this.#begin(address, options, this.#memory);
    await this.#call.start();
  }

  #begin(address: string, options: ConnectOptions, memory: Memory): Call {
    try {
      return new Call(address, options, memory, {
        emit: (name, event) => this.emit(name, event),
        closed: () => {
          this.#call = undefined;
        },
      });
    } catch (cause) {
      const error = unsupported(cause); // it plays no sound
      this.emit("failed", error);
      throw error;
    }
  }

  /** nudge says: it is your turn now. */
  nudge(): void {
    this.#call?.nudge();
  }

  /** mute switches the microphone off or on; silence keeps flowing. */
  mute(on: boolean): void {
    this.#call?.mute(on);
  }

  /**
   * useMicrophone changes to another one, the default when none is named. Rejects with
   * a CaseyError.
   */
  async useMicrophone(device?: string): Promise<void> {
    await this.#call?.studio.input?.use(device);
  }

  /**
   * allowSound plays the voice after all; call it from a click after the trouble
   * `sound_blocked`.
   */
  allowSound(): void {
    this.#call?.studio.play();
  }

  /**
   * record begins to record both sides, here alone, or stops; then, and at the end,
   * `recording` has what was recorded.
   */
  record(on: boolean): void {
    this.#call?.record(on);
  }

  /** restart connects the same peer anew. It happens by itself when the connection is lost. */
  restart(): void {
    this.#call?.link.restore("restart");
  }

  /** fresh connects by another peer connection, as a reloaded page does. */
  fresh(): void {
    this.#call?.link.restore("resume");
  }

  /** leave pauses the interview; connect with `resume` goes on with it. */
  leave(): void {
    this.#call?.leave();
  }

  /** end ends the interview; the report, if there is one, and `bye` follow. */
  end(): void {
    if (this.#call) this.#call.end();
    else this.#memory?.forget(); // one that was left
  }

  /** close ends everything here at once, without a word; nothing is left running. */
  close(): void {
    this.#call?.close();
  }

  /**
   * outputLatency is the loudspeaker's, in ms: what is heard, and so what is shown,
   * comes this much later than it is played.
   */
  get outputLatency(): number {
    return this.#call?.studio.playback.latency ?? 0;
  }

  /** visemeIn is the mouth shape that will belong to what is heard `ms` from now. */
  visemeIn(ms: number): string {
    return this.#call?.studio.playback.visemeIn(ms) ?? "sil";
  }

  /**
   * follows says whether it is known which sound is heard now; while it is not,
   * visemeIn is "sil" and spoken undefined.
   */
  get follows(): boolean {
    return this.#call?.studio.playback.follows ?? false;
  }

  /** spoken is how many ms of an utterance were heard; undefined when that is not known. */
  spoken(utterance: number): number | undefined {
    return this.#call?.studio.playback.spoken(utterance);
  }
}
