import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "./fake.js";
import { Stage } from "./stage.js";

test("storage that is full or blocked stops nothing: pause ends the microphone, and this page can go on", async (t) => {
  const stage = new Stage(t);
  for (const shelf of [stage.world.tab, stage.world.shared]) shelf.full = true;
  await stage.live();
  assert.equal(stage.casey.status, "live");
  stage.casey.leave();
  assert.deepEqual(stage.left, []);
  assert.equal(stage.world.socket.told("leave").length, 1);
  await stage.connect({ resume: true });
  assert.equal(stage.world.socket.told("offer")[0].session, "s");
  stage.casey.end();
  await settled();
  assert.deepEqual(stage.left, []);
});

test("one storage is blocked: the other is used", async (t) => {
  const stage = new Stage(t);
  const blocked = { configurable: true, get: () => assert.fail("SecurityError") };
  Object.defineProperty(globalThis, "localStorage", blocked);
  await stage.live();
  assert.equal(stage.world.tab.kept.size, 1);
  stage.casey.end();
  stage.world.socket.say({ type: "bye", reason: "ended", resumable: false });
  assert.deepEqual([...stage.world.tab.kept.keys()], ["casey:wss://casey/ws:over"]); // to read its report by
});
