import assert from "node:assert/strict";
import { test } from "node:test";
import { Later } from "../page/later.js";

/** loads is a load whose outcomes a test decides, one after the other. */
function loads(): { later: Later<string[]>; settle: ((part?: string[]) => void)[] } {
  const settle: ((part?: string[]) => void)[] = [];
  const later = new Later(
    () =>
      new Promise<string[]>((resolve, reject) => {
        settle.push((part) => (part ? resolve(part) : reject(new Error("offline"))));
      }),
  );
  return { later, settle };
}

test("what is told while a script does not load waits for it, in order", async () => {
  const { later, settle } = loads();
  const say = (word: string) => later.tell((said) => void said.push(word));
  const [one, two] = [say("one"), say("two")];
  assert.equal(settle.length, 1, "one load for both");
  settle[0]!();
  await assert.rejects(one);
  await assert.rejects(two);
  const three = say("three");
  settle[1]!();
  await assert.rejects(three);
  const part: string[] = [];
  const four = say("four");
  settle[2]!(part);
  await four;
  await say("five");
  assert.deepEqual(part, ["one", "two", "three", "four", "five"]);
  assert.equal(settle.length, 3, "it is loaded once");
  assert.equal(later.part, part);
});

test("what waits may be forgotten", async () => {
  const { later, settle } = loads();
  const one = later.tell((said) => void said.push("one"));
  later.forget();
  const part: string[] = [];
  settle[0]!(part);
  await one;
  assert.deepEqual(part, []);
});
