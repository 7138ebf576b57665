import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { en } from "../page/texts/en.js";
import type { CaseyEvents } from "../src/api.js";

const read = (file: string): string => readFileSync(file, "utf8");

test("the README's example is the one whose types are checked", () => {
  const [, example] = /```tsx\n([\s\S]*?)```/.exec(read("README.md")) ?? [];
  assert.equal(example, read("examples/interview.tsx"));
  assert.ok(example && example.trim().split("\n").length <= 10, "ten lines");
});

test("the README names every event and every code", () => {
  const readme = read("README.md");
  const events: Record<keyof CaseyEvents, true> = {
    status: true,
    levels: true,
    viseme: true,
    muted: true,
    microphone: true,
    heard: true,
    recording: true,
    voice: true,
    rejected: true,
    trouble: true,
    failed: true,
    bye: true,
    sent: true,
    received: true,
    state: true,
    caption: true,
    visemes: true,
    cut: true,
    level: true,
    phase: true,
    exhibit: true,
    report: true,
    metrics: true,
    notice: true,
    checkup: true,
    kept: true,
  };
  for (const name of [...Object.keys(events), ...Object.keys(en.troubles)])
    assert.ok(readme.includes(`\`${name}\``), name);
});
