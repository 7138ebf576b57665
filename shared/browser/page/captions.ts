import type { CaptionEvent } from "../src/index.js";
import { texts } from "./texts.js";

interface Said {
  block: HTMLElement;
  text: HTMLElement;
  parts: Map<number, Part>;
}

interface Part {
  span: HTMLElement;
  words: { at: number; span: HTMLElement }[];
  cut: number;
}

/** Captions shows what both said, and which word of the interviewer is heard now. */
export class Captions {
  /** the interviewer's */
  name = "";

  readonly #list: HTMLElement;
  #said = new Map<string, Said>();

  constructor(list: HTMLElement) {
    this.#list = list;
    new ResizeObserver(() => this.#end()).observe(list);
  }

  clear(): void {
    this.#said.clear();
    this.#list.replaceChildren();
  }

  show(event: CaptionEvent): void {
    const near = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < 120;
    const said = this.#block(event);
    const id = event.utterance ?? 0;
    if (!id && !said.parts.has(0)) {
      said.block.classList.toggle("cut", ([...said.parts.values()].at(-1)?.cut ?? Infinity) !== Infinity);
      said.parts.clear(); // without an utterance it is the whole turn, as it was heard
      said.text.replaceChildren();
    }
    const part = said.parts.get(id) ?? { span: document.createElement("span"), words: [], cut: Infinity };
    if (!said.parts.has(id)) said.text.append(said.parts.size ? " " : "", part.span);
    said.parts.set(id, part);
    const open = event.role === "candidate" && !event.final;
    said.block.classList.toggle("open", open);
    said.block.setAttribute("aria-live", open ? "off" : "polite"); // what may change yet is not read aloud
    this.#write(part, event);
    hideIfEmpty(said);
    if (near) this.#end();
  }

  #end(): void {
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  /** cut strikes what was not said after `ms` of an utterance. */
  cut(utterance: number, ms: number): void {
    for (const said of this.#said.values()) {
      const part = said.parts.get(utterance);
      if (!part) continue;
      part.cut = ms;
      for (const word of part.words.filter((w) => w.at >= ms)) word.span.remove();
      hideIfEmpty(said);
    }
  }

  /** follow marks the words that are still to be heard, given how far each utterance is. */
  follow(progress: (utterance: number) => number | undefined): void {
    for (const said of [...this.#said.values()].slice(-2)) {
      for (const [utterance, part] of said.parts) {
        const ms = part.words.length ? progress(utterance) : undefined;
        for (const word of part.words) word.span.classList.toggle("later", ms !== undefined && ms < word.at);
      }
    }
  }

  #block(event: CaptionEvent): Said {
    const key = `${event.role} ${event.turn ?? 0}`;
    const known = this.#said.get(key);
    if (known) return known;
    const block = document.createElement("div");
    block.className = `said ${event.role}`;
    const name = document.createElement("b");
    name.textContent = event.role === "interviewer" ? this.name : texts.captions.candidate;
    name.dataset.cut = texts.captions.cut;
    const text = document.createElement("p");
    block.append(name, text);
    this.#list.append(block);
    const said = { block, text, parts: new Map<number, Part>() };
    this.#said.set(key, said);
    return said;
  }

  /** write puts the text into words whose time is known, where the words are those of the text. */
  #write(part: Part, event: CaptionEvent): void {
    part.words = [];
    part.span.replaceChildren();
    let rest = event.text;
    for (const [at, word] of event.words ?? []) {
      const start = rest.indexOf(word);
      const from = start < 0 ? 0 : rest.slice(start + word.length).search(/\s|$/) + start + word.length;
      if (start < 0) continue;
      const span = document.createElement("span");
      span.textContent = rest.slice(0, from);
      rest = rest.slice(from);
      if (at < part.cut) part.span.append(span);
      part.words.push({ at, span });
    }
    if (part.cut === Infinity) part.span.append(rest);
  }
}

function hideIfEmpty(said: Said): void {
  said.block.hidden = !said.text.textContent?.trim();
}
