/** Whatever throws while an interview begins or runs is told, and nothing is left open. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection, Context, Socket } from "./fake.js";
import { Stage } from "./stage.js";

for (const [what, has] of Object.entries<(stage: Stage) => void>({
  "a browser without peer connections": (stage) => stage.world.put({ RTCPeerConnection: undefined }),
  "ICE servers that the browser refuses": () => {
    Connection.refuse = new DOMException("not a STUN server", "SyntaxError");
  },
  "an offer that the browser does not make": (stage) => {
    stage.world.put({
      RTCPeerConnection: class extends Connection {
        override async createOffer(): Promise<never> {
          throw new DOMException("no codec", "OperationError");
        }
      },
    });
  },
  "a browser that plays nothing": () => {
    Context.refuse = "all";
  },
})) {
  test(what, async (t) => {
    const stage = new Stage(t);
    has(stage);
    await stage.connect();
    assert.equal(await stage.outcome, "unsupported");
    assert.deepEqual(
      stage.events("failed").map(({ code }) => code),
      ["unsupported"],
    );
    assert.equal(stage.casey.status, "over");
    assert.deepEqual(stage.left, []);
  });
}

test("a socket that the browser forbids", async (t) => {
  const stage = new Stage(t);
  Socket.refuse = true;
  await stage.connect();
  await stage.world.pass(10000);
  assert.equal(await stage.outcome, "gateway");
  assert.deepEqual(stage.left, []);
});

test("a microphone that cannot be measured is not left open", async (t) => {
  const stage = new Stage(t);
  Context.refuse = "microphones";
  await stage.connect();
  assert.equal(await stage.outcome, "microphone_busy");
  assert.deepEqual(stage.left, []);
});

test("a running interview outlives a peer connection that the browser does not make", async (t) => {
  const stage = new Stage(t);
  const connection = await stage.live();
  connection.become("failed");
  await stage.world.pass(500);
  Connection.refuse = new DOMException("too many", "UnknownError");
  await stage.world.pass(2100);
  assert.equal(stage.casey.status, "restoring");
  Connection.refuse = undefined;
  await stage.world.pass(4100);
  assert.deepEqual(stage.wants, ["nothing", "restart", "elsewhere"]);
});

test("a recording that cannot be made stops no interview", async (t) => {
  const stage = new Stage(t);
  await stage.live({ record: true });
  assert.equal(stage.casey.status, "live");
  assert.equal(stage.casey.recording, false);
  assert.deepEqual(
    stage.events("trouble").map(({ code }) => code),
    ["recording"],
  );
});

test("a listener that throws stops nobody else", async (t) => {
  const stage = new Stage(t);
  const reported: unknown[] = [];
  stage.world.put({ reportError: (error: unknown) => reported.push(error) });
  stage.casey.on("status", ({ status }) => {
    throw new Error(status);
  });
  await stage.live();
  assert.equal(await stage.outcome, "live");
  assert.deepEqual(
    reported.map((error) => (error as Error).message),
    ["microphone", "connecting", "live"],
  );
});

test("a data channel that takes no more is not there", async (t) => {
  const stage = new Stage(t);
  const connection = await stage.live();
  connection.channel.send = () => {
    throw new DOMException("the queue is full", "OperationError");
  };
  stage.casey.nudge();
  stage.casey.end();
  assert.deepEqual(stage.world.socket.sent.at(-1), { type: "end" }, "the socket is told instead");
});
