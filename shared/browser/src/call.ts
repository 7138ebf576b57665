import type { CaseyEvents, ConnectOptions, Status } from "./api.js";
import type { PageEvent, WorkerEvent } from "./events.js";
import { CaseyError, unsupported } from "./fault.js";
import type { Memory } from "./memory.js";
import type { Lost, ServerMessage } from "./messages.js";
import { Negotiation, type NegotiationOwner } from "./negotiation.js";
import { Peer, type PeerOwner } from "./peer.js";
import { Peers } from "./peers.js";
import { judge } from "./refusal.js";
import { type Aim, OPENINGS, PATIENCE, PING, PING_WAITING, SILENT_LIMIT } from "./retry.js";
import { Signaling, type SignalingOwner } from "./signaling.js";
import { Studio, type StudioOwner } from "./studio.js";
import { Tabs } from "./tabs.js";
import { Timers } from "./timers.js";
import { LEVELS_EVERY, LOOK_EVERY, Watch, type WatchOwner } from "./watch.js";

/** An interview that is asked to end by the data channel is asked by the socket too after so many ms. */
const END_BY_SOCKET = 2500;

/** An interview that is asked to end is over after so many ms at most; the feedback is written meanwhile. */
const END_LIMIT = 50000;

/** What a call tells its owner. */
export interface CallOwner {
  emit<Name extends keyof CaseyEvents>(name: Name, event: CaseyEvents[Name]): void;
  /** nothing of the call is left; its last status follows */
  closed(): void;
}

/** Call is an interview while it runs in this page: all that there is from connect to close. */
export class Call {
  readonly studio: Studio;
  readonly peers = new Peers((peer) => this.studio.hear(peer.voice));
  readonly #owner: CallOwner;
  readonly #memory: Memory;
  readonly #timers = new Timers();
  readonly #watch: Watch;
  readonly #negotiation: Negotiation;
  readonly #signaling: Signaling;
  readonly #tabs = new Tabs((session) => this.#taken(session));
  readonly #life = new AbortController(); // ends what listens to the page
  #options: ConnectOptions;
  #status: Status = "idle";
  #reached = false; // a socket was open once
  #settle: { resolve(): void; reject(error: CaseyError): void } | undefined;

