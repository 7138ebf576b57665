import type { Want } from "./messages.js";

/** Step is one try to be answered: what to want, and how long to wait for the answer, in ms. */
export interface Step {
  want: Want | undefined;
  /** a new peer connection, or the offer that was sent already */
  peer: "same" | "new";
  wait: number;
}

/** Why an offer is made. */
export type Aim = "begin" | "resume" | "restart" | "move";

/** For two minutes: a tunnel, a worker that takes long to be replaced. */
const patient = [2000, 4000, 6000, 10000, 14000, 14000, 14000, 14000, 14000, 14000, 14000];
const waits = { begin: [2000, 3000, 5000, 8000, 12000], resume: patient, restart: patient, move: [4000, 6000] };

/**
 * step returns the try number `attempt` (from 0), or undefined when it is time
 * to give up. A new interview repeats its offer, which is answered the same. One
 * that ran wants its own worker for 2 s, then any other.
 */
export function step(aim: Aim, attempt: number): Step | undefined {
  const wait = waits[aim][attempt];
  if (wait === undefined) return undefined;
  if (aim === "begin") return { want: undefined, peer: attempt ? "same" : "new", wait };
  if (aim === "move" || attempt > 0) return { want: "elsewhere", peer: "new", wait };
  return aim === "restart" ? { want: "restart", peer: "same", wait } : { want: "fresh", peer: "new", wait };
}

/** reopenIn says when to open the WebSocket again after it was closed `failures` times in a row. */
export function reopenIn(failures: number): number {
  return Math.min(15000, 500 * 2 ** Math.min(failures, 10));
}

/** OPENINGS is how often in a row the WebSocket may fail before an interview that has not begun is given up. */
export const OPENINGS = 4;

/** Times of the WebSocket, in ms. */
export const PING = 25000;
export const PING_WAITING = 5000;
