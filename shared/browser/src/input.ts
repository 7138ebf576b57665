import { Microphone } from "./audio.js";
import { onMicrophones } from "./devices.js";
import { CaseyError } from "./fault.js";

/** What an input tells its owner. */
export interface InputOwner {
  /** another microphone is open from now on */
  changed(microphone: Microphone): void;
  /** it was unplugged; another one is looked for until there is one */
  lost(error: CaseyError): void;
}

/** Input is the candidate's microphone: chosen, muted, unplugged and found again. */
export class Input {
  readonly #context: AudioContext;
  readonly #owner: InputOwner;
  #microphone: Microphone;
  #off: (() => void) | undefined; // stops looking for another one
  #closed = false;

  private constructor(context: AudioContext, microphone: Microphone, owner: InputOwner) {
    this.#context = context;
    this.#microphone = microphone;
    this.#owner = owner;
    microphone.track.onended = () => this.#lost();
  }

  /** open asks for a microphone, the default when none is named. Its errors are CaseyError. */
  static async open(context: AudioContext, device: string | undefined, owner: InputOwner): Promise<Input> {
    return new Input(context, await Microphone.open(context, device), owner);
  }

  get track(): MediaStreamTrack {
    return this.#microphone.track;
  }

  get stream(): MediaStream {
    return this.#microphone.stream;
  }

  get muted(): boolean {
    return !this.track.enabled;
  }

  /** mute switches it off or on; silence keeps flowing. */
  mute(on: boolean): void {
    this.track.enabled = !on;
  }

  level(): number {
    return this.#microphone.level();
  }

  /** use changes to another microphone, the default when none is named. Rejects with a CaseyError; the one before stays then. */
  async use(device?: string): Promise<void> {
    const next = await Microphone.open(this.#context, device);
    if (this.#closed) return next.close();
    this.#off?.();
    next.track.enabled = this.track.enabled;
    next.track.onended = () => this.#lost();
    this.#microphone.close();
    this.#microphone = next;
    this.#owner.changed(next);
  }

  close(): void {
    this.#closed = true;
    this.#off?.();
    this.#microphone.close();
  }

  #lost(): void {
    this.#owner.lost(new CaseyError("microphone_lost", "the microphone was unplugged"));
    this.#off?.();
    this.#off = onMicrophones(() => void this.#regain());
    void this.#regain();
  }

  /** regain takes whichever microphone is there now. */
  async #regain(): Promise<void> {
    await this.use().catch(() => undefined); // there is none: the next device that is plugged in may be one
  }
}
