import { Microphone } from "./audio.js";
import { microphonePermission, microphones, onMicrophones } from "./devices.js";
import { CaseyError } from "./fault.js";
import { Timers } from "./timers.js";

/** For how long the system may mute a microphone before that is told, in ms. */
const MUTED_LIMIT = 1000;

/** What an input tells its owner. */
export interface InputOwner {
  /**
   * this microphone is open from now on: another one, or the one that was lost or muted
   * by the system
   */
  changed(microphone: Microphone): void;
  /**
   * it is not heard; another one is looked for until there is one, and so is the one
   * that was chosen
   */
  lost(error: CaseyError): void;
}

/** Input is the candidate's microphone: chosen, muted, unplugged, forbidden and found again. */
export class Input {
  readonly #context: AudioContext;
  readonly #owner: InputOwner;
  readonly #timers = new Timers();
  #microphone: Microphone;
  #missing: string | undefined; // the id of the one that was lost, until it is back or another is chosen
  #stopLooking = (): void => undefined;
  #search = Promise.resolve(); // one at a time
  #silenced = false; // that the system muted it was told
  #closed = false;

  private constructor(context: AudioContext, microphone: Microphone, owner: InputOwner) {
    this.#context = context;
    this.#owner = owner;
    this.#microphone = microphone;
    this.#follow(microphone.track);
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

  /**
   * use changes to another microphone, the default when none is named. Rejects with a
   * CaseyError; the one before stays then.
   */
  async use(device?: string): Promise<void> {
    await this.#change(device);
    this.#found();
  }

  close(): void {
    this.#closed = true;
    this.#found();
    this.#timers.clearAll();
    this.#microphone.close();
  }

  #follow(track: MediaStreamTrack): void {
    track.onended = () => void this.#lost();
    track.onmute = () => this.#timers.after("muted", MUTED_LIMIT, () => this.#silence());
    track.onunmute = () => this.#unmuted();
    if (track.muted) track.onmute(new Event("mute"));
  }

  async #change(device: string | undefined): Promise<void> {
    const next = await Microphone.open(this.#context, device);
    if (this.#closed) return next.close();
    next.track.enabled = this.track.enabled;
    this.#microphone.close();
    this.#microphone = next;
    this.#timers.clearAll();
    this.#silenced = false;
    this.#follow(next.track);
    this.#owner.changed(next);
  }

  /** silence is when the system has muted it for a while: a phone call, a switch. */
  #silence(): void {
    this.#silenced = true;
    this.#owner.lost(new CaseyError("microphone_silenced", "the system muted the microphone"));
  }

  #unmuted(): void {
    this.#timers.clear("muted");
    if (!this.#silenced) return;
    this.#silenced = false;
    this.#owner.changed(this.#microphone);
  }

  /** lost is when it was unplugged, or the page may use it no more. */
  async #lost(): Promise<void> {
    this.#missing ??= this.#microphone.device;
    this.#timers.clearAll();
    const permission = await microphonePermission();
    if (this.#closed) return;
    this.#look(permission);
    const denied = permission?.state === "denied";
    this.#owner.lost(
      denied
        ? new CaseyError("permission", "the microphone is not allowed any more")
        : new CaseyError("microphone_lost", "the microphone was unplugged"),
    );
    this.#regain();
  }

  /** look tries again whenever a device comes or goes, or the permission changes. */
  #look(permission: PermissionStatus | undefined): void {
    this.#stopLooking();
    const again = (): void => this.#regain();
    const off = onMicrophones(again);
    permission?.addEventListener("change", again);
    this.#stopLooking = () => {
      off();
      permission?.removeEventListener("change", again);
    };
  }

  #found(): void {
    this.#stopLooking();
    this.#missing = undefined;
  }

  #regain(): void {
    this.#search = this.#search.then(() => this.#tryMissing()).catch(() => undefined); // the next change may bring one
  }

  /**
   * tryMissing takes the one that was lost, where it is back, and any other while there
   * is none.
   */
  async #tryMissing(): Promise<void> {
    if (this.#missing === undefined || this.#closed) return;
    const lives = this.track.readyState === "live";
    if (lives && !(await microphones()).some(({ id }) => id === this.#missing)) return;
    await this.#change(this.#missing);
    if (!this.#missing || this.#microphone.device === this.#missing) this.#found();
  }
}
