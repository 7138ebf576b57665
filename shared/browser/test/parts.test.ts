import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type View, visible } from "../page/parts.js";

const nothing = new Set<string>();
const everything = new Set(["phase", "clock", "exhibit", "report", "files", "heard-row", "latency"]);

test("a view without content shows what it is for", () => {
  const views: Record<View, string[]> = {
    welcome: ["welcome"],
    talk: ["captions", "controls"],
    over: ["after", "captions"],
    trouble: ["trouble"],
    past: ["progress"],
  };
  for (const [view, parts] of Object.entries(views)) assert.deepEqual(visible(view as View, nothing), parts);
});

test("what was filled is shown where it belongs, and nowhere else", () => {
  assert.deepEqual(visible("welcome", everything), ["welcome"]);
  assert.ok(visible("talk", new Set(["report"])).includes("report"), "the report comes while it still ends");
  assert.ok(!visible("talk", everything).includes("files"));
  assert.ok(!visible("over", everything).includes("clock") && visible("over", everything).includes("files"));
  assert.deepEqual(visible("trouble", everything), ["exhibit", "report", "trouble"]);
});

test("every part is in the page, and hidden until the script shows it", () => {
  const html = readFileSync("page/index.html", "utf8");
  for (const view of ["talk", "over", "trouble", "past"] as View[]) {
    for (const part of visible(view, everything))
      assert.match(html, new RegExp(`<[^>]* id="${part}"[^>]* hidden`), part);
  }
});
