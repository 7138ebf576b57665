import type { Ticket } from "./memory.js";
import type { ClientMessage, Description } from "./messages.js";
import type { Peer } from "./peer.js";
import { type Aim, MEDIA_LIMIT, type Step, step } from "./retry.js";
import { Timers } from "./timers.js";

/** What a negotiation needs of its owner. */
export interface NegotiationOwner {
  readonly interview: string | undefined;
  ticket(): Ticket | undefined;
  newPeer(): Peer;
  current(): Peer | undefined;
  /** false when the socket is not open; `resend` is called when it is */
  send(message: ClientMessage): boolean;
  /** no try is left: nobody answered, or an answer led to no media */
  exhausted(aim: Aim, answered: boolean): void;
  /** the browser did not make the offer, and would make no other */
  failed(cause: unknown): void;
}

/**
 * The try of a new interview from which no other follows one that was answered and led
 * to no media.
 */
const LAST_MEDIA = 4;

/** Repeats of an offer that the gateway said it lost. */
const REPEATS = 5;

/** Negotiation brings one peer connection about, by as many offers as its aim allows. */
export class Negotiation {
  readonly #owner: NegotiationOwner;
  readonly #timers = new Timers();
  #aim: Aim = "begin";
  #attempt = 0;
  #repeats = 0;
  #step: Step | undefined;
  #peer: Peer | undefined;
  #answered = false;

  constructor(owner: NegotiationOwner) {
    this.#owner = owner;
  }

  /** active is the aim that is being pursued. */
  get active(): Aim | undefined {
    return this.#step && this.#aim;
  }

  /** want is what the try asks for. */
  get want(): Step["want"] {
    return this.#step?.want;
  }

  /** peer is the one that was offered and is not ready yet. */
  get peer(): Peer | undefined {
    return this.#peer;
  }

  /** pursue begins anew with an aim, or goes on if it is pursued already. */
  pursue(aim: Aim): void {
    if (this.active === aim) return;
    this.stop();
    this.#aim = aim;
    this.#attempt = 0;
    this.#try();
  }

  /** again makes the next try now. */
  again(): void {
    if (!this.#step) return;
    this.#attempt = this.#answered ? Math.max(this.#attempt + 1, LAST_MEDIA) : this.#attempt + 1;
    this.#try();
  }

  /**
   * resend sends the offer and its candidates once more, as after the socket was
   * opened again, and says whether there is one that waits for its answer.
   */
  resend(): boolean {
    if (!this.#step || this.#answered) return false;
    if (this.#peer?.offer) this.#send(this.#peer, this.#peer.offer);
    return true;
  }

  /**
   * wait makes the next try when the time of this one is over, also where a place in
   * the queue has stopped the clock.
   */
  wait(): void {
    if (!this.#step || this.#answered || this.#timers.has("answer")) return;
    this.#timers.after("answer", this.#step.wait, () => this.again());
  }

  /** lost repeats the offer after the gateway said that it lost a message. */
  lost(): void {
    if (this.#answered || this.#repeats >= REPEATS) return;
    this.#timers.after("repeat", 200 * 2 ** this.#repeats++, () => void this.resend());
  }

  /** waiting stops the clock: a place in the queue is an answer for now. */
  waiting(): void {
    this.#timers.clear("answer");
  }

  /** accept takes the answer if it belongs to the offer, and says whether it did. */
  async accept(name: string, answer: Description): Promise<boolean> {
    const peer = this.#peer;
    if (!peer || peer.name !== name) return false;
    this.#answered = true;
    this.#timers.clear("answer");
    this.#timers.after("media", MEDIA_LIMIT, () => this.again());
    await peer.accept(answer).catch(() => this.#timers.after("media", this.#step?.wait ?? 0, () => this.again()));
    return true;
  }

  /** done ends the negotiation: the peer is connected and no longer this one's to close. */
  done(): void {
    this.#timers.clearAll();
    this.#step = undefined;
    this.#peer = undefined;
  }

  /** stop gives it up, and the peer that was not ready. */
  stop(): void {
    if (this.#peer !== this.#owner.current()) this.#peer?.close();
    this.done();
  }

  #try(): void {
    const now = step(this.#aim, this.#attempt);
    if (!now) return this.#giveUp();
    this.#timers.clearAll();
    this.#step = now;
    void this.#offer(now).catch((cause) => this.#threw(now, cause));
  }

  async #offer(now: Step): Promise<void> {
    const next = this.#choose(now);
    const fresh = next !== this.#peer;
    if (fresh && this.#peer !== this.#owner.current()) this.#peer?.close();
    this.#peer = next;
    this.#answered = false;
    if (now.want) this.#repeats = 0;
    if (fresh || now.want === "restart") await next.describe(now.want === "restart");
    if (this.#step !== now) return;
    this.resend();
    this.#timers.after("answer", now.wait, () => this.again());
  }

  /**
   * threw is when the browser did not make an offer: the next may do, where there is an
   * interview to be restored.
   */
  #threw(now: Step, cause: unknown): void {
    if (this.#step !== now) return; // it was closed meanwhile
    if (this.#owner.current()) return this.#timers.after("answer", now.wait, () => this.again());
    this.stop();
    this.#owner.failed(cause);
  }

  #choose(now: Step): Peer {
    if (now.peer === "new" || (this.#answered && !now.want)) return this.#owner.newPeer();
    return (now.want === "restart" ? this.#owner.current() : this.#peer) ?? this.#owner.newPeer();
  }

  #giveUp(): void {
    const answered = this.#answered;
    this.stop();
    this.#owner.exhausted(this.#aim, answered);
  }

  #send(peer: Peer, sdp: Description): void {
    const interview = this.#owner.interview;
    const ticket = this.#owner.ticket();
    this.#owner.send({
      type: "offer",
      sdp,
      peer: peer.name,
      ...ticket,
      ...(this.#step?.want && { want: this.#step.want }),
      ...(interview && { interview }),
    });
    for (const candidate of peer.candidates) this.#owner.send({ type: "ice", candidate, peer: peer.name });
  }
}
