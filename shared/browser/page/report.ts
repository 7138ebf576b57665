import type { ReportEvent } from "../src/index.js";

/** showReport fills an element with the feedback on an interview. */
export function showReport(place: HTMLElement, report: ReportEvent): void {
  const parts = [heading("How it went"), paragraph(report.summary)];
  if (report.scores?.length) parts.push(scores(report.scores));
  if (report.good?.length) parts.push(heading("What was good"), list(report.good));
  if (report.better?.length) parts.push(heading("What to try next time"), list(report.better));
  place.replaceChildren(...parts);
}

function make<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, text = ""): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

const heading = (text: string): HTMLElement => make("h2", text);
const paragraph = (text: string): HTMLElement => make("p", text);

function list(items: string[]): HTMLElement {
  const ul = make("ul");
  ul.append(...items.map((item) => make("li", item)));
  return ul;
}

function scores(all: NonNullable<ReportEvent["scores"]>): HTMLElement {
  const dl = make("dl");
  for (const { name, score, of, comment } of all)
    dl.append(make("dt", `${name}: ${score} of ${of}`), make("dd", comment));
  return dl;
}
