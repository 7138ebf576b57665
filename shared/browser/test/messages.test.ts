import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { parseEvent } from "../src/events.js";
import { parseServer } from "../src/messages.js";

/** golden reads the files that the Go side keeps to as well; tests run in shared/browser. */
function golden(folder: string): [string, string][] {
  return readdirSync(folder)
    .filter((f) => f.endsWith(".json"))
    .map((f) => [f.replace(".json", ""), readFileSync(`${folder}/${f}`, "utf8")]);
}

test("every message of the server is read", () => {
  const names = [
    "session",
    "session-plain",
    "waiting",
    "answer",
    "server-ice",
    "move",
    "bye",
    "rejected",
    "error",
    "pong",
  ];
  const files = golden("../wire/testdata").filter(([name]) => names.includes(name));
  assert.equal(files.length, names.length);
  for (const [name, data] of files) assert.deepEqual(parseServer(data), JSON.parse(data), name);
});

test("every event of the worker is read", () => {
  const files = golden("../channel/testdata").filter(([, data]) => "seq" in JSON.parse(data));
  assert.ok(files.length >= 11);
  for (const [name, data] of files) assert.deepEqual(parseEvent(data), JSON.parse(data), name);
});

test("what the gateway says itself is a lost message", () => {
  const data = '{"message":"Internal server error","connectionId":"c=","requestId":"r"}';
  assert.deepEqual(parseServer(data), { type: "lost", message: "Internal server error" });
});

test("what no server says is ignored", () => {
  const odd = [
    "",
    "[]",
    "null",
    "1",
    "{}",
    '{"type":1}',
    '{"type":"toString"}',
    '{"type":"waiting"}',
    '{"type":"answer","sdp":null,"session":"s","peer":"p"}',
    new ArrayBuffer(1),
  ];
  for (const data of odd) assert.equal(parseServer(data), undefined);
  for (const data of [...odd, '{"type":"state"}', '{"type":"visemes","utterance":1,"rtp":1}'])
    assert.equal(parseEvent(data), undefined);
});
