import type { Measure } from "../src/index.js";
import { shape } from "./dom.js";
import { decimal, type Texts, texts } from "./texts.js";

/** Told is a measure in words: what it is, its figure, what is usual and how it is. */
export interface Told {
  title: string;
  figure: string;
  usual: string;
  low: number;
  high: number;
}

const seconds = (n: number): string => (n >= 90 ? `${decimal(Math.round(n / 6) / 10)} min` : `${decimal(n)} s`);
const percent = (n: number): string => `${Math.round(n)} %`;
const plain = (n: number): string => decimal(n);

/** The measures in the order in which they are shown, and how their figures are written. */
const figures: Record<string, (n: number) => string> = {
  pace: (n: number) => String(Math.round(n)),
  fillers: plain,
  wait: seconds,
  pause: seconds,
  length: seconds,
  share: percent,
  interruptions: plain,
} satisfies Record<keyof Texts["measures"], unknown>;

/** tell puts a measure into words; undefined for one that this page does not know. */
export function tell({ name, value, low, high }: Measure): Told | undefined {
  const figure = figures[name];
  const known: Record<string, { title: string; unit?: string }> = texts.measures;
  if (!figure || !known[name]) return undefined;
  const { title, unit } = known[name];
  const usual = low > 0 ? texts.usual(figure(low), figure(high)) : texts.usualTo(figure(high));
  return { title, figure: unit ? `${figure(value)} ${unit}` : figure(value), usual, low, high };
}

/** sorted are the known measures, in the order in which they are shown. */
export function sorted(all: Measure[]): Measure[] {
  const order = Object.keys(figures);
  return all.filter(({ name }) => figures[name]).sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

/** picture shows where a value is beside what is usual, and below it each answer. */
export function picture(measure: Measure): SVGElement {
  const { value, low, high } = measure;
  const each = measure.each ?? [];
  const most = Math.max(high * 1.5, value, ...each, 1);
  const at = (n: number): number => 4 + (192 * n) / most;
  const svg = shape("svg", { viewBox: `0 0 200 ${each.length > 1 ? 44 : 14}`, "aria-hidden": "true", class: "gauge" });
  svg.append(
    shape("rect", { class: "scale", x: 4, y: 5, width: 192, height: 4, rx: 2 }),
    shape("rect", { class: "usual", x: at(low), y: 3, width: at(high) - at(low), height: 8, rx: 3 }),
    shape("circle", { class: "value", cx: at(value), cy: 7, r: 5 }),
  );
  if (each.length > 1) svg.append(...bars(each, Math.max(...each, high, 1)));
  return svg;
}

function bars(each: number[], most: number): SVGElement[] {
  const width = Math.min(24, 192 / each.length);
  return each.map((n, i) => {
    const height = Math.max(1, (24 * n) / most);
    return shape("rect", { class: "bar", x: 4 + i * width, y: 44 - height, width: width * 0.7, height, rx: 1 });
  });
}
