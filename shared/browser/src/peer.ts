import { carries, keepTransport, type Transport } from "./candidates.js";
import { type Job, type PageEvent, parseEvent, type WorkerEvent } from "./events.js";
import type { Description, ICECandidate } from "./messages.js";

/** What a peer connection tells its owner. */
export interface PeerOwner {
  /** the data channel is open: the worker is there */
  ready(peer: Peer): void;
  event(peer: Peer, event: WorkerEvent): void;
  candidate(peer: Peer, candidate: ICECandidate | null): void;
  connection(peer: Peer, state: RTCPeerConnectionState): void;
  /** the data channel is closed, though the connection may live */
  silent(peer: Peer): void;
}

export interface PeerOptions {
  track: MediaStreamTrack;
  stream: MediaStream;
  iceServers: RTCIceServer[];
  transport: Transport | undefined;
  /** is the first event; the worker waits for it */
  job?: Job | undefined;
}

/** Peer is one WebRTC connection to a worker: microphone, voice and data channel. */
export class Peer {
  /** name of this connection in signaling */
  readonly name = `p-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`.slice(0, 32);
  readonly voice = new MediaStream();

  readonly #connection: RTCPeerConnection;
  readonly #channel: RTCDataChannel;
  readonly #sender: RTCRtpSender;
  readonly #transport: Transport | undefined;
  #offer: Description | undefined;
  #own: (ICECandidate | null)[] = [];
  #theirs: ICECandidate[] = [];
  #described = false;

  constructor(options: PeerOptions, owner: PeerOwner) {
    this.#transport = options.transport;
    this.#connection = new RTCPeerConnection({ iceServers: options.iceServers, bundlePolicy: "max-bundle" });
    this.#sender = this.#connection.addTransceiver(options.track, {
      direction: "sendrecv",
      streams: [options.stream],
    }).sender;
    const { job } = options;
    const protocol = job ? "casey.v1+job" : "casey.v1";
    this.#channel = this.#connection.createDataChannel("casey", { protocol, ordered: true });
    this.#connection.ontrack = (event) => this.voice.addTrack(event.track);
    this.#connection.onicecandidate = (event) => this.#gathered(event.candidate, owner);
    this.#connection.onconnectionstatechange = () => owner.connection(this, this.#connection.connectionState);
    this.#channel.onopen = () => {
      if (job) this.send({ type: "job", ...job });
      owner.ready(this);
    };
    this.#channel.onclose = () => owner.silent(this);
    this.#channel.onmessage = (message) => {
      const event = parseEvent(message.data);
      if (event) owner.event(this, event);
    };
  }

  /** alive says whether the connection is, whatever its data channel is. */
  get alive(): boolean {
    return this.#connection.connectionState === "connected";
  }

  /** connected says whether sound and events pass. */
  get connected(): boolean {
    return this.alive && this.#channel.readyState === "open";
  }

  /** offer is what was offered last; sent again, it is the same to the letter. */
  get offer(): Description | undefined {
    return this.#offer;
  }

  /** candidates are those of the last offer that were found so far; null is their end. */
  get candidates(): readonly (ICECandidate | null)[] {
    return this.#own;
  }

  /** describe makes the offer; with restart, one that connects the same peer anew. */
  async describe(restart: boolean): Promise<void> {
    this.#own = [];
    this.#offer = undefined;
    this.#described = false;
    const offer = await this.#connection.createOffer({ iceRestart: restart });
    await this.#connection.setLocalDescription(offer);
    this.#offer = { type: "offer", sdp: keepTransport(offer.sdp ?? "", this.#transport) };
  }

  /** accept takes the worker's answer; an answer that comes twice is taken once. */
  async accept(answer: Description): Promise<void> {
    if (this.#connection.signalingState !== "have-local-offer") return;
    await this.#connection.setRemoteDescription({ type: "answer", sdp: keepTransport(answer.sdp, this.#transport) });
    this.#described = true;
    for (const candidate of this.#theirs.splice(0)) await this.#add(candidate);
  }

  /** add takes a candidate of the worker, which may come before its answer. */
  async add(candidate: ICECandidate): Promise<void> {
    if (this.#described) await this.#add(candidate);
    else this.#theirs.push(candidate);
  }

  /** send returns false when the data channel is not open, or takes no more. */
  send(event: PageEvent): boolean {
    if (this.#channel.readyState !== "open") return false;
    try {
      this.#channel.send(JSON.stringify(event));
      return true;
    } catch {
      return false; // more waits in it than the browser keeps
    }
  }

  /** use sends another microphone from now on. */
  async use(track: MediaStreamTrack): Promise<void> {
    await this.#sender.replaceTrack(track).catch(() => undefined); // it is closed
  }

  /** source is the packet that the browser played last. */
  source(): RTCRtpSynchronizationSource | undefined {
    return this.#connection.getReceivers()[0]?.getSynchronizationSources()[0];
  }

  /** stats are the browser's own measurements of this connection. */
  stats(): Promise<RTCStatsReport> {
    return this.#connection.getStats();
  }

  close(): void {
    const c = this.#connection;
    c.ontrack = c.onicecandidate = c.onconnectionstatechange = null;
    this.#channel.onopen = this.#channel.onclose = this.#channel.onmessage = null;
    c.close();
  }

  #gathered(found: RTCIceCandidate | null, owner: PeerOwner): void {
    const candidate = found && (found.toJSON() as ICECandidate);
    if (candidate && !carries(candidate.candidate, this.#transport)) return;
    this.#own.push(candidate);
    owner.candidate(this, candidate);
  }

  async #add(candidate: ICECandidate): Promise<void> {
    if (!carries(candidate.candidate, this.#transport)) return;
    await this.#connection.addIceCandidate(candidate).catch(() => undefined); // one that is useless is no reason to stop
  }
}
