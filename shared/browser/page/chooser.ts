import { find } from "./dom.js";
import { CASEY, type Look, medallion, type Persona } from "./persona.js";
import { prepare, texts } from "./texts.js";

/** Level is how much an interview asks of a candidate. */
export type Level = "gentle" | "usual" | "demanding";

/** Card is what /interviews.json tells of an interview (shared/PROTOCOL.md 4). */
export interface Card {
  name: string;
  title: string;
  goodFor: string;
  interviewer: Persona;
  minutes: number;
  language?: string;
  levels?: Level[];
}

/** loadCatalogue reads the cards; a page without any has nothing to choose. */
export async function loadCatalogue(): Promise<Card[]> {
  try {
    const response = await fetch("/interviews.json", { cache: "no-cache" });
    return response.ok ? ((await response.json()) as Card[]) : [];
  } catch {
    return [];
  }
}

/** split divides what is asked for, NAME or NAME.LEVEL. */
export function split(interview: string): { name: string; level: Level } {
  const [name = "", level = "usual"] = interview.split(".");
  return { name, level: Object.hasOwn(texts.choice.levels, level) ? (level as Level) : "usual" };
}

/** cardOf finds the card of what is asked for; undefined where there is none. */
export function cardOf(cards: Card[], interview = ""): Card | undefined {
  const { name } = split(interview);
  return cards.find((card) => card.name === name);
}

/** Chooser lets a person choose an interview and its level. */
export class Chooser {
  readonly #cards: Card[];
  readonly #asked: string | undefined;
  readonly #picked: (persona: Persona) => void;
  #card: Card | undefined;
  #level: Level = "usual";

  /**
   * `asked` is the interview that the page's address names: there is none to choose then.
   * `last` was chosen before. `picked` is told who interviews.
   */
  constructor(cards: Card[], asked: string | undefined, last: string, picked: (persona: Persona) => void) {
    this.#cards = cards;
    this.#asked = asked;
    this.#picked = picked;
    const begin = this.#find(asked ?? last) ?? (asked === undefined ? cards[0] : undefined);
    this.#level = split(asked ?? last).level;
    find("#choice").hidden = !this.several;
    this.redraw();
    if (begin) this.#pick(begin, this.#level);
    else picked(CASEY);
  }

  /** redraw shows what there is to choose in the language that the page speaks now. */
  redraw(): void {
    if (this.several) find("#choice .options").replaceChildren(...this.#cards.map((card) => this.#option(card)));
    if (this.#card) this.#show(this.#card);
  }

  /** several says that there is something to choose from. */
  get several(): boolean {
    return this.#asked === undefined && this.#cards.length > 1;
  }

  /** interview is what was chosen, as the server is asked for it; undefined for its own choice. */
  get interview(): string | undefined {
    if (!this.#card) return this.#asked;
    return this.#level === "usual" ? this.#card.name : `${this.#card.name}.${this.#level}`;
  }

  /** persona is who holds an interview. */
  persona(interview: string | undefined): Persona {
    return (interview === undefined ? this.#card : this.#find(interview))?.interviewer ?? CASEY;
  }

  /** title is that of an interview; its name where no card tells of it. */
  title(interview: string | undefined): string {
    return (interview === undefined ? this.#card : this.#find(interview))?.title ?? split(interview ?? "").name;
  }

  /** choose picks an interview and its level, if there is a card of it. */
  choose(interview: string): void {
    const card = this.#find(interview);
    if (card) this.#pick(card, split(interview).level);
  }

  /** language is that in which an interview is held; undefined where its card does not say so. */
  language(interview: string | undefined): string | undefined {
    return (interview === undefined ? this.#card : this.#find(interview))?.language;
  }

  #find(interview: string): Card | undefined {
    return cardOf(this.#cards, interview);
  }

  #pick(card: Card, level: Level): void {
    this.#card = card;
    this.#level = card.levels?.includes(level) ? level : "usual";
    this.#show(card);
    this.#picked(card.interviewer);
    prepare(card.language);
  }

  #show({ name, levels = [] }: Card): void {
    find("#levels").hidden = levels.length < 2;
    find("#levels .options").replaceChildren(...levels.map((each) => this.#levelOption(each)));
    const radio = document.querySelector<HTMLInputElement>(`#choice input[value="${CSS.escape(name)}"]`);
    if (radio) radio.checked = true;
  }

  #option(card: Card): HTMLElement {
    const { face = {} as Look, name } = card.interviewer;
    const label = option("interview", card.name, (checked) => checked && this.#pick(card, this.#level));
    label.append(medallion(face), line("b", card.title), line("small", facts(name, card)), line("span", card.goodFor));
    return label;
  }

  #levelOption(level: Level): HTMLElement {
    const label = option("level", level, () => {
      this.#level = level;
    });
    label.querySelector("input")!.checked = level === this.#level;
    label.append(texts.choice.levels[level]);
    return label;
  }
}

/** facts are who interviews, how long, and in which language. */
function facts(name: string, { minutes, language }: Card): string {
  const spoken = language && new Intl.DisplayNames([texts.language], { type: "language" }).of(language.split("-")[0]!);
  return [name, texts.choice.minutes(minutes), spoken].filter(Boolean).join(" · ");
}

function option(group: string, value: string, changed: (checked: boolean) => void): HTMLElement {
  const label = document.createElement("label");
  const radio = document.createElement("input");
  radio.type = "radio";
  radio.name = group;
  radio.value = value;
  radio.addEventListener("change", () => changed(radio.checked));
  label.append(radio);
  return label;
}

function line(tag: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
