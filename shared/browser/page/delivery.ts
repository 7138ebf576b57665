import type { Measure } from "../src/index.js";
import { shape } from "./dom.js";

/** Told is a measure in words: what it is, its figure, what is usual and how it is. */
export interface Told {
  title: string;
  figure: string;
  usual: string;
  low: number;
  high: number;
}

const seconds = (n: number): string => (n >= 90 ? `${Math.round(n / 6) / 10} min` : `${n} s`);
const percent = (n: number): string => `${Math.round(n)} %`;
const plain = (n: number): string => String(n);

/** The measures in the order in which they are shown. */
const names: Record<string, { title: string; figure: (n: number) => string; unit?: string }> = {
  pace: { title: "Pace", figure: (n) => String(Math.round(n)), unit: "words a minute" },
  fillers: { title: "Fillers", figure: plain, unit: "in 100 words" },
  wait: { title: "Time to your first word", figure: seconds },
  pause: { title: "Longest pause", figure: seconds },
  length: { title: "Length of an answer", figure: seconds },
  share: { title: "Your share of speaking", figure: percent },
  interruptions: { title: "Interruptions", figure: plain, unit: "by you" },
};

/** tell puts a measure into words; undefined for one that this page does not know. */
export function tell({ name, value, low, high }: Measure): Told | undefined {
  const known = names[name];
  if (!known) return undefined;
  const { title, figure, unit } = known;
  const usual = low > 0 ? `usual: ${figure(low)} to ${figure(high)}` : `usual: up to ${figure(high)}`;
  return { title, figure: unit ? `${figure(value)} ${unit}` : figure(value), usual, low, high };
}

/** sorted are the known measures, in the order in which they are shown. */
export function sorted(all: Measure[]): Measure[] {
  const order = Object.keys(names);
  return all.filter(({ name }) => names[name]).sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
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
