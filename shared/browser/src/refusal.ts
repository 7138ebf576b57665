import type { Aim, Step } from "./retry.js";

/** Pursuit is what was pursued with the offer that was refused. */
export interface Pursuit {
  aim: Aim | undefined;
  want: Step["want"];
  /** there was a peer before this one: the interview runs */
  runs: boolean;
  /** and that one is connected still */
  connected: boolean;
}

/** Verdict is what to do about a refusal. */
export type Verdict =
  | "wait" // for the time of the try; then make the next one
  | "next" // make the next try now
  | "stay" // with what is connected
  | "anew" // begin another interview: the one of before is over
  | "fail";

/** The codes of refusals that may pass: the same offer may be taken a little later. */
const passing = ["internal", "unavailable", "lost", "too_many", "full"];

/** judge says what to do about an offer that was refused with a code. */
export function judge(code: string, { aim, want, runs, connected }: Pursuit): Verdict {
  if (runs && code === "forbidden") return connected ? "stay" : "fail";
  if (code === "lost" && (want === "restart" || want === "fresh")) return "next"; // its worker is gone
  if (runs || passing.includes(code)) return "wait";
  return aim === "resume" ? "anew" : "fail";
}
