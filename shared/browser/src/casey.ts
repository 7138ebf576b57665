import type { CaseyEvents, ConnectOptions, Status } from "./api.js";
import { Emitter } from "./emitter.js";
import type { PageEvent, WorkerEvent } from "./events.js";
import { CaseyError } from "./fault.js";
import { Memory } from "./memory.js";
import type { Lost, ServerMessage } from "./messages.js";
import { Negotiation } from "./negotiation.js";
import { Peer } from "./peer.js";
import { Peers } from "./peers.js";
import { type Aim, OPENINGS, PING, PING_WAITING } from "./retry.js";
import { Signaling } from "./signaling.js";
import { Studio } from "./studio.js";
import { Timers } from "./timers.js";
import { socketURL } from "./url.js";
import { LOOK_EVERY, Watch } from "./watch.js";

/** Limits in ms: a connection that stutters or failed, an interview that is asked to end. */
const STUTTER = 500;
const FAILED = 400; // the word that it is over may be under way
const END_BY_SOCKET = 2500;
const END_LIMIT = 50000; // the feedback is written meanwhile

/** Casey is one candidate's side of one interview at a time. */
export class Casey extends Emitter<CaseyEvents> {
  readonly #timers = new Timers();
  #status: Status = "idle";
  #options: ConnectOptions = {};
  #studio: Studio | undefined;
  #watch: Watch | undefined;
  #signaling: Signaling | undefined;
  #memory: Memory | undefined;
  #negotiation: Negotiation | undefined;
  readonly #peers = new Peers((peer) => this.#hear(peer));
  #settle: { resolve(): void; reject(error: CaseyError): void } | undefined;
  #life = new AbortController(); // ends what listens to the page

  get status(): Status {
    return this.#status;
  }

  /** peer is the connection that is heard now. */
  get peer(): Peer | undefined {
    return this.#peers.current;
  }

  /** session is the interview's id, once it is known. */
  get session(): string | undefined {
    return this.#memory?.ticket?.session;
  }

  get muted(): boolean {
    return this.#studio?.input?.muted ?? false;
  }

  get recording(): boolean {
    return this.#studio?.recording ?? false;
  }

  /**
   * connect begins an interview, or goes on with one, and resolves when the
   * interviewer is there. `url` may be http(s) or ws(s), with or without /ws.
   * Call it from a click, so that the browser allows sound. Rejects with a
   * CaseyError, which is emitted as `failed` too.
   */
  async connect(url: string, options: ConnectOptions = {}): Promise<void> {
    if (this.#status !== "idle" && this.#status !== "over")
      throw new CaseyError("closed", "this interview runs already");
    const address = socketURL(url, globalThis.location?.href);
    this.#options = options;
    this.#memory = new Memory(address);
    this.#studio = new Studio(this.#studioOwner());
    this.#watch = new Watch(this.#studio, this.#watchOwner());
    this.#negotiation = new Negotiation(this.#negotiationOwner());
    this.#signaling = new Signaling(address, this.#signalingOwner());
    this.#life = new AbortController();
    globalThis.addEventListener?.("pagehide", () => this.#memory?.leave(), { signal: this.#life.signal });
    await new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
      void this.#start();
    });
  }

  /** nudge says: it is your turn now. */
  nudge(): void {
    this.#tell({ type: "nudge" });
  }