  constructor(address: string, options: ConnectOptions, memory: Memory, owner: CallOwner) {
    this.#owner = owner;
    this.#memory = memory;
    this.#options = options;
    this.studio = new Studio(this.#studioOwner());
    this.#watch = new Watch(this.studio, this.#watchOwner());
    this.#negotiation = new Negotiation(this.#negotiationOwner());
    this.#signaling = new Signaling(address, this.#signalingOwner());
    const { signal } = this.#life;
    globalThis.addEventListener?.("pagehide", () => this.#memory.leave(), { signal });
    globalThis.addEventListener?.("online", () => this.#signaling.check(), { signal });
  }

  get status(): Status {
    return this.#status;
  }

  get muted(): boolean {
    return this.studio.input?.muted ?? false;
  }

  /** start opens microphone and socket, and resolves when the interviewer is there. Rejects with a CaseyError. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      void this.#open();
    });
  }

  /** nudge says: it is your turn now. */
  nudge(): void {
    this.#tell({ type: "nudge" });
  }

  /** mute switches the microphone off or on; silence keeps flowing. */
  mute(on: boolean): void {
    const { input } = this.studio;
    if (!input) return;
    input.mute(on);
    this.#tell({ type: "muted", on });
    this.#owner.emit("muted", { on });
  }

  /** record begins to record, as soon as there is a microphone, or stops. */
  record(on: boolean): void {
    this.#options = { ...this.#options, record: on };
    this.studio.record(on);
  }

  /** restore connects anew: the same peer, or another one as a reloaded page does. */
  restore(aim: "restart" | "resume"): void {
    if (!this.peers.current || this.#status === "ending") return;
    this.#set("restoring");
    this.#negotiation.pursue(aim);
  }

  /** leave pauses the interview. */
  leave(): void {
    this.#signaling.send({ type: "leave" });
    this.close();
  }

  /** end ends the interview; the report, if there is one, and `bye` follow. */
  end(): void {
    if (this.#status !== "live" && this.#status !== "restoring") {
      this.#signaling.send({ type: "end" });
      return this.#over();
    }
    this.#set("ending");
    const bySocket = (): void => void this.#signaling.send({ type: "end" });
    if (this.#tell({ type: "end" })) this.#timers.after("end", END_BY_SOCKET, bySocket);
    else bySocket();
    this.#timers.after("over", END_LIMIT, () => this.#over());
  }

  /** close ends everything here at once, without a word; nothing is left running. */
  close(): void {
    if (this.#status === "over") return;
    this.#status = "over";
    this.#timers.clearAll();
    this.#life.abort();
    this.#tabs.close();
    this.#negotiation.stop();
    this.#signaling.close();
    this.peers.close();
    this.studio.close();
    this.#memory.leave(); // what can be gone on with, any tab may
    this.#owner.closed();
    this.#settle?.reject(new CaseyError("closed", "the interview was closed"));
    this.#settle = undefined;
    this.#set("over");
  }

  #set(status: Status, ahead?: number): void {
    this.#status = status;
    this.#owner.emit("status", { status, ...(ahead !== undefined && { ahead }) });
  }

  async #open(): Promise<void> {
    try {
      this.#set("microphone");
      await this.studio.open(this.#options.device);
      if (this.#status === "over") return; // closed meanwhile
      if (this.#options.record) this.studio.record(true);
      this.#set("connecting");
      if (!this.#options.resume) this.#memory.forget();
      this.#signaling.open();
      if (!this.#options.hello) this.#negotiation.pursue(this.#memory.ticket ? "resume" : "begin");
      this.#timers.every("look", LOOK_EVERY, () => this.#watch.look());
      this.#timers.every("levels", LEVELS_EVERY, () => this.#watch.levels());
    } catch (error) {
      if (this.#status === "over") return; // closed meanwhile
      this.#fail(error instanceof CaseyError ? error : unsupported(error));
    }
  }

  /** taken ends it here when another tab says that it goes on with this interview. */
  #taken(session: string): void {
    if (session !== this.#memory.ticket?.session) return;
    this.#memory.forget(); // the other tab has its own
    this.#owner.emit("bye", { reason: "another_tab", resumable: false });
    this.close();
  }

  #fail(error: CaseyError): void {
    const settle = this.#settle;
    this.#settle = undefined;
    this.close();
    this.#owner.emit("failed", error);
    settle?.reject(error);
  }

  #over(): void {
    this.#memory.forget();
    this.close();
  }

  #tell(event: PageEvent): boolean {
    const told = this.peers.current?.send(event) ?? false;
    if (told) this.#owner.emit("sent", event);
    return told;
  }

  #studioOwner(): StudioOwner {
    return {
      trouble: (error) => this.#owner.emit("trouble", error),
      voice: (stream) => this.#owner.emit("voice", { stream }),
      recorded: (recording) => this.#owner.emit("recording", recording),
      microphone: (track) => {
        void this.peers.current?.use(track);
        this.#owner.emit("microphone", { device: track.getSettings().deviceId ?? "", label: track.label });
      },
    };
  }

  #watchOwner(): WatchOwner {
    return {
      source: () => this.peers.heard?.source(),
      heard: (heard) => {
        this.#tell({ type: "heard", ...heard });
        this.#owner.emit("heard", heard);
      },
      played: (played) => void this.#tell({ type: "played", ...played }),
      viseme: (value) => this.#owner.emit("viseme", { value }),
      levels: (levels) => this.#owner.emit("levels", levels),
    };
  }

  #negotiationOwner(): NegotiationOwner {
    return {
      interview: this.#options.interview,
      ticket: () => this.#memory.ticket,
      newPeer: () => this.#newPeer(),
      current: () => this.peers.current,
      send: (message) => {
        const sent = this.#signaling.send(message);
        if (sent && message.type === "offer") this.#signaling.check();
        return sent;
      },
      exhausted: (aim, answered) => this.#exhausted(aim, answered),
      failed: (cause) => this.#fail(unsupported(cause)),
    };
  }

  #exhausted(aim: Aim, answered: boolean): void {
    if (aim === "move") return; // the old peer goes on until its worker says bye
    if (this.peers.current?.connected) return this.#stay();
    if (answered) return this.#fail(new CaseyError("media", "no connection for sound could be made"));
    if (aim === "begin" && !this.#reached) return this.#fail(new CaseyError("gateway", "casey cannot be reached"));
    if (aim === "begin") return this.#fail(new CaseyError("no_answer", "nobody answered"));
    this.#fail(new CaseyError("lost", "the connection was lost"));
  }

  #signalingOwner(): SignalingOwner {
    return {
      opened: () => this.#opened(),
      message: (message) => {
        this.#owner.emit("received", message);
        this.#message(message);
      },
      closed: (failures) => {
        if (this.peers.current || failures < OPENINGS) return;
        this.#fail(new CaseyError("gateway", "casey cannot be reached"));
      },
      sent: (message) => this.#owner.emit("sent", message),
    };
  }

  #opened(): void {
    const { ticket } = this.#memory;
    const { hello, interview } = this.#options;
    this.#reached = true;
    if (this.#negotiation.resend()) return;
    if (ticket || hello) this.#signaling.send({ type: "hello", ...ticket, ...(interview && { interview }) });
  }

  #message(message: ServerMessage | Lost): void {
    switch (message.type) {
      case "session":
        return this.#session(message);
      case "waiting":
        return this.#waiting(message.ahead);
      case "answer":
        return void this.#answer(message);
      case "ice":
        return this.#candidate(message);
      case "move":
        return this.#negotiation.pursue("move");
      case "bye":
        return this.#bye(message);
      case "rejected":
        return this.#rejected(message);
      case "error":
        this.#memory.forget();
        return this.#fail(new CaseyError(message.code, message.message));
      case "lost":
        return this.#negotiation.lost();
    }
  }

  #session(message: Extract<ServerMessage, { type: "session" }>): void {
    this.#memory.keep(message);
    if (message.iceServers?.length) this.#options = { iceServers: message.iceServers, ...this.#options };
    if (!this.peers.current && !this.#negotiation.active) this.#negotiation.pursue("begin");
  }

  #waiting(ahead: number): void {
    this.#negotiation.waiting();
    this.#signaling.pingEvery(PING_WAITING);
    if (!this.peers.current) this.#set("waiting", ahead);
  }

  async #answer(message: Extract<ServerMessage, { type: "answer" }>): Promise<void> {
    if (!(await this.#negotiation.accept(message.peer, message.sdp))) return;
    this.#signaling.pingEvery(PING);
    if (this.#status === "waiting") this.#set("connecting");
    if (this.peers.current?.connected) this.#restored(); // the old path carries until the new one does
  }

  #candidate({ candidate, peer }: Extract<ServerMessage, { type: "ice" }>): void {
    const its = [this.#negotiation.peer, this.peers.current].find((p) => p?.name === peer);
    void its?.add(candidate);
  }

  #bye(message: Extract<ServerMessage, { type: "bye" }>): void {
    if (message.resumable && message.reason !== "left" && this.peers.current && this.#status !== "ending") {
      return this.#negotiation.active ? undefined : this.restore("resume"); // it goes on elsewhere
    }
    if (!message.resumable) this.#memory.forget();
    this.#owner.emit("bye", message);
    this.close();
  }

  #rejected(message: Extract<ServerMessage, { type: "rejected" }>): void {
    this.#owner.emit("rejected", message);
    if (message.of !== "offer") return;
    const { active: aim, want } = this.#negotiation;
    const { current } = this.peers;
    const connected = current?.connected ?? false;
    switch (judge(message.code, { aim, want, runs: current !== undefined, connected })) {
      case "wait":
        return this.#negotiation.wait();
      case "next":
        return this.#negotiation.again();
      case "stay":
        return this.#stay();
      case "anew":
        return this.#anew(message.message);
      case "fail":
        return this.#fail(new CaseyError(message.code, message.message));
    }
  }

  /** anew begins another interview: the one that was to be gone on with is over. */
  #anew(why: string): void {
    this.#memory.forget();
    this.#owner.emit("trouble", new CaseyError("anew", why));
    this.#negotiation.pursue("begin");
  }

