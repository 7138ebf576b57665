import type { Report } from "../src/index.js";
import type { Line } from "./transcript.js";

/** Entry is one interview as the browser keeps it: what was said and the feedback, without sound. */
export interface Entry {
  /** the session's */
  id: string;
  /** when it began, in ms since 1970 */
  at: number;
  /** as the server was asked for it, NAME or NAME.LEVEL; empty for its own choice */
  interview: string;
  title: string;
  /** the interviewer's name */
  name: string;
  lines: Line[];
  report?: Report;
}

/** readable says whether something kept is an Entry as this page writes it. */
export function readable(kept: unknown): kept is Entry {
  const { id, at, interview, title, name, lines } = (kept ?? {}) as Partial<Entry>;
  const texts = [id, interview, title, name].every((text) => typeof text === "string");
  return texts && Number.isFinite(at) && Array.isArray(lines);
}
