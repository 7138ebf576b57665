import { CaseyError, microphoneError } from "./fault.js";

/** Meter measures how loud a stream is. */
export class Meter {
  readonly #source: MediaStreamAudioSourceNode;
  readonly #analyser: AnalyserNode;
  readonly #samples: Float32Array<ArrayBuffer>;

  constructor(context: AudioContext, stream: MediaStream) {
    this.#source = context.createMediaStreamSource(stream);
    this.#analyser = new AnalyserNode(context, { fftSize: 1024 });
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#source.connect(this.#analyser);
  }

  /** level is the root mean square of the last 20 ms: 0 is silence, 1 the loudest there is. */
  level(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return Math.sqrt(this.#samples.reduce((sum, s) => sum + s * s, 0) / this.#samples.length);
  }

  close(): void {
    this.#source.disconnect();
  }
}

const ask = (device: string | undefined): Promise<MediaStream> =>
  navigator.mediaDevices.getUserMedia({
    audio: {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
      ...(device && { deviceId: { exact: device } }),
    },
  });

/** Microphone is an open microphone. */
export class Microphone {
  readonly track: MediaStreamTrack;
  readonly #meter: Meter;

  private constructor(
    readonly stream: MediaStream,
    context: AudioContext,
  ) {
    this.track = stream.getAudioTracks()[0]!;
    this.#meter = new Meter(context, stream);
  }

  /**
   * open asks for a microphone, the default when none is named or that one is gone. Its
   * errors are CaseyError.
   */
  static async open(context: AudioContext, device: string | undefined): Promise<Microphone> {
    if (!navigator.mediaDevices) throw new CaseyError("insecure", "microphones need https or localhost");
    try {
      return Microphone.#of(await ask(device), context);
    } catch (cause) {
      if (device && cause instanceof Error && cause.name === "OverconstrainedError")
        return Microphone.open(context, undefined);
      throw microphoneError(cause);
    }
  }

  /** of measures a stream; one that cannot be is closed again. */
  static #of(stream: MediaStream, context: AudioContext): Microphone {
    try {
      return new Microphone(stream, context);
    } catch (error) {
      for (const track of stream.getTracks()) track.stop();
      throw error;
    }
  }

  /** device is its id. */
  get device(): string {
    return this.track.getSettings().deviceId ?? "";
  }

  level(): number {
    return this.track.enabled ? this.#meter.level() : 0;
  }

  close(): void {
    this.track.onended = this.track.onmute = this.track.onunmute = null;
    this.#meter.close();
    for (const track of this.stream.getTracks()) track.stop();
  }
}

/** SETTLED is when an AudioContext's loudspeaker runs evenly, in seconds of its clock. */
const SETTLED = 2;

/** LATENCY_EVERY is how often the loudspeaker's latency is asked for, in seconds. */
const LATENCY_EVERY = 5;

/** Speaker plays the interviewer's voice and measures it. */
export class Speaker {
  readonly #context: AudioContext;
  readonly #element = new Audio();
  #meter: Meter | undefined;
  #latency = 0;
  #ask = SETTLED; // for the latency, at this time of the context

  constructor(context: AudioContext) {
    this.#context = context;
    this.#element.autoplay = true;
  }

  /** play hears this stream from now on, and no other; it rejects where the browser forbids it. */
  async play(stream: MediaStream): Promise<void> {
    this.#meter?.close();
    this.#meter = undefined;
    this.#element.srcObject = stream;
    await this.#element.play();
  }

  /**
   * measure measures the stream from now on. It is to be called when something of it
   * has been played.
   */
  measure(): void {
    this.#meter?.close();
    const stream = this.#element.srcObject as MediaStream | null;
    this.#meter = stream?.getAudioTracks().length ? new Meter(this.#context, stream) : undefined;
  }

  level(): number {
    return this.#meter?.level() ?? 0;
  }

  /**
   * latency of the loudspeaker, in ms; 0 while it is not known. It is asked for seldom
   * and never while the loudspeaker starts: Firefox waits for its sound server then,
   * which may wait for Firefox, and the page stands still for ever.
   */
  get latency(): number {
    const { currentTime } = this.#context;
    if (currentTime >= this.#ask) {
      this.#ask = currentTime + LATENCY_EVERY;
      this.#latency = 1000 * (this.#context.outputLatency || 0);
    }
    return this.#latency;
  }

  close(): void {
    this.#meter?.close();
    this.#meter = undefined;
    this.#element.pause();
    this.#element.srcObject = null;
  }
}
