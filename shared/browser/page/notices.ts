import { find } from "./dom.js";

/** How long a notice stays, in ms. */
const STAY = 6000;

/**
 * Notices shows one sentence at a time over the page. Its place is there always: of one that
 * was hidden until its text came some screen readers say nothing.
 */
export class Notices {
  readonly #place = find("#notice");
  #timer = 0;

  /** say shows a sentence for a while. */
  say(text: string): void {
    this.hold(text);
    this.#timer = window.setTimeout(() => this.hide(), STAY);
  }

  /** hold shows a sentence until it is hidden, or another is shown. */
  hold(text: string): void {
    clearTimeout(this.#timer);
    this.#place.textContent = text;
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#place.textContent = "";
  }
}
