import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection, settled } from "./fake.js";
import { Stage } from "./stage.js";

const troubles = (stage: Stage): string[] => stage.events("trouble").map(({ code }) => code);
const opened = (stage: Stage): string[] => stage.events("microphone").map(({ device }) => device);

/** talk has microphones, of which "usb" was chosen. */
async function talk(stage: Stage): Promise<void> {
  stage.world.devices.there = ["built-in", "usb"];
  await stage.live({ device: "usb" });
}

test("one that is unplugged is replaced by another, and taken again when it is back", async (t) => {
  const stage = new Stage(t);
  await talk(stage);
  stage.world.devices.plug("built-in");
  stage.world.devices.tracks[0]!.does("ended");
  await stage.world.pass(100);
  assert.deepEqual([troubles(stage), opened(stage)], [["microphone_lost"], ["usb", "built-in"]]);
  stage.world.devices.plug("built-in", "camera");
  await stage.world.pass(100);
  assert.deepEqual(opened(stage), ["usb", "built-in"], "not whenever anything is plugged in");
  stage.world.devices.plug("built-in", "camera", "usb");
  await stage.world.pass(100);
  assert.deepEqual(opened(stage), ["usb", "built-in", "usb"]);
  assert.equal(stage.world.connection.tracks.at(-1), stage.world.devices.tracks.at(-1));
  stage.casey.close();
  assert.deepEqual(stage.left, []);
});

test("one that the person chose meanwhile stays", async (t) => {
  const stage = new Stage(t);
  await talk(stage);
  stage.world.devices.plug("built-in", "headset");
  stage.world.devices.tracks[0]!.does("ended");
  await stage.world.pass(100);
  await stage.casey.useMicrophone("headset");
  stage.world.devices.plug("built-in", "headset", "usb");
  await stage.world.pass(100);
  assert.equal(opened(stage).at(-1), "headset");
});

test("none is left: the first that is plugged in is taken", async (t) => {
  const stage = new Stage(t);
  await talk(stage);
  stage.casey.mute(true);
  stage.world.devices.there = [];
  stage.world.devices.tracks[0]!.does("ended");
  await stage.world.pass(1000);
  stage.world.devices.plug("headset");
  await stage.world.pass(100);
  assert.deepEqual([troubles(stage), opened(stage)], [["microphone_lost"], ["usb", "headset"]]);
  assert.equal(stage.casey.muted, true, "muted stays muted");
});

test("the permission is revoked and given back", async (t) => {
  const stage = new Stage(t);
  await talk(stage);
  const { devices, permission } = stage.world;
  permission.state = "denied";
  devices.denied = "NotAllowedError";
  devices.tracks[0]!.does("ended");
  await stage.world.pass(100);
  assert.deepEqual(troubles(stage), ["permission"]);
  permission.state = "granted";
  devices.denied = undefined;
  permission.dispatchEvent(new Event("change"));
  await settled();
  await settled();
  assert.deepEqual(opened(stage), ["usb", "usb"]);
  assert.equal(stage.world.connection.tracks.length, 2, "it is heard again");
});

test("the system mutes it: that is told, and that it is back", async (t) => {
  const stage = new Stage(t);
  await talk(stage);
  const [track] = stage.world.devices.tracks;
  track!.does("mute");
  await stage.world.pass(500);
  track!.does("unmute");
  await stage.world.pass(2000);
  assert.deepEqual(troubles(stage), [], "a moment is no trouble");
  track!.does("mute");
  await stage.world.pass(1100);
  assert.deepEqual([troubles(stage), opened(stage)], [["microphone_silenced"], ["usb"]]);
  track!.does("unmute");
  assert.deepEqual(opened(stage), ["usb", "usb"]);
  track!.does("mute");
  await stage.casey.useMicrophone("built-in");
  await stage.world.pass(2000);
  assert.deepEqual(troubles(stage), ["microphone_silenced"], "another one is not muted");
});

test("one that changes while a move is made is sent to both workers", async (t) => {
  const stage = new Stage(t);
  await talk(stage);
  stage.world.socket.say({ type: "move" });
  await settled();
  await stage.casey.useMicrophone("built-in");
  const [old, next] = Connection.all;
  for (const connection of [old, next]) assert.equal(connection!.tracks.at(-1), stage.world.devices.tracks.at(-1));
});
