import type { Source } from "./clock.js";
import { CaseyError } from "./fault.js";
import { Input } from "./input.js";
import { type Look, Playback } from "./playback.js";
import { Recorder, type Recording } from "./recorder.js";

/** What a studio tells its owner. */
export interface StudioOwner {
  /** this microphone is open from now on */
  microphone(track: MediaStreamTrack): void;
  /** this stream is heard from now on */
  voice(stream: MediaStream): void;
  /** the microphone is lost, the browser blocks the sound, or does not record */
  trouble(error: CaseyError): void;
  recorded(recording: Recording): void;
}

/** Studio is all that makes and hears sound in the page: microphone, loudspeaker, recorder. */
export class Studio {
  readonly playback: Playback;
  readonly #context = new AudioContext();
  readonly #owner: StudioOwner;
  #input: Input | undefined;
  #recorder: Recorder | undefined;
  #voice: MediaStream | undefined;
  #sounded = false; // something of it has been played
  #closed = false;

  constructor(owner: StudioOwner) {
    this.#owner = owner;
    this.playback = new Playback(this.#context);
  }

  /** open asks for a microphone, the default when none is named. Its errors are CaseyError. */
  async open(device: string | undefined): Promise<void> {
    const input = await Input.open(this.#context, device, {
      lost: (error) => this.#owner.trouble(error),
      changed: ({ track, stream }) => {
        this.#owner.microphone(track);
        this.#plug("own", stream);
      },
    });
    if (this.#closed) return input.close();
    this.#input = input;
    this.#owner.microphone(input.track);
  }

  /** input is the microphone, once it is open. */
  get input(): Input | undefined {
    return this.#input;
  }

  get recording(): boolean {
    return this.#recorder !== undefined;
  }

  /** hear plays and records this voice from now on, and no other. */
  hear(voice: MediaStream): void {
    this.#voice = voice;
    this.play();
  }

  /** play plays the voice; it is to be called from a click where the browser blocked it. */
  play(): void {
    const voice = this.#voice;
    if (!voice) return;
    this.#sounded = false;
    void this.#context.resume();
    this.playback.play(voice).catch((cause: unknown) => {
      if (voice === this.#voice && !this.#closed)
        this.#owner.trouble(new CaseyError("sound_blocked", "the browser blocked the sound", { cause }));
    });
  }

  /** record begins to record both sides, or stops; what was recorded comes then. */
  record(on: boolean): void {
    if (on === this.recording || (on && !this.#input)) return;
    if (!on) {
      const recorder = this.#recorder;
      this.#recorder = undefined;
      recorder?.stop().then(this.#owner.recorded, (cause) => this.#unrecorded(cause));
      return;
    }
    try {
      this.#recorder = new Recorder(this.#context);
    } catch (cause) {
      return this.#unrecorded(cause);
    }
    this.#plug("own", this.#input!.stream);
    if (this.#voice && this.#sounded) this.#plug("voice", this.#voice);
  }

  /** plug records this stream, while there is a recording; that it cannot be stops nothing else. */
  #plug(side: "own" | "voice", stream: MediaStream): void {
    try {
      this.#recorder?.plug(side, stream);
    } catch (cause) {
      this.#unrecorded(cause);
    }
  }

  #unrecorded(cause: unknown): void {
    this.#owner.trouble(new CaseyError("recording", "this browser does not record it", { cause }));
  }

  /** look is to be called often, as Playback's. */
  look(source: Source | undefined, turn: number | undefined): Look & { own: number } {
    if (source && this.#voice && !this.#sounded) this.#sounds(this.#voice);
    const own = this.#input?.level() ?? 0;
    return { own, ...this.playback.look(source, own, turn) };
  }

  /**
   * sounds has a voice measured and recorded: in Chromium what is connected to it
   * before its first packet may hear nothing, ever.
   */
  #sounds(voice: MediaStream): void {
    this.#sounded = true;
    this.playback.measure();
    this.#plug("voice", voice);
    this.#owner.voice(voice);
  }

  close(): void {
    this.#closed = true;
    this.record(false);
    this.playback.close();
    this.#input?.close();
    void this.#context.close();
  }
}
