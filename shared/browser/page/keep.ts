import type { Report } from "../src/index.js";
import { sorted, tell } from "./delivery.js";
import { fileName } from "./files.js";
import type { Line } from "./transcript.js";

const speakers = { candidate: "You", interviewer: "Interviewer" };

/** transcriptText is what was said, as Markdown. */
export function transcriptText(lines: Line[]): string {
  return lines.map(({ role, text }) => `**${speakers[role]}:** ${text}\n`).join("\n");
}

/** reportText is a report as Markdown; what it does not have is left out. */
export function reportText(report: Report, at = new Date()): string {
  const lines = ["# Your interview", `${at.toISOString().slice(0, 10)}`, report.summary];
  const add = (title: string, items: string[]): void => {
    if (items.length) lines.push(`## ${title}`, items.map((item) => `- ${item}`).join("\n"));
  };
  add(
    "Scores",
    (report.scores ?? []).map(({ name, score, of, comment }) => `${name}: ${score} of ${of}. ${comment}`),
  );
  add("What was good", report.good ?? []);
  add("What to try next time", report.better ?? []);
  for (const question of report.questions ?? []) lines.push(...questionText(question));
  add("How you spoke", sorted(report.delivery ?? []).map(measureText));
  return `${lines.filter((line) => line.trim()).join("\n\n")}\n`;
}

function measureText(measure: NonNullable<Report["delivery"]>[number]): string {
  const { title, figure, usual } = tell(measure)!;
  const parts = (measure.parts ?? []).map(({ text, times }) => `${text} ${times}×`).join(", ");
  return `${title}: ${figure} (${usual})${parts && `: ${parts}`}`;
}

function questionText(question: NonNullable<Report["questions"]>[number]): string[] {
  const { asked, said, strong, missing, stronger, score, of, quotes, unsure } = question;
  const lines = [`## ${asked}`];
  if (unsure) return [...lines, "Speech recognition was unsure of this answer, so it is not judged."];
  if (score) lines.push(`Score: ${score} of ${of}`);
  const told: [string, string][] = [
    ["You said", said],
    ["Strong", strong],
    ["Missing", missing],
    ["A stronger answer", stronger],
  ];
  for (const [title, text] of told) if (text) lines.push(`**${title}:** ${text}`);
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
