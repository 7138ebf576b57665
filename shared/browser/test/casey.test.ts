import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection, settled } from "./fake.js";
import { Stage } from "./stage.js";

test("an interview begins, is told, and leaves nothing when it is over", async (t) => {
  const stage = new Stage(t);
  const connection = await stage.live({ interview: "coach" });
  assert.equal(await stage.outcome, "live");
  assert.deepEqual(stage.statuses, ["microphone", "connecting", "live"]);
  assert.deepEqual([stage.casey.session, stage.casey.status, stage.casey.muted], ["s", "live", false]);
  stage.casey.nudge();
  stage.casey.mute(true);
  connection.channel.say({ type: "state", seq: 1, state: "speaking", turn: 1 });
  assert.deepEqual(connection.channel.sent, [{ type: "nudge" }, { type: "muted", on: true }]);
  assert.deepEqual(stage.events("state"), [{ type: "state", seq: 1, state: "speaking", turn: 1 }]);
  stage.casey.end();
  assert.deepEqual(connection.channel.sent.at(-1), { type: "end" });
  stage.world.socket.say({ type: "bye", reason: "ended", resumable: false });
  assert.deepEqual(stage.statuses.slice(3), ["ending", "over"]);
  assert.deepEqual(stage.left, []);
  assert.deepEqual([stage.casey.session, stage.casey.peer, stage.casey.visemeIn(0)], [undefined, undefined, "sil"]);
  assert.deepEqual([...stage.world.tab.kept.keys(), ...stage.world.shared.kept.keys()], ["casey:wss://casey/ws:over"]);
});

test("the levels come 20 times a second", async (t) => {
  const stage = new Stage(t);
  await stage.live();
  const before = stage.events("levels").length;
  await stage.world.pass(3000);
  assert.equal(stage.events("levels").length - before, 60);
});

test("one interview at a time", async (t) => {
  const stage = new Stage(t);
  await stage.live();
  await assert.rejects(stage.casey.connect("wss://casey/ws"), { code: "closed" });
  stage.casey.close();
  await stage.live();
  assert.equal(stage.casey.status, "live", "the next one begins after it");
});

test("one that is closed while it begins ends there", async (t) => {
  const stage = new Stage(t);
  const begun = stage.casey.connect("wss://casey/ws");
  stage.casey.close();
  await assert.rejects(begun, { code: "closed" });
  await settled();
  assert.deepEqual(stage.left, []);
  assert.deepEqual(stage.statuses, ["microphone", "over"]);
  assert.equal(Connection.all.length, 0);
});

test("one that paused goes on with its ticket, until it is ended", async (t) => {
  const stage = new Stage(t);
  await stage.live();
  stage.casey.leave();
  assert.deepEqual(stage.world.socket.told("leave").length, 1);
  assert.equal(stage.casey.session, "s");
  await stage.connect({ resume: true });
  assert.deepEqual(stage.world.socket.told("offer")[0].want, "fresh");
  stage.casey.close();
  stage.casey.end();
  assert.equal(stage.casey.session, undefined);
});

test("a connection that stutters for half a second is made anew, and one that comes back is not", async (t) => {
  const stage = new Stage(t);
  const connection = await stage.live();
  connection.become("disconnected");
  await stage.world.pass(400);
  connection.become("connected");
  await stage.world.pass(1000);
  assert.deepEqual(stage.wants, ["nothing"]);
  connection.become("disconnected");
  await stage.world.pass(600);
  assert.deepEqual(stage.wants, ["nothing", "restart"]);
  assert.equal(stage.casey.status, "restoring");
  await stage.answer();
  connection.become("connected");
  assert.equal(stage.casey.status, "live");
});

test("a move is heard from the new worker once that speaks", async (t) => {
  const stage = new Stage(t);
  const old = await stage.live();
  stage.world.socket.say({ type: "move" });
  await settled();
  await stage.answer();
  stage.world.connection.connect();
  assert.deepEqual(stage.world.connection.channel.sent, [{ type: "take" }]);
  assert.equal(old.closed, false);
  stage.world.connection.channel.say({ type: "state", seq: 1, state: "listening" });
  assert.equal(old.closed, true);
  assert.equal(stage.casey.status, "live");
});

test("nobody answers, no socket opens, no media flows: each has its code", async (t) => {
  const stage = new Stage(t);
  await stage.connect();
  await stage.world.pass(31000);
  assert.equal(await stage.outcome, "no_answer");
  await stage.connect();
  for (let n = 0; n < 2; n++) {
    await stage.answer();
    await stage.world.pass(8100);
  }
  assert.equal(await stage.outcome, "media");
  const begun = stage.casey.connect("wss://casey/ws").catch(({ code }) => code);
  for (let n = 0; n < 4; n++) {
    await settled();
    stage.world.socket.closed();
    await stage.world.pass(4000);
  }
  assert.equal(await begun, "gateway");
  assert.deepEqual(stage.left, []);
  assert.deepEqual(
    stage.events("failed").map(({ code }) => code),
    ["no_answer", "media", "gateway"],
  );
});
