import type { Want } from "./messages.js";
import plan from "./retry.json" with { type: "json" };

/** Why an offer is made. */
export type Aim = "begin" | "resume" | "restart" | "move";

/** Step is one try to be answered: what to want, and how long to wait for the answer, in ms. */
export interface Step {
  want?: Want;
  /** a new peer connection, or the offer that was sent already */
  peer: "same" | "new";
  wait: number;
}

/**
 * The tries of every aim, in order. A new interview repeats its offer, which is
 * answered the same. One that ran wants its own worker for 2 s, then any other,
 * for two minutes: a tunnel, a worker that takes long to be replaced.
 */
const offers = plan.offers as Record<Aim, Step[]>;

/** step returns the try number `attempt` (from 0), or undefined when it is time to give up. */
export function step(aim: Aim, attempt: number): Step | undefined {
  return offers[aim][attempt];
}

/** How long an answered peer may take until its data channel is open, in ms. */
export const MEDIA_LIMIT = plan.media;

/**
 * How long a connection may be disconnected, or have failed, until it is
 * restored, in ms: the word that the interview is over may be under way.
 */
export const PATIENCE: Partial<Record<RTCPeerConnectionState, number>> = {
  disconnected: plan.disconnected,
  failed: plan.failed,
};

/**
 * How long a connection may live without its data channel until it is replaced,
 * in ms: a worker that ends an interview closes both before it says bye.
 */
export const SILENT_LIMIT = plan.silent;

/**
 * For how long the old peer is heard after a move, in ms: its worker ends its sentence,
 * or waits for the candidate to end theirs.
 */
export const LEAVING = plan.leaving;

/**
 * reopenIn says in how many ms to open the WebSocket again after it was closed
 * `failures` times in a row.
 */
export function reopenIn(failures: number): number {
  return Math.min(plan.reopen.longest, plan.reopen.first * 2 ** Math.min(failures - 1, 10));
}

/**
 * OPENINGS is how often in a row the WebSocket may fail before an interview that has
 * not begun is given up.
 */
export const OPENINGS = 4;

/** Times of the WebSocket, in ms. */
export const PING = 25000;
export const PING_WAITING = 5000;
export const OPEN_LIMIT = 8000; // until it is open
export const PONG_LIMIT = 2000; // until a ping is answered by anything
