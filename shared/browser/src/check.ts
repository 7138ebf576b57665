import { Microphone } from "./audio.js";
import { join } from "./recorder.js";

/** MicrophoneCheck lets a person see and hear the microphone before an interview. */
export class MicrophoneCheck {
  readonly #context: AudioContext;
  readonly #microphone: Microphone;

  private constructor(context: AudioContext, microphone: Microphone) {
    this.#context = context;
    this.#microphone = microphone;
  }

  /** open asks for a microphone, the default when none is named. Its errors are CaseyError. */
  static async open(device?: string): Promise<MicrophoneCheck> {
    const context = new AudioContext();
    try {
      return new MicrophoneCheck(context, await Microphone.open(context, device));
    } catch (error) {
      void context.close();
      throw error;
    }
  }

  /** device is the id of the microphone that is open. */
  get device(): string {
    return this.#microphone.device;
  }

  /** level is the root mean square of the last 20 ms: 0 is silence, 1 the loudest there is. */
  level(): number {
    return this.#microphone.level();
  }

  /** listen records for so many ms what the microphone hears and returns the sound. */
  async listen(ms: number): Promise<Blob> {
    const parts: Blob[] = [];
    const recorder = new MediaRecorder(this.#microphone.stream);
    recorder.ondataavailable = ({ data }) => void parts.push(data);
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    setTimeout(() => recorder.state !== "inactive" && recorder.stop(), ms);
    await stopped;
    return join(parts, recorder.mimeType);
  }

  close(): void {
    this.#microphone.close();
    void this.#context.close();
  }
}
