import assert from "node:assert/strict";
import { test } from "node:test";
import { Watch } from "../src/watch.js";

test("what is seen at a look is told, and nothing twice", () => {
  const told: unknown[] = [];
  const looks: unknown[] = [];
  const seen = [
    { own: 0.1, voice: 0.2, heard: { turn: 4, ms: 700 }, viseme: "a" },
    { own: 0.3, voice: 0.4 },
  ];
  const playback = {
    expect: (event: unknown) => void told.push(["expect", event]),
    cut: (utterance: number, ms: number) => ms - utterance,
  };
  const studio = {
    playback,
    look: (source: unknown, turn: unknown) => {
      looks.push([source, turn]);
      return seen.shift()!;
    },
  };
  const watch = new Watch(studio, {
    source: () => ({ rtpTimestamp: 1, timestamp: 2 }),
    heard: (event) => told.push(event),
    played: (event) => told.push(event),
    viseme: (value) => told.push(value),
    levels: (levels) => told.push(levels),
  });
  const visemes = { type: "visemes", seq: 2, utterance: 9, rtp: 5, marks: [] } as const;
  watch.take({ type: "state", seq: 1, state: "speaking", turn: 4 });
  watch.take({ ...visemes, marks: [] });
  watch.look();
  watch.levels();
  watch.take({ type: "state", seq: 3, state: "listening", turn: 5 });
  watch.take({ type: "cut", seq: 4, utterance: 9, ms: 500 });
  watch.look();
  watch.levels();
  assert.deepEqual(told, [
    ["expect", visemes],
    { turn: 4, ms: 700 },
    "a",
    { own: 0.1, voice: 0.2 },
    { utterance: 9, ms: 491 },
    { own: 0.3, voice: 0.4 },
  ]);
  const source = { rtpTimestamp: 1, timestamp: 2 };
  assert.deepEqual(
    looks,
    [
      [source, 4],
      [source, undefined],
    ],
    "only a turn that is spoken is named",
  );
});
