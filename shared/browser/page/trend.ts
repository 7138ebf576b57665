import { sorted, tell } from "./delivery.js";
import { shape } from "./dom.js";
import type { Entry } from "./entry.js";
import { decimal, texts } from "./texts.js";

/** Trend is one figure over several interviews, the oldest first. */
export interface Trend {
  title: string;
  points: { at: number; value: number; figure: string }[];
  /** the scale ends there */
  most: number;
}

/** The scale of what is judged. */
const OF = 5;

/** overall is the mean of a report's scores, on a scale to 5; undefined where nothing was judged. */
export function overall({ report }: Entry): number | undefined {
  const scores = (report?.scores ?? []).filter(({ score, of }) => score > 0 && of > 0);
  const judged = scores.length ? scores : (report?.questions ?? []).filter(({ score, of }) => score > 0 && of > 0);
  if (!judged.length) return undefined;
  const mean = judged.reduce((sum, { score, of }) => sum + score / of, 0) / judged.length;
  return Math.round(10 * OF * mean) / 10;
}

/** trends are the figures that at least two interviews have: how they were judged first, then how they were spoken. */
export function trends(entries: Entry[]): Trend[] {
  const all = new Map<string, Trend>();
  const add = (key: string, title: string, at: number, value: number, written: string, most: number): void => {
    const trend = all.get(key) ?? { title, points: [], most };
    trend.points.push({ at, value, figure: written });
    trend.most = Math.max(trend.most, value, most);
    all.set(key, trend);
  };
  const oldest = [...entries].sort((a, b) => a.at - b.at);
  for (const entry of oldest) {
    const value = overall(entry);
    if (value !== undefined) add("", texts.progress.overall, entry.at, value, decimal(value), OF);
  }
  if (new Set(entries.map(({ title }) => title)).size === 1)
    for (const { at, report } of oldest)
      for (const { name, score, of } of report?.scores ?? [])
        if (score > 0) add(`score ${name}`, name, at, score, decimal(score), of);
  for (const { at, report } of oldest)
    for (const measure of sorted(report?.delivery ?? []).filter(({ name }) => spoken.includes(name)))
      add(measure.name, tell(measure)!.title, at, measure.value, tell(measure)!.figure, 1.25 * measure.high);
  return [...all.values()].filter(({ points }) => points.length > 1);
}

/** The measures that are worth following from one interview to the next. */
const spoken = ["pace", "fillers", "wait"];

const WIDTH = 200;
const HEIGHT = 56;

/** draw is the picture of a trend; its words are beside it. */
export function draw({ points, most }: Trend): SVGElement {
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true", class: "trend" });
  const x = (i: number): number => 6 + ((WIDTH - 12) * i) / (points.length - 1);
  const y = (value: number): number => HEIGHT - 6 - ((HEIGHT - 12) * value) / most;
  svg.append(shape("path", { class: "scale", d: `M0 ${HEIGHT - 1}H${WIDTH}` }));
  svg.append(shape("polyline", { points: points.map(({ value }, i) => `${x(i)},${y(value)}`).join(" ") }));
  points.forEach(({ value }, i) => {
    const last = i === points.length - 1;
    if (last || points.length < 13)
      svg.append(shape("circle", { cx: x(i), cy: y(value), r: last ? 4.5 : 3, class: last ? "last" : "" }));
  });
  return svg;
}
