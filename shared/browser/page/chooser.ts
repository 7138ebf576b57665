import { find } from "./dom.js";
import { CASEY, type Look, medallion, type Persona } from "./persona.js";
import { prepare, texts } from "./texts.js";

/** Level is how much an interview asks of a candidate. */
export type Level = "gentle" | "usual" | "demanding";

/** Side is what a card says of an interview in one of its languages. */
interface Side {
  title: string;
  goodFor: string;
  interviewer: Persona;
  minutes: number;
  language?: string;
}

/** Card is what /interviews.json tells of an interview (shared/PROTOCOL.md 4). */
export interface Card extends Side {
  name: string;
  levels?: Level[];
  /** further languages that it can be held in */
  languages?: (Side & { language: string })[];
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

/** split divides what is asked for, NAME, NAME.LEVEL, NAME.LANGUAGE or NAME.LEVEL.LANGUAGE. */
export function split(interview: string): { name: string; level: Level; language: string } {
  const [name = "", ...rest] = interview.split(".");
  const level = rest.find((part) => Object.hasOwn(texts.choice.levels, part)) as Level | undefined;
  return { name, level: level ?? "usual", language: rest.find((part) => /^[a-z]{2,3}$/.test(part)) ?? "" };
}

/** sideOf is a card in a language, by its code; its first where it has not got that. */
export function sideOf(card: Card, language: string): Side {
  return card.languages?.find((side) => code(side.language) === language) ?? card;
}

const code = (tag = ""): string => tag.split("-")[0]!.toLowerCase();

/** cardOf finds the card of what is asked for; undefined where there is none. */
export function cardOf(cards: Card[], interview = ""): Card | undefined {
  const { name } = split(interview);
  return cards.find((card) => card.name === name);
}

/** Chooser lets a person choose an interview and its level. */
export class Chooser {
  readonly #cards: Card[];
  readonly #asked: string | undefined;
  readonly #picked: (persona: Persona, language?: string) => void;
  #card: Card | undefined;
  #level: Level = "usual";
  #language: string; // by its code; one that a card has not got counts for none

  /**
   * `asked` is the interview that the page's address names: there is none to choose then.
   * `last` was chosen before. `language` is asked for, by its code, where an interview
   * can be held in several. `picked` is told who interviews, and in
   * which language.
   */
  constructor(
    cards: Card[],
    { asked, last, language }: { asked: string | undefined; last: string; language: string | undefined },
    picked: (persona: Persona, language?: string) => void,
  ) {
    this.#cards = cards;
    this.#asked = asked;
    this.#picked = picked;
    const begin = this.#find(asked ?? last) ?? (asked === undefined ? cards[0] : undefined);
    this.#level = split(asked ?? last).level;
    this.#language = language ?? split(asked ?? last).language;
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
    const { language = "" } = sideOf(this.#card, this.#language);
    const other = language === this.#card.language ? "" : code(language);
    return [this.#card.name, this.#level === "usual" ? "" : this.#level, other].filter(Boolean).join(".");
  }

  /** persona is who holds an interview. */
  persona(interview: string | undefined): Persona {
    return this.#side(interview)?.interviewer ?? CASEY;
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
    return this.#side(interview)?.language;
  }

  #side(interview: string | undefined): Side | undefined {
    if (interview === undefined) return this.#card && sideOf(this.#card, this.#language);
    const card = this.#find(interview);
    return card && sideOf(card, split(interview).language);
  }

  #find(interview: string): Card | undefined {
    return cardOf(this.#cards, interview);
  }

  #pick(card: Card, level: Level): void {
    this.#card = card;
    this.#level = card.levels?.includes(level) ? level : "usual";
    this.#show(card);
    const { interviewer, language } = sideOf(card, this.#language);
    this.#picked(interviewer, language);
    prepare(language);
  }

  #show(card: Card): void {
    const { name, levels = [] } = card;
    this.#showLanguages(card);
    find("#levels").hidden = levels.length < 2;
    find("#levels .options").replaceChildren(...levels.map((each) => this.#levelOption(each)));
    const radio = document.querySelector<HTMLInputElement>(`#choice input[value="${CSS.escape(name)}"]`);
    if (radio) radio.checked = true;
  }

  /** showLanguages lets a person choose among those of a card, where it has several. */
  #showLanguages(card: Card): void {
    const sides = [card, ...(card.languages ?? [])];
    const chosen = sideOf(card, this.#language);
    find("#tongues").hidden = sides.length < 2;
    find("#tongues .options").replaceChildren(
      ...sides.map((side) => {
        const label = option("tongue", code(side.language), () => {
          this.#language = code(side.language);
          this.redraw();
          this.#pick(card, this.#level);
          find<HTMLInputElement>(`#tongues input[value="${code(side.language)}"]`).focus();
        });
        label.querySelector("input")!.checked = side.language === chosen.language;
        label.append(languageName(side.language));
        return label;
      }),
    );
  }

  #option(card: Card): HTMLElement {
    const side = sideOf(card, this.#language);
    const label = option("interview", card.name, (checked) => checked && this.#pick(card, this.#level));
    if (side.language) label.lang = side.language;
    label.append(
      medallion(side.interviewer.face ?? ({} as Look)),
      line("b", side.title),
      line("small", facts(side, card)),
      line("span", side.goodFor),
    );
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

/** facts are who interviews, how long, and in which languages. */
function facts({ interviewer, minutes }: Side, card: Card): string {
  const spoken = [card, ...(card.languages ?? [])].map((side) => languageName(side.language)).filter(Boolean);
  return [interviewer.name, texts.choice.minutes(minutes), spoken.join(", ")].filter(Boolean).join(" · ");
}

/** languageName is what a language is called in that of the page. */
function languageName(tag = ""): string {
  return (tag && new Intl.DisplayNames([texts.language], { type: "language" }).of(code(tag))) || "";
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
