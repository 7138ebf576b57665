import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Notices } from "../page/notices.js";

test("the place of notices is there always, and empty while there is none", (t) => {
  assert.match(readFileSync("page/index.html", "utf8"), /<p id="notice" class="notice" role="status"><\/p>/);
  const place = { textContent: "", hidden: false };
  t.mock.timers.enable({ apis: ["setTimeout"] });
  Object.assign(globalThis, { document: { querySelector: () => place }, window: globalThis });
  const notices = new Notices();
  const check = (text: string) => assert.deepEqual(place, { textContent: text, hidden: false });
  notices.say("One.");
  check("One.");
  t.mock.timers.tick(6000);
  check("");
  notices.hold("Two.");
  t.mock.timers.tick(60_000);
  check("Two.");
  notices.hide();
  check("");
});
