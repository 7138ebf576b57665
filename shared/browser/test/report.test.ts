import assert from "node:assert/strict";
import { test } from "node:test";
import { sorted, tell } from "../page/delivery.js";
import { reportText, transcriptText } from "../page/keep.js";
import { placeOf } from "../page/replay.js";
import { Transcript } from "../page/transcript.js";
import type { CaptionEvent, Measure, Recording, Report } from "../src/index.js";

const caption = (turn: number, role: CaptionEvent["role"], text: string, more: object = {}): CaptionEvent => ({
  type: "caption",
  seq: 1,
  turn,
  role,
  text,
  final: false,
  ...more,
});

const measure = (name: string, value: number, more: object = {}): Measure => ({
  name,
  value,
  low: 0,
  high: 3,
  each: null,
  parts: null,
  ...more,
});

const empty: Report = {
  written: true,
  summary: "",
  scores: null,
  good: null,
  better: null,
  questions: null,
  delivery: null,
};

test("a transcript is the turns as they were heard last", () => {
  const said = new Transcript();
  said.take(caption(1, "interviewer", "Hello.", { utterance: 1 }), 1000);
  said.take(caption(1, "interviewer", "How are you?", { utterance: 2 }), 2000);
  said.take(caption(2, "candidate", "I am"), 5000);
  said.take(caption(2, "candidate", "I am fine."), 9000);
  said.take(caption(2, "candidate", "I am fine, thanks.", { final: true }), 20000); // corrected later
  said.take(caption(3, "candidate", " "), 21000);
  said.take(caption(0, "interviewer", "written"), 22000);
  assert.equal(transcriptText(said.lines), "**Interviewer:** Hello. How are you?\n\n**You:** I am fine, thanks.\n");
  said.take(caption(1, "interviewer", "Hello. How", { final: true }), 2500); // cut
  assert.equal(said.lines[0]!.text, "Hello. How");
});

test("words are found in time", () => {
  const said = new Transcript();
  said.take(caption(2, "candidate", "one"), 11200);
  said.take(caption(2, "candidate", "One two, three four."), 20000);
  assert.equal(said.when(2), 10000);
  const three = said.when(2, "Three FOUR")!;
  assert.ok(three > 13000 && three < 16000, String(three));
  assert.equal(said.when(2, "never said"), 10000);
  assert.equal(said.when(7), undefined);
  said.clear();
  said.restore([{ turn: 2, role: "candidate", text: "One." }]);
  assert.equal(said.when(2, "One"), undefined); // another page heard it
  assert.equal(said.lines.length, 1);
});

test("a time is found in what was recorded then", () => {
  const recording = (began: number, seconds: number): Recording => ({
    own: new Blob(),
    both: new Blob(),
    began,
    seconds,
  });
  const all = [recording(10000, 5), recording(60000, 10)];
  assert.deepEqual(placeOf(12000, all), { recording: all[0], seconds: 2 });
  assert.deepEqual(placeOf(59000, all), { recording: all[1], seconds: 0 });
  for (const when of [undefined, 1000, 30000, 71000]) assert.equal(placeOf(when, all), undefined, String(when));
});

test("measures are told in words, unknown ones not at all", () => {
  assert.deepEqual(
    sorted([measure("share", 61), measure("charm", 9), measure("pace", 1)]).map(({ name }) => name),
    ["pace", "share"],
  );
  assert.equal(tell(measure("charm", 9)), undefined);
  assert.equal(tell(measure("pace", 141.6, { low: 110, high: 160 }))?.figure, "142 words a minute");
  assert.equal(tell(measure("pace", 141.6, { low: 110, high: 160 }))?.usual, "usual: 110 to 160");
  assert.equal(tell(measure("length", 132, { high: 120 }))?.figure, "2.2 min");
});

test("a report is Markdown of what it has", () => {
  assert.equal(reportText(empty, new Date(0)), "# Your interview\n\n1970-01-01\n");
  const asked = { turn: 2, said: "", strong: "", missing: "", stronger: "", score: 0, of: 5, quotes: null };
  const text = reportText(
    {
      ...empty,
      scores: [{ name: "Depth", score: 3, of: 5, comment: "Why?" }],
      questions: [
        { ...asked, asked: "What?", unsure: true },
        { ...asked, asked: "Why?", unsure: false, score: 2, said: "A bridge.", quotes: [{ turn: 2, text: "it held" }] },
      ],
      delivery: [measure("fillers", 4, { parts: [{ text: "um", times: 2 }] })],
    },
    new Date(0),
  );
  for (const part of [
    "- Depth: 3 of 5. Why?",
    "## What?\n\nSpeech recognition was unsure",
    "## Why?\n\nScore: 2 of 5\n\n**You said:** A bridge.\n\n> it held",
    "- Fillers: 4 in 100 words (usual: up to 3): um 2×",
  ])
    assert.ok(text.includes(part), `${part}\n---\n${text}`);
});
