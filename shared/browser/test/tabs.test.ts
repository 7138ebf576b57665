import assert from "node:assert/strict";
import { test } from "node:test";
import { Casey } from "../src/casey.js";
import { settled, Tab } from "./fake.js";
import { Stage } from "./stage.js";

test("an interview that another tab took ends here, in words, and offers nothing more", async (t) => {
  const stage = new Stage(t);
  const first = await stage.live();
  stage.world.shared.kept.clear();
  const copy = new Casey(); // the duplicate has a copy of the tab's storage, as here
  const begun = copy.connect("wss://casey/ws", { resume: true });
  await settled();
  stage.world.socket.open();
  await settled();
  await stage.answer();
  stage.world.connection.connect();
  await begun;
  first.become("failed");
  await stage.world.pass(1000);
  assert.deepEqual(stage.events("bye"), [{ reason: "another_tab", resumable: false }]);
  assert.equal(stage.casey.status, "over");
  assert.deepEqual(stage.wants, ["nothing", "fresh"]);
  assert.equal(copy.status, "live");
  assert.equal(stage.world.shared.kept.size, 0, "nobody is told that it could be gone on with");
  copy.close();
  assert.equal(Tab.all.length, 0);
});

test("another interview in another tab is nobody's concern", async (t) => {
  const stage = new Stage(t);
  await stage.live();
  const other = new Tab("casey");
  for (const data of [{ session: "other" }, {}, null, "s"]) other.postMessage(data);
  assert.equal(stage.casey.status, "live");
  stage.world.put({ BroadcastChannel: undefined });
  stage.casey.close();
  await stage.live();
  assert.equal(stage.casey.status, "live", "a browser without such channels");
});
