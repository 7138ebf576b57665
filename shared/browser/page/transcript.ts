import type { CaptionEvent } from "../src/index.js";

/** Line is one turn as it was heard. Times are those of this page, in ms; absent where it did not hear it itself. */
export interface Line {
  turn: number;
  role: "candidate" | "interviewer";
  text: string;
  from?: number;
  to?: number;
}

/** How long after it began somebody's speech is first seen as text, in ms. */
const RECOGNISED = { candidate: 1200, interviewer: 0 };

/** Transcript is what was said, turn by turn, and when it was heard here. */
export class Transcript {
  readonly #lines = new Map<number, Line>();
  readonly #utterances = new Map<number, Map<number, string>>();

  /** take takes a caption that came at a time of this page. */
  take({ turn = 0, role, text, final, utterance = 0 }: CaptionEvent, now: number): void {
    if (!turn) return;
    const line = this.#lines.get(turn) ?? { turn, role, text: "", from: now - RECOGNISED[role] };
    if (!final || line.to === undefined || role === "interviewer") line.to = now;
    const said = utterance ? (this.#utterances.get(turn) ?? new Map<number, string>()) : new Map<number, string>();
    this.#utterances.set(turn, said.set(utterance, text)); // without an utterance it is the whole turn
    line.text = [...said.values()].join(" ");
    this.#lines.set(turn, line);
  }

  /** lines are the turns in which anything was said, in order. */
  get lines(): Line[] {
    return [...this.#lines.values()].filter((line) => line.text.trim()).sort((a, b) => a.turn - b.turn);
  }

  /** restore takes the turns of an interview that another page heard, but for those that this one did. */
  restore(lines: Line[]): void {
    for (const line of lines) if (!this.#lines.has(line.turn)) this.#lines.set(line.turn, line);
  }

  clear(): void {
    this.#lines.clear();
    this.#utterances.clear();
  }

  /** when words of a turn were heard here; the beginning of the turn where they are not found. */
  when(turn: number, words = ""): number | undefined {
    const line = this.#lines.get(turn);
    if (line?.from === undefined) return undefined;
    const all = plain(line.text);
    const at = Math.max(0, all.indexOf(plain(words)));
    return line.from + ((line.to ?? line.from) - line.from) * (at / Math.max(1, all.length));
  }
}

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}' ]/gu, "");
