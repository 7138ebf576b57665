import assert from "node:assert/strict";
import { test } from "node:test";
import { DELAY, elapsed, SpeechClock } from "../src/clock.js";
import type { Mark } from "../src/events.js";

const marks: Mark[] = [
  [0, "t"],
  [120, "a"],
  [700, "p"],
];

/**
 * clock plays an utterance whose first packet has the timestamp `rtp`, and has just
 * played that packet at 1000.
 */
function clock(rtp = 5000, latency = 0): SpeechClock {
  const c = new SpeechClock();
  c.add({ utterance: 7, turn: 3, rtp, marks });
  c.sample({ rtpTimestamp: rtp, timestamp: 1000 }, latency, 1000);
  return c;
}

test("RTP time wraps", () => {
  assert.equal(elapsed(1000, 1480), 10);
  assert.equal(elapsed(1480, 1000), -10);
  assert.equal(elapsed(2 ** 32 - 480, 480), 20);
  assert.equal(elapsed(480, 2 ** 32 - 480), -20);
});

test("a mouth shape comes with its sound, the constant delay later", () => {
  for (const rtp of [5000, 2 ** 32 - 960]) {
    const c = clock(rtp);
    for (const [ms, viseme] of [
      [-1, "sil"],
      [0, "t"],
      [119, "t"],
      [120, "a"],
      [490, "a"],
    ] as const) {
      assert.equal(c.viseme(1000 + DELAY + ms), viseme, `${ms}`);
    }
  }
});

test("the loudspeaker's latency delays it further", () => {
  const c = clock(5000, 30);
  assert.equal(c.viseme(1000 + DELAY + 29), "sil");
  assert.equal(c.viseme(1000 + DELAY + 30), "t");
});

test("later packets move the position", () => {
  const c = clock();
  c.sample({ rtpTimestamp: 5000 + 48 * 690, timestamp: 2000 }, 0, 2000);
  assert.deepEqual(c.position(2000 + DELAY), { utterance: 7, turn: 3, ms: 690 });
  assert.equal(c.viseme(2000 + DELAY + 10), "p");
  assert.equal(c.viseme(2000 + DELAY + 300), "sil", "the last shape does not stay");
});

test("a packet of long ago says nothing about now", () => {
  const c = clock();
  assert.equal(c.viseme(1000 + 501), "sil");
  assert.equal(c.position(1501), undefined);
  c.sample(undefined, 0, 1100);
  assert.equal(c.viseme(1100), "sil");
});

test("a cut closes the mouth and drops what would follow", () => {
  const c = clock();
  c.cut(7, 300);
  assert.equal(c.viseme(1000 + DELAY + 299), "a");
  assert.equal(c.viseme(1000 + DELAY + 301), "sil");
  c.cut(99, 0);
});

test("of two utterances the one that began last is heard", () => {
  const c = clock();
  c.add({ utterance: 8, turn: 3, rtp: 5000 + 48 * 400, marks: [[0, "u"]] });
  assert.equal(c.viseme(1000 + DELAY + 399), "a");
  assert.equal(c.viseme(1000 + DELAY + 400), "u");
  assert.equal(c.progress(7, 1000 + DELAY + 400), 400);
  assert.equal(c.progress(9, 1000), undefined);
  c.clear();
  assert.equal(c.viseme(1000 + DELAY + 400), "sil");
});

test("where the browser stamps packets by another clock, what was seen last tells the position", () => {
  for (const wrong of [0, 1e12, -5000, Number.NaN]) {
    const c = new SpeechClock();
    c.add({ utterance: 7, turn: 3, rtp: 5000, marks });
    c.sample({ rtpTimestamp: 5000 - 960, timestamp: wrong }, 0, 980);
    assert.equal(c.knows(980), false, "the first packet may be old");
    c.sample({ rtpTimestamp: 5000, timestamp: wrong + 20 }, 0, 1000);
    assert.deepEqual(c.position(1000 + DELAY + 130), { utterance: 7, turn: 3, ms: 130 });
    assert.equal(c.viseme(1000 + DELAY + 130), "a");
    c.sample({ rtpTimestamp: 5000, timestamp: wrong + 20 }, 0, 1300);
    assert.equal(c.progress(7, 1300), 300 - DELAY, "the same packet is no news");
    assert.equal(c.knows(1501), false, "nothing plays any more");
  }
});
