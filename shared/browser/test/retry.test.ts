import assert from "node:assert/strict";
import { test } from "node:test";
import { type Aim, reopenIn, type Step, step } from "../src/retry.js";

/** steps are all tries of an aim. */
function* steps(aim: Aim): Generator<Step> {
  for (let n = 0; ; n++) {
    const next = step(aim, n);
    if (!next) return;
    yield next;
  }
}

const plan = (aim: Aim): string[] => [...steps(aim)].map((s) => `${s.want ?? "nothing"} ${s.peer} ${s.wait}`);

test("an interview that did not begin repeats its offer for half a minute", () => {
  assert.deepEqual(plan("begin"), [
    "nothing new 2000",
    "nothing same 3000",
    "nothing same 5000",
    "nothing same 8000",
    "nothing same 12000",
  ]);
});

test("one that ran wants its worker for two seconds, then any other", () => {
  assert.deepEqual(plan("restart").slice(0, 3), ["restart same 2000", "elsewhere new 4000", "elsewhere new 6000"]);
  assert.deepEqual(plan("resume").slice(0, 3), ["fresh new 2000", "elsewhere new 4000", "elsewhere new 6000"]);
  assert.deepEqual(plan("move"), ["elsewhere new 4000", "elsewhere new 6000"]);
});

test("one that ran is not given up for two minutes", () => {
  for (const aim of ["restart", "resume"] as Aim[]) {
    assert.equal(
      [...steps(aim)].reduce((all, { wait }) => all + wait, 0),
      120000,
    );
  }
});

test("the socket is opened again ever later, and at least every 15 s", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 99].map(reopenIn), [1000, 2000, 4000, 8000, 15000, 15000]);
});
