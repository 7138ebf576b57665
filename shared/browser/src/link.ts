import type { CaseyEvents, ConnectOptions, Status } from "./api.js";
import type { Job, PageEvent, WorkerEvent } from "./events.js";
import { CaseyError, unsupported } from "./fault.js";
import type { Memory } from "./memory.js";
import type { Lost, ServerMessage } from "./messages.js";
import { Negotiation, type NegotiationOwner } from "./negotiation.js";
import { Peer, type PeerOwner } from "./peer.js";
import { Peers } from "./peers.js";
import { judge } from "./refusal.js";
import { type Aim, OPENINGS, PATIENCE, PING, PING_WAITING, SILENT_LIMIT } from "./retry.js";
import { Signaling, type SignalingOwner } from "./signaling.js";
import { Timers } from "./timers.js";

/** The codes with which a job is refused, so that it is of no use to send it again. */
const REFUSALS = ["too_late", "too_large", "malformed"];

/** What a link needs of its owner, and tells it. */
export interface LinkOwner {
  readonly status: Status;
  set(status: Status, ahead?: number): void;
  emit<Name extends keyof CaseyEvents>(name: Name, event: CaseyEvents[Name]): void;
  /** the microphone that is open */
  microphone(): { track: MediaStreamTrack; stream: MediaStream };
  /** this voice is to be heard from now on */
  hear(voice: MediaStream): void;
  /** what the worker that is heard tells */
  event(event: WorkerEvent): void;
  /** a worker is there, for the first time or another one */
  ready(): void;
  /** the interview is over: because of this, for good, or to be gone on with */
  fail(error: CaseyError): void;
  over(): void;
  close(): void;
}

/**
 * Link is the way to the interviewer: the socket, the offers and the peer
 * connections that they lead to, restored whatever of it breaks.
 */
export class Link {
  readonly #owner: LinkOwner;
  readonly #memory: Memory;
  readonly #timers = new Timers();
  readonly #peers: Peers;
  readonly #negotiation: Negotiation;
  readonly #signaling: Signaling;
  #options: ConnectOptions;
  #job: Job | undefined; // yet to be told, or to be kept
  #reached = false; // a socket was open once

  constructor(address: string, options: ConnectOptions, memory: Memory, owner: LinkOwner) {
    this.#owner = owner;
    this.#memory = memory;
    this.#options = options;
    this.#job = options.job;
    this.#peers = new Peers((peer) => owner.hear(peer.voice));
    this.#negotiation = new Negotiation(this.#negotiationOwner());
    this.#signaling = new Signaling(address, this.#signalingOwner());
  }

  /** peer is the connection to the worker that has the interview. */
  get peer(): Peer | undefined {
    return this.#peers.current;
  }

  /** heard is the connection whose voice is played. */
  get heard(): Peer | undefined {
    return this.#peers.heard;
  }

