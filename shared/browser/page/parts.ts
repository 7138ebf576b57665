import { find } from "./dom.js";

export type View = "welcome" | "talk" | "over" | "trouble" | "past";

/** Part is the id of an element that comes and goes. */
type Part = "welcome" | "after" | "progress" | "trouble" | "captions" | "controls" | Filled;

/** Filled is one that is there only once there is something in it. */
export type Filled = "phase" | "clock" | "exhibit" | "report" | "files" | "heard-row" | "latency";

/** The parts that each view shows. */
const shown: Record<View, readonly Part[]> = {
  welcome: ["welcome"],
  talk: ["phase", "clock", "exhibit", "report", "captions", "controls", "heard-row", "latency"],
  over: ["exhibit", "after", "files", "report", "captions"],
  trouble: ["exhibit", "report", "trouble"],
  past: ["progress"],
};

const filled: readonly Filled[] = ["phase", "clock", "exhibit", "report", "files", "heard-row", "latency"];
const all: readonly Part[] = ["welcome", "after", "progress", "trouble", "captions", "controls", ...filled];

/** visible are the parts of a view; `full` are those in which there is something. */
export function visible(view: View, full: ReadonlySet<string>): Part[] {
  return shown[view].filter((part) => full.has(part) || !(filled as readonly string[]).includes(part));
}

/** Parts shows of the page what belongs to the view. */
export class Parts {
  #view: View = "welcome";
  readonly #full = new Set<string>();

  /** view changes to another one. */
  view(view: View): void {
    this.#view = view;
    document.body.dataset.view = view;
    this.#show();
  }

  /** fill says that there is something in a part from now on. */
  fill(part: Filled): void {
    if (this.#full.has(part)) return;
    this.#full.add(part);
    this.#show();
  }

  /** empty says that there is nothing in any of them. */
  empty(): void {
    this.#full.clear();
    this.#show();
  }

  #show(): void {
    const now = visible(this.#view, this.#full);
    for (const part of all) find(`#${part}`).hidden = !now.includes(part);
  }
}
