/** Transports are watched, not believed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection, Socket, settled } from "./fake.js";
import { Stage } from "./stage.js";

test("a socket that is dead and says it is open is replaced after one unanswered wait", async (t) => {
  const stage = new Stage(t);
  const connection = await stage.live();
  const dead = stage.world.socket;
  await stage.world.pass(10000);
  connection.become("failed");
  await stage.world.pass(400 + 2100);
  assert.equal(Socket.all.length, 2, "another is opened beside it");
  assert.equal(dead.readyState, Socket.OPEN, "which may answer yet");
  stage.world.socket.open();
  assert.equal(dead.readyState, 2, "it is left without waiting for its close frame");
  const offer = stage.world.socket.told("offer").at(-1);
  assert.deepEqual([offer.session, offer.resume], ["s", "r"]);
  await stage.answer();
  stage.world.connection.connect();
  assert.equal(stage.casey.status, "live");
  dead.closed();
  await stage.world.pass(20000);
  assert.equal(Socket.all.length, 2, "its close frame, when it comes, means nothing");
});

test("a server that is there but says nothing to an offer keeps its socket", async (t) => {
  const stage = new Stage(t);
  const connection = await stage.live();
  await stage.world.pass(10000);
  connection.become("failed");
  await stage.world.pass(1000);
  stage.world.socket.say({ type: "pong" });
  await stage.world.pass(2000);
  assert.equal(Socket.all.length, 1);
});

test("a ping that is not answered opens another socket, and hello goes by that", async (t) => {
  const stage = new Stage(t);
  await stage.live();
  await stage.world.pass(25000 + 2100);
  assert.equal(Socket.all.length, 2);
  stage.world.socket.open();
  assert.deepEqual(stage.world.socket.sent, [{ type: "hello", session: "s", resume: "r" }]);
  assert.equal(stage.casey.status, "live", "the sound was never touched");
});

test("the network is back: the server is asked at once, and a closed socket opened at once", async (t) => {
  const page = new EventTarget();
  const stage = new Stage(t);
  stage.world.put({ addEventListener: page.addEventListener.bind(page) });
  await stage.live();
  await stage.world.pass(5000);
  page.dispatchEvent(new Event("online"));
  assert.equal(stage.world.socket.told("ping").length, 1);
  for (let n = 0; n < 3; n++) {
    stage.world.socket.closed();
    await stage.world.pass(1000 * 2 ** n);
  }
  stage.world.socket.closed();
  const before = Socket.all.length;
  page.dispatchEvent(new Event("online"));
  assert.equal(Socket.all.length, before + 1);
});

test("a socket that never opens is given up for another, and in the end told", async (t) => {
  const stage = new Stage(t);
  const begun = stage.casey.connect("wss://casey/ws").catch(({ code }) => code);
  await stage.world.pass(9100);
  assert.equal(Socket.all.length, 2);
  await stage.world.pass(30000);
  assert.equal(await begun, "gateway");
  assert.deepEqual(stage.left, []);
});

test("an answered offer whose socket closed is introduced on the next one, so that its candidates arrive", async (t) => {
  const stage = new Stage(t);
  await stage.connect();
  await stage.answer();
  stage.world.socket.closed();
  await stage.world.pass(1000);
  stage.world.socket.open();
  assert.deepEqual(stage.world.socket.sent, [{ type: "hello", session: "s", resume: "r" }]);
});

const refuse = (stage: Stage, code: string): void =>
  stage.world.socket.say({ type: "rejected", code, message: "not now", of: "offer" });

test("a refusal that may pass costs its own try and no more", async (t) => {
  const stage = new Stage(t);
  const connection = await stage.live();
  connection.become("failed");
  await stage.world.pass(500);
  for (let n = 0; n < 5; n++) refuse(stage, "internal");
  await settled();
  assert.deepEqual(stage.wants, ["nothing", "restart"]);
  const begun = Date.now();
  while (stage.casey.status === "restoring" && Date.now() - begun < 200000) {
    const offers = stage.wants.length;
    await stage.world.pass(500);
    stage.world.socket.say({ type: "pong" });
    if (stage.wants.length > offers) refuse(stage, "internal");
  }
  const patience = Date.now() - begun;
  assert.ok(patience > 115000 && patience < 125000, `given up after ${patience} ms`);
  assert.equal(stage.wants.length, 12);
});

test("a refusal because the worker is gone goes to another one at once", async (t) => {
  const stage = new Stage(t);
  const connection = await stage.live();
  connection.become("failed");
  await stage.world.pass(500);
  refuse(stage, "lost");
  await settled();
  assert.deepEqual(stage.wants, ["nothing", "restart", "elsewhere"]);
});

test("what is connected is left when every offer was refused", async (t) => {
  const stage = new Stage(t);
  const connection = await stage.live();
  stage.casey.fresh();
  for (let n = 0; n < 250 && stage.casey.status === "restoring"; n++) {
    await stage.world.pass(1000);
    stage.world.socket.say({ type: "pong" });
    refuse(stage, "internal");
  }
  assert.equal(stage.casey.status, "live");
  assert.equal(connection.closed, false);
  assert.deepEqual(stage.events("failed"), []);
});

test("an interview that may not be gone on with from here is given up at once", async (t) => {
  const stage = new Stage(t);
  const connection = await stage.live();
  connection.become("failed");
  await stage.world.pass(500);
  refuse(stage, "forbidden");
  assert.deepEqual(
    stage.events("failed").map(({ code }) => code),
    ["forbidden"],
  );
});

test("a reload while the services fail begins no other interview", async (t) => {
  const stage = new Stage(t);
  await stage.live();
  stage.casey.leave();
  await stage.connect({ resume: true });
  refuse(stage, "internal");
  await stage.world.pass(2100);
  assert.deepEqual(
    stage.world.socket.told("offer").map(({ want, session }) => [want, session]),
    [
      ["fresh", "s"],
      ["elsewhere", "s"],
    ],
  );
  assert.deepEqual(stage.events("trouble"), []);
  refuse(stage, "forbidden");
  await settled();
  assert.deepEqual(
    stage.events("trouble").map(({ code }) => code),
    ["anew"],
    "one that is not theirs is another matter",
  );
});

test("a first offer that is refused in passing is made again, also while somebody waits", async (t) => {
  const stage = new Stage(t);
  await stage.connect();
  stage.world.socket.say({ type: "waiting", ahead: 1 });
  refuse(stage, "unavailable");
  await stage.world.pass(2100);
  assert.equal(stage.world.socket.told("offer").length, 2);
  refuse(stage, "bad_offer");
  assert.equal(await stage.outcome, "bad_offer");
});

test("a data channel that dies alone is a lost connection", async (t) => {
  const stage = new Stage(t);
  const connection = await stage.live();
  connection.channel.closed();
  await stage.world.pass(900);
  assert.deepEqual(stage.wants, ["nothing"], "a bye may be under way");
  await stage.world.pass(200);
  assert.deepEqual(stage.wants, ["nothing", "fresh"]);
  assert.equal(stage.casey.status, "restoring");
  await stage.answer();
  stage.world.connection.connect();
  assert.equal(stage.casey.status, "live");
  assert.equal(connection.closed, true);
});

test("a channel that closes before a bye is no loss, and one that closes with its connection is lost as that is", async (t) => {
  const stage = new Stage(t);
  const connection = await stage.live();
  connection.channel.closed();
  stage.world.socket.say({ type: "bye", reason: "ended", resumable: false });
  await stage.world.pass(1000);
  assert.deepEqual(stage.wants, ["nothing"]);
  assert.equal(stage.casey.status, "over");
  const next = await stage.live();
  next.channel.closed();
  next.become("failed");
  await stage.world.pass(1500);
  assert.deepEqual(stage.wants.slice(2), ["restart"]);
});

test("an ICE restart does not make a connection whole whose channel died", async (t) => {
  const stage = new Stage(t);
  const connection = await stage.live();
  connection.become("disconnected");
  await stage.world.pass(600);
  connection.channel.closed();
  await stage.answer();
  connection.become("connected");
  assert.equal(stage.casey.status, "restoring");
  await stage.world.pass(8100);
  assert.equal(stage.wants.at(-1), "elsewhere");
});

test("the old worker's channel closes: the new one is heard", async (t) => {
  const stage = new Stage(t);
  const old = await stage.live();
  stage.world.socket.say({ type: "move" });
  await settled();
  await stage.answer();
  stage.world.connection.connect();
  old.channel.closed();
  assert.equal(old.closed, true);
  assert.equal(stage.casey.status, "live");
});

test("all media go over one transport", async (t) => {
  const stage = new Stage(t);
  await stage.live();
  assert.equal(Connection.all[0]!.configuration.bundlePolicy, "max-bundle");
});
