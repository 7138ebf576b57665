/** find returns the first element of a selector; it is there. */
export const find = <Type extends Element = HTMLElement>(selector: string): Type =>
  document.querySelector<Type>(selector)!;

/** Unloaded says that a script did not load: no network, or none any more of that name. */
export class Unloaded extends Error {
  readonly code = "unloaded";
}

/** How many times each script did not load. */
const failures = new Map<string, number>();

/**
 * load loads a script that only some need; index.html says where it is. It rejects with an
 * Unloaded, and tries anew when it is called again: browsers remember an address that failed.
 */
export async function load<Script>(name: string): Promise<Script> {
  const failed = failures.get(name);
  try {
    return (await import(find<HTMLMetaElement>(`meta[name=${name}]`).content + (failed ? `?${failed}` : ""))) as Script;
  } catch (cause) {
    failures.set(name, (failed ?? 0) + 1);
    throw new Unloaded(name, { cause });
  }
}

/** click runs an action whenever the element is clicked. */
export function click(selector: string, action: () => void): void {
  find(selector).addEventListener("click", action);
}

/** write changes a text, where it is another one: what is read aloud is read once. */
export function write(selector: string, text: string): void {
  const element = find(selector);
  if (element.textContent !== text) element.textContent = text;
}

/** meter shows how loud something is, from 0 to 1. */
export function meter(selector: string, part: number): void {
  const element = find(selector);
  element.setAttribute("aria-valuenow", String(Math.round(part * 100)));
  (element.firstElementChild as HTMLElement).style.transform = `scaleX(${part.toFixed(3)})`;
}

/** loudness is how far a meter goes for a level, as root mean square. */
export const loudness = (level: number): number => Math.min(1, Math.sqrt(level) * 1.6);

/** make makes an element with a text and a class. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  text = "",
  name = "",
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (name) element.className = name;
  return element;
}

/** button makes a button that does something. */
export function button(text: string, name: string, action: () => void): HTMLButtonElement {
  const element = make("button", text, name);
  element.type = "button";
  element.addEventListener("click", action);
  return element;
}

/** shape makes a part of a drawing. */
export function shape(tag: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
