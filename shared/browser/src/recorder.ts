/** Recording is what was recorded, as the browser records: Opus in WebM or Ogg, or AAC in MP4. */
export interface Recording {
  /** the candidate alone */
  own: Blob;
  /** both, mixed */
  both: Blob;
  /** when it began, as performance.now() tells */
  began: number;
  seconds: number;
}

/** canRecord says whether this browser can. */
export function canRecord(): boolean {
  return typeof MediaRecorder !== "undefined";
}

/**
 * join makes one file of its parts, of the type that the recorder names, or the first
 * part where it names none.
 */
export function join(parts: Blob[], type: string): Blob {
  return new Blob(parts, { type: (type || (parts[0]?.type ?? "")).split(";")[0]! });
}

/** Tape records what is connected to its node. */
class Tape {
  readonly node: MediaStreamAudioDestinationNode;
  readonly #recorder: MediaRecorder;
  readonly #parts: Blob[] = [];

  constructor(context: AudioContext) {
    this.node = context.createMediaStreamDestination();
    this.#recorder = new MediaRecorder(this.node.stream);
    this.#recorder.ondataavailable = ({ data }) => void this.#parts.push(data);
    this.#recorder.start(1000);
  }

  async stop(): Promise<Blob> {
    if (this.#recorder.state !== "inactive") {
      const stopped = new Promise((resolve) => (this.#recorder.onstop = resolve));
      this.#recorder.stop();
      await stopped;
    }
    return join(this.#parts, this.#recorder.mimeType);
  }
}

/** Recorder records an interview, on this computer alone. */
export class Recorder {
  readonly #context: AudioContext;
  readonly #own: Tape;
  readonly #both: Tape;
  readonly #plugged = new Map<"own" | "voice", MediaStreamAudioSourceNode>();
  readonly #began = performance.now();

  constructor(context: AudioContext) {
    this.#context = context;
    this.#own = new Tape(context);
    this.#both = new Tape(context);
  }

  /** plug records this stream as one of the two sides from now on, in place of the one before. */
  plug(side: "own" | "voice", stream: MediaStream): void {
    this.#plugged.get(side)?.disconnect();
    if (!stream.getAudioTracks().length) return;
    const source = this.#context.createMediaStreamSource(stream);
    if (side === "own") source.connect(this.#own.node);
    source.connect(this.#both.node);
    this.#plugged.set(side, source);
  }

  async stop(): Promise<Recording> {
    const seconds = (performance.now() - this.#began) / 1000;
    const [own, both] = await Promise.all([this.#own.stop(), this.#both.stop()]);
    for (const source of this.#plugged.values()) source.disconnect();
    return { own, both, began: this.#began, seconds };
  }
}
