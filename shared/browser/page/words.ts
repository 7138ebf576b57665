import type { CaseyError, Doing, Status } from "../src/index.js";
import { decimal, texts } from "./texts.js";

/** Words say what went wrong and what a person can do about it. */
export interface Words {
  title: string;
  text: string;
  remedy: string;
}

/**
 * troubleWords returns the words for an error; a code that is unknown gets the server's
 * own sentence.
 */
export function troubleWords(error: Pick<CaseyError, "code" | "message">, name: string): Words {
  const known: Record<string, Words> = texts.troubles;
  const { title, text, remedy } = known[error.code] ?? { ...texts.trouble, text: sentence(error.message) };
  return { title: title.replace("{name}", name), text: text.replace("{name}", name), remedy };
}

function sentence(text: string): string {
  const trimmed = text.trim() || texts.trouble.text;
  return trimmed[0]!.toUpperCase() + trimmed.slice(1) + (/[.!?]$/.test(trimmed) ? "" : ".");
}

/** statusWords says where the interview stands; undefined while it is live. */
export function statusWords(status: Status, ahead = 0): string | undefined {
  if (status === "live") return undefined;
  if (status === "waiting") return ahead === 0 ? texts.status.next : texts.status.ahead(ahead);
  return texts.status[status];
}

/**
 * doingWords says what the interviewer does; to somebody muted, or whose microphone is
 * lost, it does not listen.
 */
export function doingWords(doing: Doing, muted: boolean, lost: boolean, name: string): string {
  if (doing === "listening" && lost) return texts.deaf(name);
  if (doing === "listening" && muted) return texts.muted;
  return texts.doing[doing] ?? doing;
}

/** byeWords says why it is over. */
export function byeWords(reason: string, resumable: boolean): string {
  if (reason === "lost" && resumable) return texts.lostForNow;
  const known: Record<string, string> = texts.endings;
  return known[reason] ?? (resumable ? texts.endings.left : texts.status.over);
}

/** afterWords is the headline when an interview is over here, or waits to be gone on with. */
export function afterWords(resumable: boolean, reason = "", name = "Casey"): string {
  if (reason === "another_tab") return texts.after.elsewhere;
  return resumable ? texts.after.waits(name) : texts.after.over(name);
}

/** latencyWords says how long the last reply took. */
export const latencyWords = (ms: number): string => texts.latency(decimal(Math.round(ms / 100) / 10, 1));

/** leftWords says how much time is left, in whole minutes. */
export function leftWords(ms: number): string {
  const minutes = Math.round(ms / 60000);
  if (ms <= 0) return texts.left.up;
  return minutes < 1 ? texts.left.little : texts.left.minutes(minutes);
}
