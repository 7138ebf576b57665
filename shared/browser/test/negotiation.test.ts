import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Negotiation } from "../src/negotiation.js";
import { Peer } from "../src/peer.js";
import type { Aim } from "../src/retry.js";
import { Connection, type Message, Stream, settled, Track, World } from "./fake.js";

/** Scene is a negotiation and what its owner sees of it. */
class Scene {
  readonly world: World;
  readonly sent: Message[] = [];
  readonly ends: [Aim, boolean][] = [];
  readonly failures: unknown[] = [];
  current: Peer | undefined;
  open = true;
  readonly negotiation: Negotiation;

  constructor(t: TestContext) {
    this.world = new World(t);
    this.negotiation = new Negotiation({
      interview: "coach",
      ticket: () => ({ session: "s", resume: "r" }),
      newPeer: () => this.newPeer(),
      current: () => this.current,
      send: (message) => this.open && this.sent.push(message) > 0,
      exhausted: (aim, answered) => void this.ends.push([aim, answered]),
      failed: (cause) => void this.failures.push(cause),
    });
  }

  newPeer(): Peer {
    const [track, stream] = [new Track("a"), new Stream()] as never[];
    const nothing = (): void => undefined;
    return new Peer(
      { track: track!, stream: stream!, iceServers: [], transport: undefined },
      { ready: nothing, event: nothing, candidate: nothing, connection: nothing, silent: nothing },
    );
  }

  get offers(): Message[] {
    return this.sent.filter(({ type }) => type === "offer");
  }

  /** plan is what was offered, when: the want and whether the peer was another one. */
  async watch(ms: number): Promise<string[]> {
    const plan: string[] = [];
    let seen = 0;
    let peer: string | undefined;
    for (let at = 0; at <= ms; at += 1000) {
      await settled();
      for (const offer of this.offers.slice(seen)) {
        plan.push(`${at / 1000} ${offer.want ?? "nothing"} ${offer.peer === peer ? "same" : "new"}`);
        peer = offer.peer;
      }
      seen = this.offers.length;
      await this.world.pass(1000);
    }
    return plan;
  }

  answer(sdp = "answer"): Promise<boolean> {
    return this.negotiation.accept(this.negotiation.peer!.name, { type: "answer", sdp });
  }
}

test("a new interview repeats its offer, to the letter, and gives up after half a minute", async (t) => {
  const scene = new Scene(t);
  scene.negotiation.pursue("begin");
  assert.deepEqual(await scene.watch(40000), [
    "0 nothing new",
    "2 nothing same",
    "5 nothing same",
    "10 nothing same",
    "18 nothing same",
  ]);
  assert.equal(new Set(scene.offers.map(({ sdp }) => sdp.sdp)).size, 1);
  assert.deepEqual(scene.ends, [["begin", false]]);
  assert.ok(
    Connection.all.every(({ closed }) => closed),
    "the peer that never was is closed",
  );
  const { interview, session, resume } = scene.offers[0];
  assert.deepEqual([interview, session, resume], ["coach", "s", "r"]);
});

test("a restart offers the peer that there is, then another one to another worker", async (t) => {
  const scene = new Scene(t);
  scene.current = scene.newPeer();
  scene.negotiation.pursue("restart");
  const plan = await scene.watch(7000);
  assert.deepEqual(plan, ["0 restart new", "2 elsewhere new", "6 elsewhere new"]);
  assert.equal(scene.offers[0].peer, scene.current.name);
  assert.match(scene.offers[0].sdp.sdp, /restart$/);
  assert.equal(Connection.all[0]!.closed, false, "what is heard is not closed");
  assert.equal(Connection.all[1]!.closed, true, "a try that was overtaken is");
});

test("what is pursued already is not begun anew", async (t) => {
  const scene = new Scene(t);
  scene.negotiation.pursue("resume");
  await scene.world.pass(3000);
  scene.negotiation.pursue("resume");
  await settled();
  assert.deepEqual(
    scene.offers.map(({ want }) => want),
    ["fresh", "elsewhere"],
  );
});

test("an offer of a socket that is not open is sent when it is, with its candidates", async (t) => {
  const scene = new Scene(t);
  scene.open = false;
  scene.negotiation.pursue("begin");
  await settled();
  scene.world.connection.onicecandidate?.({
    candidate: { toJSON: () => ({ candidate: "candidate:1 1 udp 1 10.0.0.1 5" }) },
  });
  scene.open = true;
  scene.negotiation.resend();
  assert.deepEqual(
    scene.sent.map(({ type }) => type),
    ["offer", "ice"],
  );
});

test("an offer that the gateway lost is repeated, ever later, five times at most", async (t) => {
  const scene = new Scene(t);
  scene.negotiation.pursue("begin");
  await settled();
  scene.negotiation.lost();
  await scene.world.pass(100);
  assert.equal(scene.offers.length, 1);
  await scene.world.pass(100);
  assert.equal(scene.offers.length, 2);
  for (let n = 0; n < 20; n++) scene.negotiation.lost();
  await scene.world.pass(200 * 2 ** 5);
  assert.ok(scene.offers.length <= 6, `${scene.offers.length} offers`);
});

test("a place in the queue stops the clock", async (t) => {
  const scene = new Scene(t);
  scene.negotiation.pursue("begin");
  await settled();
  scene.negotiation.waiting();
  await scene.world.pass(600000);
  assert.equal(scene.offers.length, 1);
  assert.deepEqual(scene.ends, []);
});

test("an answer is taken by the peer that it is for, and leads to media or to the next try", async (t) => {
  const scene = new Scene(t);
  scene.negotiation.pursue("begin");
  await settled();
  assert.equal(await scene.negotiation.accept("p-of-another", { type: "answer", sdp: "x" }), false);
  assert.equal(await scene.answer(), true);
  assert.equal(scene.world.connection.signalingState, "stable");
  await scene.world.pass(7900);
  assert.equal(scene.offers.length, 1, "it is given eight seconds");
  await scene.world.pass(200);
  assert.equal(scene.offers.length, 2);
  assert.equal(Connection.all.length, 2, "by another peer");
  await scene.answer();
  await scene.world.pass(8100);
  assert.deepEqual(scene.ends, [["begin", true]], "twice answered without media is enough");
});

test("an answer that is no SDP leads to the next try", async (t) => {
  const scene = new Scene(t);
  scene.negotiation.pursue("begin");
  await settled();
  await scene.answer("bad");
  assert.equal(Connection.all.length, 1, "not at once: what answers so may answer so again");
  await scene.world.pass(2100);
  assert.equal(Connection.all.length, 2);
});

test("one that is done or stopped makes no further try, and keeps what is heard", async (t) => {
  const scene = new Scene(t);
  scene.negotiation.pursue("begin");
  await settled();
  scene.current = scene.negotiation.peer;
  scene.negotiation.done();
  assert.equal(scene.negotiation.active, undefined);
  scene.negotiation.pursue("move");
  await settled();
  scene.negotiation.stop();
  await scene.world.pass(60000);
  assert.deepEqual(
    Connection.all.map(({ closed }) => closed),
    [false, true],
  );
  assert.equal(scene.offers.length, 2);
  assert.deepEqual(scene.ends, []);
});
