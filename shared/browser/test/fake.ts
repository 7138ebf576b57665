/**
 * A browser in which nothing happens but what a test has happen: its time, its
 * sockets, peer connections and microphones.
 */
import type { TestContext } from "node:test";

/** Message is what the page sent or told: a test looks into it and fails where it finds else. */
export type Message = any;

/** Socket is a WebSocket; the test is its server. */
export class Socket {
  static readonly OPEN = 1;
  static all: Socket[] = [];
  static refuse = false; // whether the browser forbids it
  readyState = 0;
  readonly sent: Message[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(readonly url: string) {
    if (Socket.refuse) throw new DOMException("mixed content", "SecurityError");
    Socket.all.push(this);
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  /** close is the page's; the frame that answers it comes only when the test says `closed`. */
  close(): void {
    this.readyState = 2;
  }

  open(): void {
    if (this.readyState !== 0) return;
    this.readyState = Socket.OPEN;
    this.onopen?.();
  }

  say(message: Message): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  closed(): void {
    this.readyState = 3;
    this.onclose?.();
  }

  /** told are the messages of a type. */
  told(type: string): Message[] {
    return this.sent.filter((message) => message.type === type);
  }
}

/** Track is a microphone's. */
export class Track {
  readonly kind = "audio";
  readonly label: string;
  enabled = true;
  muted = false;
  stopped = false;
  readyState = "live";
  onended: (() => void) | null = null;
  onmute: (() => void) | null = null;
  onunmute: (() => void) | null = null;

  constructor(readonly device: string) {
    this.label = `Microphone ${device}`;
  }

  getSettings(): { deviceId: string } {
    return { deviceId: this.device };
  }

  stop(): void {
    this.stopped = true;
    this.readyState = "ended";
  }

  /** does has the system do something to it: ended, mute, unmute. */
  does(name: "ended" | "mute" | "unmute"): void {
    if (name === "ended") this.readyState = "ended";
    else this.muted = name === "mute";
    this[`on${name}`]?.();
  }
}

export class Stream {
  readonly tracks: unknown[];

  constructor(tracks: unknown[] = []) {
    this.tracks = [...tracks];
  }

  addTrack(track: unknown): void {
    this.tracks.push(track);
  }

  getTracks(): unknown[] {
    return this.tracks;
  }

  getAudioTracks(): unknown[] {
    return this.tracks;
  }
}

/** Channel is a peer connection's data channel. */
export class Channel {
  readyState = "connecting";
  readonly sent: Message[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(readonly label: string) {}

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  say(event: Message): void {
    this.onmessage?.({ data: JSON.stringify(event) });
  }

  closed(): void {
    this.readyState = "closed";
    this.onclose?.();
  }
}

/** Connection is an RTCPeerConnection; the test is its worker. */
export class Connection {
  static all: Connection[] = [];
  static refuse: unknown; // what its constructor throws
  connectionState = "new";
  signalingState = "stable";
  channel = new Channel("none");
  source: { rtpTimestamp: number; timestamp: number } | undefined;
  closed = false;
  readonly tracks: unknown[] = [];
  readonly added: unknown[] = [];
  #offers = 0;
  ontrack: ((event: { track: unknown }) => void) | null = null;
  onicecandidate: ((event: { candidate: unknown }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;

  constructor(readonly configuration: RTCConfiguration) {
    if (Connection.refuse) throw Connection.refuse;
    Connection.all.push(this);
  }

  addTransceiver(track: unknown): unknown {
    this.tracks.push(track);
    return { sender: { replaceTrack: async (other: unknown) => void this.tracks.push(other) } };
  }

  createDataChannel(label: string): Channel {
    this.channel = new Channel(label);
    return this.channel;
  }

  async createOffer({ iceRestart }: { iceRestart: boolean }): Promise<{ sdp: string }> {
    return { sdp: `offer ${Connection.all.indexOf(this)}.${this.#offers++}${iceRestart ? " restart" : ""}` };
  }

  async setLocalDescription(): Promise<void> {
    this.signalingState = "have-local-offer";
  }

  async setRemoteDescription({ sdp }: { sdp: string }): Promise<void> {
    if (sdp === "bad") throw new DOMException("no SDP", "OperationError");
    this.signalingState = "stable";
  }

  async addIceCandidate(candidate: unknown): Promise<void> {
    this.added.push(candidate);
  }

  getReceivers(): unknown[] {
    return [{ getSynchronizationSources: () => (this.source ? [this.source] : []) }];
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  /** connect opens it and its data channel. */
  connect(): void {
    this.become("connected");
    this.channel.readyState = "open";
    this.channel.onopen?.();
  }

  close(): void {
    this.closed = true;
    this.connectionState = "closed";
  }
}

class Node {
  connect(): void {}
  disconnect(): void {}
}

class Analyser extends Node {
  readonly fftSize = 8;
  getFloatTimeDomainData(samples: Float32Array): void {
    samples.fill(0);
  }
}

export class Context {
  static open = 0;
  static refuse: "all" | "microphones" | undefined; // what throws
  readonly currentTime = 0;
  readonly outputLatency = 0;
  constructor() {
    if (Context.refuse === "all") throw new DOMException("too many", "NotSupportedError");
    Context.open++;
  }
  createMediaStreamSource(): Node {
    if (Context.refuse === "microphones") throw new DOMException("another sample rate", "NotSupportedError");
    return new Node();
  }
  async resume(): Promise<void> {}
  async close(): Promise<void> {
    Context.open--;
  }
}

class Sound {
  autoplay = false;
  srcObject: unknown = null;
  async play(): Promise<void> {}
  pause(): void {}
}

/** Devices are navigator.mediaDevices. */
export class Devices extends EventTarget {
  /** those that are plugged in, the default first */
  there = ["a"];
  /** why none may be used: the name of a DOMException */
  denied: string | undefined;
  readonly tracks: Track[] = [];

  async getUserMedia({ audio }: { audio: { deviceId?: { exact: string } } }): Promise<Stream> {
    const device = audio.deviceId?.exact ?? this.there[0];
    if (this.denied) throw new DOMException("denied", this.denied);
    if (!device) throw new DOMException("none", "NotFoundError");
    if (!this.there.includes(device)) throw new DOMException("gone", "OverconstrainedError");
    const track = new Track(device);
    this.tracks.push(track);
    return new Stream([track]);
  }

  async enumerateDevices(): Promise<{ kind: string; deviceId: string; label: string }[]> {
    return this.there.map((deviceId) => ({ kind: "audioinput", deviceId, label: `Microphone ${deviceId}` }));
  }

  /** plug changes which are there. */
  plug(...there: string[]): void {
    this.there = there;
    this.dispatchEvent(new Event("devicechange"));
  }
}

/** Permission is that of the microphone. */
class Permission extends EventTarget {
  state = "granted";
}

/** Tab is a BroadcastChannel. */
export class Tab {
  static all: Tab[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(readonly name: string) {
    Tab.all.push(this);
  }

  postMessage(data: unknown): void {
    for (const tab of Tab.all) if (tab !== this) tab.onmessage?.({ data: structuredClone(data) });
  }

  close(): void {
    Tab.all = Tab.all.filter((tab) => tab !== this);
  }
}

/** Storage that keeps what it is given, until it is full. */
export class Shelf {
  readonly kept = new Map<string, string>();
  full = false;

  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.kept.set(key, value);
  }

  removeItem(key: string): void {
    this.kept.delete(key);
  }
}

/** settled waits until every promise that can be kept by now is. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** World is the browser of one test. */
export class World {
  readonly devices = new Devices();
  readonly permission = new Permission();
  readonly tab = new Shelf();
  readonly shared = new Shelf();
  readonly #t: TestContext;

  constructor(t: TestContext) {
    this.#t = t;
    Socket.all = [];
    Socket.refuse = false;
    Connection.all = [];
    Connection.refuse = undefined;
    Context.open = 0;
    Context.refuse = undefined;
    Tab.all = [];
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
    t.mock.method(performance, "now", () => Date.now());
    this.put({
      AnalyserNode: Analyser,
      Audio: Sound,
      AudioContext: Context,
      BroadcastChannel: Tab,
      MediaStream: Stream,
      navigator: { mediaDevices: this.devices, permissions: { query: async () => this.permission } },
      localStorage: this.shared,
      RTCPeerConnection: Connection,
      sessionStorage: this.tab,
      WebSocket: Socket,
    });
  }

  /** put has globals until the test ends. */
  put(globals: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(globals)) {
      const before = Object.getOwnPropertyDescriptor(globalThis, name);
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
      this.#t.after(() => {
        if (before) Object.defineProperty(globalThis, name, before);
        else Reflect.deleteProperty(globalThis, name);
      });
    }
  }

  /** pass has so many ms pass, and all that happens in them. */
  async pass(ms: number): Promise<void> {
    await settled();
    for (let left = ms; left > 0; left -= 100) {
      this.#t.mock.timers.tick(Math.min(left, 100));
      await settled();
    }
  }

  /** socket is the newest one. */
  get socket(): Socket {
    return Socket.all.at(-1)!;
  }

  /** connection is the newest one. */
  get connection(): Connection {
    return Connection.all.at(-1)!;
  }

  /** contexts is how many AudioContexts are open. */
  get contexts(): number {
    return Context.open;
  }
}