  /** open begins an interview, or goes on with the one that is remembered. */
  open(): void {
    this.#signaling.open();
    if (!this.#options.hello) this.#negotiation.pursue(this.#memory.ticket ? "resume" : "begin");
  }

  /** check asks whether the server is there, as when the network is back. */
  check(): void {
    this.#signaling.check();
  }

  /** tell tells the worker, and says whether it could. */
  tell(event: PageEvent): boolean {
    const told = this.#peers.current?.send(event) ?? false;
    if (told) this.#owner.emit("sent", event);
    return told;
  }

  /** say tells the server that it is paused, or over. */
  say(type: "leave" | "end"): void {
    this.#signaling.send({ type });
  }

  /** use sends another microphone from now on, by whatever is connected or will be. */
  use(track: MediaStreamTrack): void {
    const { current, heard } = this.#peers;
    for (const peer of new Set([current, heard, this.#negotiation.peer])) void peer?.use(track);
  }

  /** restore connects anew: the same peer, or another one as a reloaded page does. */
  restore(aim: "restart" | "resume"): void {
    if (!this.#peers.current || this.#owner.status === "ending") return;
    this.#owner.set("restoring");
    this.#negotiation.pursue(aim);
  }

  close(): void {
    this.#timers.clearAll();
    this.#negotiation.stop();
    this.#signaling.close();
    this.#peers.close();
  }

  #negotiationOwner(): NegotiationOwner {
    return {
      interview: this.#options.interview,
      ticket: () => this.#memory.ticket,
      newPeer: () => this.#newPeer(),
      current: () => this.#peers.current,
      send: (message) => {
        const sent = this.#signaling.send(message);
        if (sent && message.type === "offer") this.#signaling.check();
        return sent;
      },
      exhausted: (aim, answered) => this.#exhausted(aim, answered),
      failed: (cause) => this.#owner.fail(unsupported(cause)),
    };
  }

  #exhausted(aim: Aim, answered: boolean): void {
    if (aim === "move") return; // the old peer goes on until its worker says bye
    if (this.#peers.current?.connected) return this.#stay();
    if (answered) return this.#owner.fail(new CaseyError("media", "no connection for sound could be made"));
    if (aim === "begin" && !this.#reached)
      return this.#owner.fail(new CaseyError("gateway", "casey cannot be reached"));
    if (aim === "begin") return this.#owner.fail(new CaseyError("no_answer", "nobody answered"));
    this.#owner.fail(new CaseyError("lost", "the connection was lost"));
  }

  #signalingOwner(): SignalingOwner {
    return {
      opened: () => this.#opened(),
      message: (message) => {
        this.#owner.emit("received", message);
        this.#message(message);
      },
      closed: (failures) => {
        if (this.#peers.current || failures < OPENINGS) return;
        this.#owner.fail(new CaseyError("gateway", "casey cannot be reached"));
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
        return this.#owner.fail(new CaseyError(message.code, message.message));
      case "lost":
        return this.#negotiation.lost();
    }
  }

  #session(message: Extract<ServerMessage, { type: "session" }>): void {
    this.#memory.keep(message);
    if (message.iceServers?.length) this.#options = { iceServers: message.iceServers, ...this.#options };
    if (!this.#peers.current && !this.#negotiation.active) this.#negotiation.pursue("begin");
  }

  #waiting(ahead: number): void {
    this.#negotiation.waiting();
    this.#signaling.pingEvery(PING_WAITING);
    if (!this.#peers.current) this.#owner.set("waiting", ahead);
  }

  async #answer(message: Extract<ServerMessage, { type: "answer" }>): Promise<void> {
    if (!(await this.#negotiation.accept(message.peer, message.sdp))) return;
    this.#signaling.pingEvery(PING);
    if (this.#owner.status === "waiting") this.#owner.set("connecting");
    if (this.#peers.current?.connected) this.#restored(); // the old path carries until the new one does
  }

  #candidate({ candidate, peer }: Extract<ServerMessage, { type: "ice" }>): void {
    const its = [this.#negotiation.peer, this.#peers.current].find((p) => p?.name === peer);
    void its?.add(candidate);
  }

  #bye(message: Extract<ServerMessage, { type: "bye" }>): void {
    if (message.resumable && message.reason !== "left" && this.#peers.current && this.#owner.status !== "ending") {
      return this.#negotiation.active ? undefined : this.restore("resume"); // it goes on elsewhere
    }
    if (!message.resumable) this.#memory.conclude();
    this.#owner.emit("bye", message);
    this.#owner.close();
  }

  #rejected(message: Extract<ServerMessage, { type: "rejected" }>): void {
    this.#owner.emit("rejected", message);
    if (message.of !== "offer") return;
    const { active: aim, want } = this.#negotiation;
    const { current } = this.#peers;
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
        return this.#owner.fail(new CaseyError(message.code, message.message));
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
    const { track, stream } = this.#owner.microphone();
    const { iceServers = [], transport } = this.#options;
    return new Peer({ track, stream, iceServers, transport, job: this.#job }, this.#peerOwner());
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
    const again = this.#peers.current !== undefined;
    this.#peers.promote(peer, moving);
    if (again) this.tell({ type: "take" });
    this.#owner.ready();
  }

  #connection(peer: Peer, state: RTCPeerConnectionState): void {
    if (peer !== this.#peers.current) return this.#otherConnection(peer, state);
    if (state === "connected") return this.#restored();
    if (this.#owner.status === "ending") return this.#owner.over();
    const patience = PATIENCE[state];
    if (patience) this.#timers.after("stutter", patience, () => !this.#restoring && this.restore("restart"));
  }

  /** otherConnection takes the state of a peer that is offered, or that is left after a move. */
  #otherConnection(peer: Peer, state: RTCPeerConnectionState): void {
    if (peer === this.#peers.heard && (state === "failed" || state === "closed")) this.#peers.release();
    if (peer === this.#negotiation.peer && state === "failed") this.#negotiation.again();
  }

  /**
   * silent is when a peer's data channel is closed: its connection, if that
   * lives, carries nothing that can be trusted. A bye may be under way.
   */
  #silent(peer: Peer): void {
    const { current, heard } = this.#peers;
    if (peer !== current) return peer === heard ? this.#peers.release() : undefined;
    this.#timers.after("silent", SILENT_LIMIT, () => {
      if (peer === this.#peers.current && !this.#restoring) this.restore(peer.alive ? "resume" : "restart");
    });
  }

  get #restoring(): boolean {
    const { active } = this.#negotiation;
    return active === "restart" || active === "resume";
  }

  /** restored: the current peer is connected, by itself or after a restart. */
  #restored(): void {
    this.#timers.clear("stutter");
    if (!this.#peers.current?.connected) return;
    const negotiation = this.#negotiation;
    if (negotiation.active === "restart" && negotiation.peer === this.#peers.current) negotiation.done();
    if (this.#owner.status === "restoring" && !negotiation.active) this.#owner.set("live");
  }

  #event(peer: Peer, event: WorkerEvent): void {
    const { current, heard } = this.#peers;
    if (peer !== current && peer !== heard) return;
    if (peer === current) this.#peers.release(); // the new worker has it now
    if (event.type === "kept" || (event.type === "notice" && REFUSALS.includes(event.code))) this.#job = undefined;
    this.#owner.event(event);
  }
}
