import type { Recording } from "../src/index.js";
import { texts } from "./texts.js";

/** offerFiles adds links by which the two files of a recording are saved. */
export function offerFiles(list: HTMLElement, recording: Recording, at = new Date()): void {
  list.append(
    link(texts.files.own, "your-side", recording.own, recording.seconds, at),
    link(texts.files.both, "both", recording.both, recording.seconds, at),
  );
}

function link(text: string, name: string, blob: Blob, seconds: number, at: Date): HTMLElement {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(blob);
  a.download = fileName(name, blob.type, at);
  a.textContent = `${text}, ${clock(1000 * seconds)}`;
  const item = document.createElement("li");
  item.append(a);
  return item;
}

/** endings are those of the files that a browser may record. */
const endings = [
  ["mp4", "m4a"],
  ["ogg", "ogg"],
] as const;

/** fileName is that of a recording of some day. */
export function fileName(name: string, type: string, at: Date): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}-${two(at.getHours())}${two(at.getMinutes())}`;
  const ending = endings.find(([container]) => type.includes(container))?.[1] ?? "webm";
  return `casey-${day}-${name}.${ending}`;
}

/** clock writes a time in ms as minutes and seconds. */
export function clock(ms: number): string {
  return `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
}
