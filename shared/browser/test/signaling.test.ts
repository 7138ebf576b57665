import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Signaling } from "../src/signaling.js";
import { Socket, World } from "./fake.js";

/** scene is a signaling connection and what its owner is told. */
function scene(t: TestContext) {
  const world = new World(t);
  const told: string[] = [];
  const signaling = new Signaling("wss://casey/ws", {
    opened: () => void told.push("opened"),
    message: ({ type }) => void told.push(type),
    closed: (failures) => void told.push(`closed ${failures}`),
    sent: ({ type }) => void told.push(`sent ${type}`),
  });
  signaling.open();
  return { world, told, signaling };
}

test("messages go and come while the socket is open", (t) => {
  const { world, told, signaling } = scene(t);
  assert.equal(signaling.send({ type: "leave" }), false, "it is not open yet");
  world.socket.open();
  assert.equal(signaling.send({ type: "leave" }), true);
  world.socket.say({ type: "move" });
  world.socket.say({ type: "nonsense" });
  world.socket.say({ message: "Internal server error" });
  assert.deepEqual(world.socket.sent, [{ type: "leave" }]);
  assert.deepEqual(told, ["opened", "sent leave", "move", "lost"]);
});

test("it is pinged every 25 s, and every 5 s while somebody waits", async (t) => {
  const { world, signaling } = scene(t);
  world.socket.open();
  await world.pass(25000);
  assert.equal(world.socket.told("ping").length, 1);
  world.socket.say({ type: "pong" });
  signaling.pingEvery(5000);
  await world.pass(5000);
  world.socket.say({ type: "waiting", ahead: 1 });
  await world.pass(5000);
  assert.equal(world.socket.told("ping").length, 3);
});

test("a socket that closed is opened again, ever later, until something came", async (t) => {
  const { world, told } = scene(t);
  for (const wait of [1000, 2000, 4000]) {
    world.socket.closed();
    const before = Socket.all.length;
    await world.pass(wait - 100);
    assert.equal(Socket.all.length, before);
    await world.pass(100);
    assert.equal(Socket.all.length, before + 1, `after ${wait} ms`);
  }
  assert.deepEqual(told, ["closed 1", "closed 2", "closed 3"]);
  world.socket.open();
  world.socket.say({ type: "pong" });
  world.socket.closed();
  assert.equal(told.at(-1), "closed 1", "it worked meanwhile");
});

test("one that was closed here stays closed", async (t) => {
  const { world, told, signaling } = scene(t);
  world.socket.open();
  signaling.close();
  world.socket.closed();
  await world.pass(60000);
  assert.equal(Socket.all.length, 1);
  assert.deepEqual(told, ["opened"]);
});
