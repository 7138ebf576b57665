import assert from "node:assert/strict";
import { test } from "node:test";
import { socketURL } from "../src/url.js";

test("every way to write casey's address leads to the same socket", () => {
  for (const [given, want] of [
    ["ws://localhost:3001/ws", "ws://localhost:3001/ws"],
    ["ws://localhost:3001", "ws://localhost:3001/ws"],
    ["ws://localhost:3001/", "ws://localhost:3001/ws"],
    ["http://localhost:3001", "ws://localhost:3001/ws"],
    ["https://a.execute-api.eu-west-1.amazonaws.com/ws", "wss://a.execute-api.eu-west-1.amazonaws.com/ws"],
    ["wss://casey.example.com/ws/", "wss://casey.example.com/ws"],
    ["https://casey.example.com?key=1&ticket=a%20b", "wss://casey.example.com/ws?key=1&ticket=a%20b"],
    ["wss://casey.example.com/v1#x", "wss://casey.example.com/v1/ws"],
    [" wss://casey.example.com/ws ", "wss://casey.example.com/ws"],
  ] as const) {
    assert.equal(socketURL(given), want);
  }
  assert.equal(socketURL("/ws", "https://casey.example.com/talk?x=1"), "wss://casey.example.com/ws");
});

test("what is no address is refused", () => {
  for (const given of ["", "ftp://x", "javascript:alert(1)", "casey"]) assert.throws(() => socketURL(given), TypeError);
});
