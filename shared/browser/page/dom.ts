/** find returns the first element of a selector; it is there. */
export const find = <Type extends Element = HTMLElement>(selector: string): Type =>
  document.querySelector<Type>(selector)!;

/** load loads a script that only some need; index.html says where it is. */
export async function load<Script>(name: string): Promise<Script> {
  return (await import(find<HTMLMetaElement>(`meta[name=${name}]`).content)) as Script;
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