  /** stay goes on with what is connected. */
  #stay(): void {
    this.#negotiation.stop();
    this.#restored();
  }

  #newPeer(): Peer {
    const { track, stream } = this.studio.input!;
    const { iceServers = [], transport } = this.#options;
    return new Peer({ track, stream, iceServers, transport }, this.#peerOwner());
  }

  #peerOwner(): PeerOwner {
    return {
      ready: (peer) => this.#ready(peer),
      event: (peer, event) => this.#event(peer, event),
      candidate: (peer, candidate) => void this.#signaling.send({ type: "ice", candidate, peer: peer.name }),
      connection: (peer, state) => this.#connection(peer, state),
      silent: (peer) => this.#silent(peer),
    };
  }

  /** ready makes a peer the current one. */
  #ready(peer: Peer): void {
    const moving = this.#negotiation.active === "move";
    this.#negotiation.done();
    const again = this.peers.current !== undefined;
    this.peers.promote(peer, moving);
    if (again) this.#tell({ type: "take" });
    this.#set("live");
    if (this.muted) this.#tell({ type: "muted", on: true });
    if (this.#memory.ticket) this.#tabs.took(this.#memory.ticket.session);
    this.#settle?.resolve();
    this.#settle = undefined;
  }

  #connection(peer: Peer, state: RTCPeerConnectionState): void {
    if (peer !== this.peers.current) return this.#otherConnection(peer, state);
    if (state === "connected") return this.#restored();
    if (this.#status === "ending") return this.#over();
    const patience = PATIENCE[state];
    if (patience) this.#timers.after("stutter", patience, () => !this.#restoring && this.restore("restart"));
  }

  /** otherConnection takes the state of a peer that is offered, or that is left after a move. */
  #otherConnection(peer: Peer, state: RTCPeerConnectionState): void {
    if (peer === this.peers.heard && (state === "failed" || state === "closed")) this.peers.release();
    if (peer === this.#negotiation.peer && state === "failed") this.#negotiation.again();
  }

  /**
   * silent is when a peer's data channel is closed: its connection, if that
   * lives, carries nothing that can be trusted. A bye may be under way.
   */
  #silent(peer: Peer): void {
    const { current, heard } = this.peers;
    if (peer !== current) return peer === heard ? this.peers.release() : undefined;
    this.#timers.after("silent", SILENT_LIMIT, () => {
      if (peer === this.peers.current && !this.#restoring) this.restore(peer.alive ? "resume" : "restart");
    });
  }

  get #restoring(): boolean {
    const { active } = this.#negotiation;
    return active === "restart" || active === "resume";
  }

  /** restored: the current peer is connected, by itself or after a restart. */
  #restored(): void {
    this.#timers.clear("stutter");
    if (!this.peers.current?.connected) return;
    const negotiation = this.#negotiation;
    if (negotiation.active === "restart" && negotiation.peer === this.peers.current) negotiation.done();
    if (this.#status === "restoring" && !negotiation.active) this.#set("live");
  }

  #event(peer: Peer, event: WorkerEvent): void {
    const { current, heard } = this.peers;
    if (peer !== current && peer !== heard) return;
    if (peer === current) this.peers.release(); // the new worker has it now
    this.#watch.take(event);
    this.#owner.emit(event.type, event as never);
  }
}
