import { load } from "./dom.js";
import { en } from "./texts/en.js";

/** Texts are all that the page says, in one language. */
export type Texts = typeof en;

/** PageText is the name of a text that stands on the page from the beginning. */
type PageText = keyof Texts["page"];

/** The languages that the page speaks, and what they are called in themselves. */
export const languages: Record<string, string> = { en: "English", de: "Deutsch", es: "Español" };

/** texts are those of the language that the page speaks now. */
export let texts: Texts = en;

const loaded = new Map<string, Promise<Texts>>([["en", Promise.resolve(en)]]);

/** fetchTexts loads a language, once; it rejects where that is not possible now. */
function fetchTexts(language: string): Promise<Texts> {
  const known = loaded.get(language);
  if (known) return known;
  const loading = load<{ texts: Texts }>(language).then((script) => script.texts);
  loaded.set(language, loading);
  loading.catch(() => loaded.delete(language));
  return loading;
}

/** spoken is the page's language for a tag like de-AT; undefined where it does not speak it. */
export function spoken(tag: string): string | undefined {
  const language = tag.toLowerCase().split("-")[0]!;
  return Object.hasOwn(languages, language) ? language : undefined;
}

/** preferred is the first language of several that the page speaks. */
export const preferred = (tags: readonly string[]): string => tags.map(spoken).find((tag) => tag !== undefined) ?? "en";

/** prepare loads the language of a tag, which may be spoken soon. */
export function prepare(tag = ""): void {
  const language = spoken(tag);
  if (language) void fetchTexts(language).catch(() => undefined); // speak tries again
}

/** speak has the page speak a language; one that cannot be loaded leaves it as it is. */
export async function speak(language: string): Promise<void> {
  try {
    use(await fetchTexts(language));
  } catch (error) {
    console.warn("language", error);
  }
}

/** use takes these texts from now on. */
export function use(all: Texts): void {
  texts = all;
}

/** fill puts the texts onto the page that stand on it from the beginning. */
export function fill(): void {
  const { page, language } = texts;
  document.documentElement.lang = language;
  document.title = page.title;
  document.querySelector<HTMLMetaElement>("meta[name=description]")!.content = page.description;
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]"))
    element.textContent = page[element.dataset.text as PageText];
  for (const element of document.querySelectorAll<HTMLElement>("[data-label]"))
    element.setAttribute("aria-label", page[element.dataset.label as PageText]);
  for (const element of document.querySelectorAll<HTMLElement>("[data-title]"))
    element.title = page[element.dataset.title as PageText];
}

/** decimal writes a number as the language does. */
export const decimal = (n: number, digits = 0): string =>
  n.toLocaleString(texts.language, { minimumFractionDigits: digits, useGrouping: false });
