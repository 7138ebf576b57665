import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, type Pursuit, type Verdict } from "../src/refusal.js";

const begins: Pursuit = { aim: "begin", want: undefined, runs: false, connected: false };
const reloads: Pursuit = { aim: "resume", want: "fresh", runs: false, connected: false };
const restarts: Pursuit = { aim: "restart", want: "restart", runs: true, connected: false };
const elsewhere: Pursuit = { ...restarts, want: "elsewhere" };
const moves: Pursuit = { aim: "move", want: "elsewhere", runs: true, connected: true };

test("a refusal ends only what cannot be had", () => {
  const table: [string, Pursuit, Verdict][] = [
    ["internal", begins, "wait"],
    ["unavailable", begins, "wait"],
    ["lost", begins, "wait"],
    ["bad_offer", begins, "fail"],
    ["forbidden", begins, "fail"],
    ["internal", reloads, "wait"],
    ["full", reloads, "wait"],
    ["lost", reloads, "next"],
    ["forbidden", reloads, "anew"],
    ["ended", reloads, "anew"],
    ["internal", restarts, "wait"],
    ["lost", restarts, "next"],
    ["bad_offer", restarts, "wait"],
    ["forbidden", restarts, "fail"],
    ["lost", elsewhere, "wait"],
    ["too_many", elsewhere, "wait"],
    ["internal", moves, "wait"],
    ["forbidden", moves, "stay"],
    ["a code of tomorrow", elsewhere, "wait"],
  ];
  for (const [code, pursuit, verdict] of table) assert.equal(judge(code, pursuit), verdict, `${code} ${pursuit.want}`);
});
