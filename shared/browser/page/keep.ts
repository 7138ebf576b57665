import type { Question, Report } from "../src/index.js";
import { sorted, tell } from "./delivery.js";
import { fileName } from "./files.js";
import { texts } from "./texts.js";
import type { Line } from "./transcript.js";

/** transcriptText is what was said, as Markdown. */
export function transcriptText(lines: Line[]): string {
  return lines.map(({ role, text }) => `**${texts.report.speakers[role]}:** ${text}\n`).join("\n");
}

/** reportText is a report as Markdown; what it does not have is left out. */
export function reportText(report: Report, at = new Date()): string {
  const words = texts.report;
  const lines = [`# ${words.document}`, `${at.toISOString().slice(0, 10)}`, report.summary];
  const add = (title: string, items: string[]): void => {
    if (items.length) lines.push(`## ${title}`, items.map((item) => `- ${item}`).join("\n"));
  };
  add(
    words.scores,
    (report.scores ?? []).map(({ name, score, of, comment }) => `${name}: ${words.score(score, of)}. ${comment}`),
  );
  add(words.good, report.good ?? []);
  add(words.better, report.better ?? []);
  for (const question of report.questions ?? []) lines.push(...questionText(question));
  add(words.delivery, sorted(report.delivery ?? []).map(measureText));
  return `${lines.filter((line) => line.trim()).join("\n\n")}\n`;
}

function measureText(measure: NonNullable<Report["delivery"]>[number]): string {
  const { title, figure, usual } = tell(measure)!;
  const parts = (measure.parts ?? []).map(({ text, times }) => `${text} ${times}×`).join(", ");
  return `${title}: ${figure} (${usual})${parts && `: ${parts}`}`;
}

/** told is what was said of an answer, each with its title; empty where there is nothing. */
export function told({ said, strong, missing, stronger }: Question): [title: string, text: string][] {
  const words = texts.report;
  return [
    [words.said, said],
    [words.strong, strong],
    [words.missing, missing],
    [words.stronger, stronger],
  ];
}

function questionText(question: Question): string[] {
  const { asked, score, of, quotes, unsure } = question;
  const lines = [`## ${asked}`];
  if (unsure) return [...lines, texts.report.unsure];
  if (score) lines.push(`${texts.report.scored}: ${texts.report.score(score, of)}`);
  for (const [title, text] of told(question)) if (text) lines.push(`**${title}:** ${text}`);
  if (quotes?.length) lines.push(quotes.map(({ text }) => `> ${text}`).join("\n>\n"));
  return lines;
}

/** save has the browser save a text as a file. */
export function save(name: string, ending: string, type: string, text: string): void {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(new Blob([text], { type }));
  a.download = fileName(name, type, new Date()).replace(/\.\w+$/, `.${ending}`);
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 60000);
}