  /** mute switches the microphone off or on; silence keeps flowing. */
  mute(on: boolean): void {
    if (!this.#studio?.input) return;
    this.#studio.input.mute(on);
    this.#tell({ type: "muted", on });
    this.emit("muted", { on });
  }

  /** useMicrophone changes to another one, the default when none is named. Rejects with a CaseyError. */
  async useMicrophone(device?: string): Promise<void> {
    await this.#studio?.input?.use(device);
  }

  /** allowSound plays the voice after all; call it from a click after the trouble `sound_blocked`. */
  allowSound(): void {
    this.#studio?.play();
  }

  /** record begins to record both sides, here alone, or stops; then, and at the end, `recording` has what was recorded. */
  record(on: boolean): void {
    this.#options = { ...this.#options, record: on };
    this.#studio?.record(on);
  }

  /** restart connects the same peer anew. It happens by itself when the connection is lost. */
  restart(): void {
    this.#restore("restart");
  }

  /** fresh connects by another peer connection, as a reloaded page does. */
  fresh(): void {
    this.#restore("resume");
  }

  /** leave pauses the interview; connect with `resume` goes on with it. */
  leave(): void {
    this.#signaling?.send({ type: "leave" });
    this.close();
  }

  /** end ends the interview; the report, if there is one, and `bye` follow. */
  end(): void {
    if (this.#status !== "live" && this.#status !== "restoring") {
      this.#signaling?.send({ type: "end" });
      return this.#over();
    }
    this.#set("ending");
    const bySocket = (): void => void this.#signaling?.send({ type: "end" });
    if (this.#tell({ type: "end" })) this.#timers.after("end", END_BY_SOCKET, bySocket);
    else bySocket();
    this.#timers.after("over", END_LIMIT, () => this.#over());
  }

  /** close ends everything here at once, without a word; nothing is left running. */
  close(): void {
    this.#timers.clearAll();
    this.#life.abort();
    this.#memory?.leave(); // what can be gone on with, any tab may
    this.#negotiation?.stop();
    this.#signaling?.close();
    this.#peers.close();
    this.#studio?.close();
    this.#studio = this.#watch = this.#signaling = this.#negotiation = undefined;
    this.#settle?.reject(new CaseyError("closed", "the interview was closed"));
    this.#settle = undefined;
    if (this.#status !== "idle" && this.#status !== "over") this.#set("over");
  }

  /** outputLatency is the loudspeaker's, in ms: what is heard, and so what is shown, comes this much later than it is played. */
  get outputLatency(): number {
    return this.#studio?.playback.latency ?? 0;
  }

  /** visemeIn is the mouth shape that will belong to what is heard `ms` from now. */
  visemeIn(ms: number): string {
    return this.#studio?.playback.visemeIn(ms) ?? "sil";
  }

  /** spoken is how many ms of an utterance were heard; undefined when that is not known. */
  spoken(utterance: number): number | undefined {
    return this.#studio?.playback.spoken(utterance);
  }

  #set(status: Status, ahead?: number): void {
    this.#status = status;
    this.emit("status", { status, ...(ahead !== undefined && { ahead }) });
  }

  async #start(): Promise<void> {
    try {
      this.#set("microphone");
      const studio = this.#studio!;
      await studio.open(this.#options.device);
      if (studio !== this.#studio) return; // closed meanwhile
      if (this.#options.record) studio.record(true);
      this.#set("connecting");
      if (!this.#options.resume) this.#memory?.forget();
      this.#signaling?.open();
      if (!this.#options.hello) this.#negotiation?.pursue(this.#memory?.ticket ? "resume" : "begin");
      this.#timers.every("look", LOOK_EVERY, () => this.#watch?.look());
    } catch (error) {
      if (this.#status === "over") return; // closed meanwhile
      this.#fail(error instanceof CaseyError ? error : new CaseyError("media", String(error), { cause: error }));
    }
  }

  #studioOwner(): ConstructorParameters<typeof Studio>[0] {
    return {
      trouble: (error) => this.emit("trouble", error),
      voice: (stream) => this.emit("voice", { stream }),
      recorded: (recording) => this.emit("recording", recording),
      microphone: (track) => {
        void this.#peers.current?.use(track);
        this.emit("microphone", { device: track.getSettings().deviceId ?? "", label: track.label });
      },
    };
  }

  #watchOwner(): ConstructorParameters<typeof Watch>[1] {
    return {
      source: () => this.#peers.heard?.source(),
      heard: (heard) => {
        this.#tell({ type: "heard", ...heard });
        this.emit("heard", heard);
      },
      played: (played) => void this.#tell({ type: "played", ...played }),
      viseme: (value) => this.emit("viseme", { value }),
      levels: (levels) => this.emit("levels", levels),
    };
  }

  #fail(error: CaseyError): void {
    const settle = this.#settle;
    this.#settle = undefined;
    this.close();
    this.emit("failed", error);
    settle?.reject(error);
  }

  #over(): void {
    this.#memory?.forget();
    this.close();
  }

  #tell(event: PageEvent): boolean {
    const told = this.#peers.current?.send(event) ?? false;
    if (told) this.emit("sent", event);
    return told;
  }

  #negotiationOwner(): ConstructorParameters<typeof Negotiation>[0] {
    return {
      interview: this.#options.interview,
      ticket: () => this.#memory?.ticket,
      newPeer: () => this.#newPeer(),
      current: () => this.#peers.current,
      send: (message) => this.#signaling?.send(message) ?? false,
      exhausted: (aim, answered) => this.#exhausted(aim, answered),
    };
  }

  #exhausted(aim: Aim, answered: boolean): void {
    if (aim === "move") return; // the old peer goes on until its worker says bye
    if (answered) return this.#fail(new CaseyError("media", "no connection for sound could be made"));
    this.#fail(
      aim === "begin"
        ? new CaseyError("no_answer", "nobody answered")
        : new CaseyError("lost", "the connection was lost"),
    );
  }

  #signalingOwner(): ConstructorParameters<typeof Signaling>[1] {
    return {
      opened: () => this.#opened(),
      message: (message) => {
        this.emit("received", message);
        this.#message(message);
      },
      closed: (failures) => {
        const begun = this.#peers.current !== undefined;
        if (!begun && failures >= OPENINGS) this.#fail(new CaseyError("gateway", "casey cannot be reached"));
      },
      sent: (message) => this.emit("sent", message),
    };
  }

  #opened(): void {
    const ticket = this.#memory?.ticket;
    if (this.#negotiation?.active) return this.#negotiation.resend();
    if (ticket || this.#options.hello) {
      const interview = this.#options.interview;
      this.#signaling?.send({ type: "hello", ...ticket, ...(interview && { interview }) });
    }
  }

  #message(message: ServerMessage | Lost): void {
    switch (message.type) {
      case "session":
        return this.#session(message);
      case "waiting":
        this.#negotiation?.waiting();
        this.#signaling?.pingEvery(PING_WAITING);
        return this.#peers.current ? undefined : this.#set("waiting", message.ahead);
      case "answer":
        return void this.#answer(message);
      case "ice":
        return void [this.#negotiation?.peer, this.#peers.current]
          .find((p) => p?.name === message.peer)
          ?.add(message.candidate);
      case "move":
        return this.#negotiation?.pursue("move");
      case "bye":
        return this.#bye(message);
      case "rejected":
        return this.#rejected(message);
      case "error":
        this.#memory?.forget();
        return this.#fail(new CaseyError(message.code, message.message));
      case "lost":
        return this.#negotiation?.lost();
    }
  }

  #session(message: Extract<ServerMessage, { type: "session" }>): void {
    this.#memory?.keep(message);
    if (message.iceServers?.length) this.#options = { iceServers: message.iceServers, ...this.#options };
    if (!this.#peers.current && !this.#negotiation?.active) this.#negotiation?.pursue("begin");
  }

  async #answer(message: Extract<ServerMessage, { type: "answer" }>): Promise<void> {
    if (!(await this.#negotiation?.accept(message.peer, message.sdp))) return;
    this.#signaling?.pingEvery(PING);
    if (this.#status === "waiting") this.#set("connecting");
    if (this.#peers.current?.connected) this.#restored(); // the old path carries until the new one does
  }

  #bye(message: Extract<ServerMessage, { type: "bye" }>): void {
    if (message.resumable && message.reason !== "left" && this.#peers.current && this.#status !== "ending") {
      return this.#negotiation?.active ? undefined : this.#restore("resume"); // it goes on elsewhere
    }
    if (!message.resumable) this.#memory?.forget();
    this.emit("bye", message);
    this.close();
  }

  #rejected(message: Extract<ServerMessage, { type: "rejected" }>): void {
    this.emit("rejected", message);
    if (message.of !== "offer") return;
    const aim = this.#negotiation?.active;
    if (aim === "begin") return this.#fail(new CaseyError(message.code, message.message));
    if (aim !== "resume" || this.#peers.current) return this.#negotiation?.again();
    this.#memory?.forget(); // the interview of before is over: begin another
    this.emit("trouble", new CaseyError("anew", message.message));
    this.#negotiation?.pursue("begin");
  }

  #newPeer(): Peer {
    const { track, stream } = this.#studio!.input!;
    const { iceServers = [], transport } = this.#options;
    return new Peer(
      { track, stream, iceServers, transport },
      {
        ready: (peer) => this.#ready(peer),
        event: (peer, event) => this.#event(peer, event),
        candidate: (peer, candidate) => void this.#signaling?.send({ type: "ice", candidate, peer: peer.name }),
        connection: (peer, state) => this.#connection(peer, state),
      },
    );
  }

  /** ready makes a peer the current one. */
  #ready(peer: Peer): void {
    const moving = this.#negotiation?.active === "move";
    this.#negotiation?.done();
    const again = this.#peers.current !== undefined;
    this.#peers.promote(peer, moving);
    if (again) this.#tell({ type: "take" });
    this.#set("live");
    if (this.muted) this.#tell({ type: "muted", on: true });
    this.#settle?.resolve();
    this.#settle = undefined;
  }

  #hear(peer: Peer): void {
    this.#studio?.hear(peer.voice);
  }

  #connection(peer: Peer, state: RTCPeerConnectionState): void {
    const { current, heard } = this.#peers;
    if (peer !== current) {
      if (peer === heard && (state === "failed" || state === "closed")) this.#peers.release();
      if (state === "failed" && peer === this.#negotiation?.peer) this.#negotiation.again();
      return;
    }
    if (state === "connected") return this.#restored();
    if (this.#status === "ending") return this.#over();
    const patience = { disconnected: STUTTER, failed: FAILED }[state as string];
    if (patience) this.#timers.after("stutter", patience, () => this.#restore("restart"));
  }

  /** restored: the current peer is connected, by itself or after a restart. */
  #restored(): void {
    this.#timers.clear("stutter");
    if (this.#negotiation?.active === "restart" && this.#negotiation.peer === this.#peers.current)
      this.#negotiation.done();
    if (this.#status === "restoring" && !this.#negotiation?.active) this.#set("live");
  }

  #restore(aim: "restart" | "resume"): void {
    if (!this.#peers.current || this.#status === "ending") return;
    this.#set("restoring");
    this.#negotiation?.pursue(aim);
  }

  #event(peer: Peer, event: WorkerEvent): void {
    const { current, heard } = this.#peers;
    if (peer !== current && peer !== heard) return;
    if (peer === current) this.#peers.release(); // the new worker has it now
    this.#watch?.take(event);
    this.emit(event.type, event as never);
  }
}
