import assert from "node:assert/strict";
import { test } from "node:test";
import { settings } from "../page/config.js";
import { fileName } from "../page/files.js";
import { approach, weights } from "../page/morphs.js";
import { draw, ease, mouthFor, mouthForLevel, pose, REST } from "../page/mouth.js";
import { afterWords, byeWords, doingWords, statusWords, troubleWords } from "../page/words.js";
import { Speaker } from "../src/audio.js";
import { carries, keepTransport } from "../src/candidates.js";
import { Emitter } from "../src/emitter.js";
import { CaseyError, microphoneError } from "../src/fault.js";
import { Latency } from "../src/latency.js";
import { Memory } from "../src/memory.js";
import { join } from "../src/recorder.js";
import { Context, World } from "./fake.js";

test("candidates of the other transport are taken out", () => {
  const udp = "candidate:1 1 udp 1 10.0.0.1 5 typ host";
  const tcp = "candidate:2 1 TCP 1 10.0.0.1 5 typ host tcptype passive";
  const sdp = `v=0\r\na=${udp}\r\na=${tcp}\r\na=end-of-candidates\r\n`;
  assert.equal(keepTransport(sdp, "tcp"), `v=0\r\na=${tcp}\r\na=end-of-candidates\r\n`);
  assert.equal(keepTransport(sdp, "udp"), `v=0\r\na=${udp}\r\na=end-of-candidates\r\n`);
  assert.equal(keepTransport(sdp, undefined), sdp);
  assert.deepEqual(
    [carries(udp, "tcp"), carries(tcp, "tcp"), carries("", "tcp"), carries(udp, undefined)],
    [false, true, true, true],
  );
});

test("listeners hear until they are taken off", () => {
  class Bell extends Emitter<{ ring: number; stop: string }> {
    ring(n: number): void {
      this.emit("ring", n);
    }
  }
  const bell = new Bell();
  const heard: unknown[] = [];
  const off = bell.on("ring", (n) => heard.push(n));
  const offAny = bell.onAny((name, event) => heard.push([name, event]));
  bell.ring(1);
  off();
  bell.ring(2);
  offAny();
  bell.ring(3);
  assert.deepEqual(heard, [["ring", 1], 1, ["ring", 2]]);
});

test("a reply's latency is told once a turn, from the candidate's last sound", () => {
  const latency = new Latency();
  assert.equal(latency.look(0, 0, 0, undefined), undefined);
  assert.deepEqual(latency.look(10, 0, 0.1, 1), { turn: 1, ms: 0 });
  assert.equal(latency.look(20, 0, 0.1, 1), undefined);
  assert.equal(latency.look(1000, 0.1, 0, undefined), undefined);
  assert.equal(latency.look(1020, 0.001, 0, undefined), undefined);
  assert.equal(latency.look(1900, 0, 0, 2), undefined, "nothing is heard yet");
  assert.deepEqual(latency.look(1912, 0, 0.1, 2), { turn: 2, ms: 912 });
});

/** a browser's storage, as a map */
function storage(): Storage & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (k: string) => kept.get(k) ?? null,
    setItem: (k: string, v: string) => kept.set(k, v),
    removeItem: (k: string) => kept.delete(k),
  } as never;
}

test("a ticket survives a reload of its own tab", () => {
  const storages = { tab: storage(), all: storage() };
  new Memory("wss://a/ws?ticket=1", storages).keep({ session: "s", resume: "r" });
  assert.deepEqual(new Memory("wss://a/ws?ticket=2", storages).ticket, { session: "s", resume: "r" });
  assert.equal(new Memory("wss://b/ws", storages).ticket, undefined);
  assert.equal(
    new Memory("wss://a/ws", { ...storages, tab: storage() }).ticket,
    undefined,
    "another tab has no part in it",
  );
  new Memory("wss://a/ws", storages).forget();
  assert.equal(new Memory("wss://a/ws", storages).ticket, undefined);
  storages.tab.kept.set("casey:wss://a/ws", "{");
  assert.equal(new Memory("wss://a/ws", storages).ticket, undefined);
});

test("an interview that was left goes on in any tab, for a day", () => {
  const all = storage();
  const left = new Memory("wss://a/ws", { tab: storage(), all });
  left.leave();
  assert.equal(all.kept.size, 0, "there is nothing to leave");
  left.keep({ session: "s", resume: "r" });
  left.leave();
  const later = new Memory("wss://a/ws", { tab: storage(), all });
  assert.deepEqual(later.ticket, { session: "s", resume: "r" });
  later.keep(later.ticket!);
  assert.equal(new Memory("wss://a/ws", { tab: storage(), all }).ticket, undefined, "one tab has it again");
  all.kept.set("casey:wss://a/ws", JSON.stringify({ session: "s", resume: "r", until: Date.now() - 1 }));
  assert.equal(new Memory("wss://a/ws", { tab: storage(), all }).ticket, undefined);
});

test("every failure has words and a remedy", () => {
  const codes = [
    "permission",
    "no_microphone",
    "microphone_busy",
    "microphone_lost",
    "sound_blocked",
    "insecure",
    "gateway",
    "no_answer",
    "media",
    "lost",
    "full",
    "unavailable",
    "ended",
  ];
  for (const code of codes) {
    const words = troubleWords({ code, message: "" }, "Robin");
    assert.ok(
      words.title.length > 5 && words.text.length > 5 && words.remedy.length > 5 && words.title !== "That did not work",
      code,
    );
  }
  assert.deepEqual(
    troubleWords({ code: "new", message: "the moon is in the way" }, "Robin").text,
    "The moon is in the way.",
  );
  const denied = Object.assign(new Error("x"), { name: "NotAllowedError" });
  assert.equal(microphoneError(denied).code, "permission");
  assert.equal(microphoneError("?").code, "microphone_busy");
  assert.ok(microphoneError(denied) instanceof CaseyError);
});

test("nobody is told to be listened to who cannot be heard", () => {
  assert.equal(doingWords("listening", false, false, "Robin"), "Listening to you");
  assert.equal(doingWords("listening", true, false, "Robin"), "You are muted");
  assert.equal(doingWords("listening", true, true, "Robin"), "Robin does not hear you");
  assert.equal(doingWords("speaking", true, true, "Robin"), "Speaking");
});

test("an interview that goes on in another tab is not praised as done", () => {
  assert.match(byeWords("another_tab", false), /another tab/);
  assert.match(afterWords(false, "another_tab"), /another tab/);
  assert.match(afterWords(true, "left"), /waits/);
});

test("the place in the queue is told in words", () => {
  assert.deepEqual(
    [0, 1, 7, 100].map((n) => statusWords("waiting", n)),
    ["You are next", "One person before you", "7 people before you", "100 or more people before you"],
  );
  assert.equal(byeWords("whatever", true), "Paused: you can go on later");
});

test("the page's address wins over its configuration", () => {
  const page = new URL("https://casey.example.com/?interview=coach&transport=tcp&probe=1&focus=Why%3F");
  assert.deepEqual(settings(page, {}), {
    url: "https://casey.example.com/ws",
    local: false,
    probe: true,
    language: undefined,
    avatar: undefined,
    focus: "Why?",
    options: { interview: "coach", transport: "tcp" },
  });
  assert.equal(settings(page, { ws: "wss://b/ws", local: true }).url, "wss://b/ws");
  assert.equal(settings(new URL("https://a/?ws=wss://c/ws&transport=x"), { ws: "wss://b/ws" }).url, "wss://c/ws");
});

test("mouths differ where their sounds do", () => {
  const closed = mouthFor("p"),
    wide = mouthFor("a"),
    kiss = mouthFor("u");
  assert.equal(closed.open, 0);
  assert.ok(wide.open > 0.6 && kiss.wide < -0.5 && mouthFor("f").tuck === 1 && mouthFor("T").tongue === 1);
  assert.notDeepEqual(mouthFor("s"), mouthFor("S"));
  assert.deepEqual(mouthFor("sil"), REST);
  assert.deepEqual(mouthForLevel(0), REST);
  assert.ok(mouthForLevel(0.3).open > 0.5);
  assert.notEqual(draw(closed).hole, draw(wide).hole);
  for (const viseme of "ptSTfkirsu@aeEoO")
    assert.doesNotMatch(Object.values(draw(mouthFor(viseme))).join(), /NaN|undefined/);
});

test("a mouth moves by the voice's level where it is not known what is heard", () => {
  assert.deepEqual(pose(true, "p", 0.3), { viseme: "p", mouth: mouthFor("p") });
  const guessed = pose(false, "sil", 0.3);
  assert.ok(guessed.mouth.open > 0.5 && guessed.viseme !== "sil");
  assert.deepEqual(pose(false, "sil", 0), { viseme: "sil", mouth: REST });
});

test("a recording is named for what it is", async () => {
  const at = new Date(2026, 0, 2, 3, 4);
  for (const [recorder, part, type, name] of [
    ["audio/webm;codecs=opus", "audio/webm", "audio/webm", "casey-2026-01-02-0304-own.webm"],
    ["", "audio/ogg; codecs=opus", "audio/ogg", "casey-2026-01-02-0304-own.ogg"],
    ["audio/mp4", "", "audio/mp4", "casey-2026-01-02-0304-own.m4a"],
  ] as const) {
    const blob = join([new Blob(["a"], { type: part }), new Blob(["b"])], recorder);
    assert.deepEqual([blob.type, fileName("own", blob.type, at), await blob.text()], [type, name, "ab"]);
  }
  assert.equal(join([], "").size, 0);
});

test("a mouth gets there by and by", () => {
  const half = ease(REST, mouthFor("a"), 30, 40);
  assert.ok(half.open > 0.3 && half.open < mouthFor("a").open);
  assert.ok(Math.abs(ease(REST, mouthFor("a"), 1000, 40).open - mouthFor("a").open) < 0.001);
});

test("an avatar's morph targets are moved by the names that it has", () => {
  const a = weights("a", mouthFor("a"), 0, () => true);
  assert.ok(a.viseme_aa! > 0.8 && !("jawOpen" in a));
  const b = weights("a", mouthFor("a"), 1, (name) => !name.startsWith("viseme"));
  assert.ok(b.jawOpen! > 0.5 && !("viseme_aa" in b) && b.eyeBlinkLeft === 1);
  assert.ok(weights("u", mouthFor("u"), 0, () => false).mouthPucker! > 0.5);
  assert.ok(weights("sil", REST, 0, () => true).mouthSmile! > 0);
  const half = approach({ viseme_PP: 1 }, a, 30);
  assert.ok(half.viseme_aa! > 0.3 && half.viseme_aa! < a.viseme_aa! && half.viseme_PP! > 0.3);
});

test("the loudspeaker's latency is asked for seldom, and not while it starts", (t) => {
  const context = new Context();
  let [currentTime, asked] = [0, 0];
  Object.defineProperty(context, "currentTime", { get: () => currentTime });
  Object.defineProperty(context, "outputLatency", { get: () => ++asked / 100 });
  new World(t);
  const speaker = new Speaker(context as unknown as AudioContext);
  for (const [at, latency] of [
    [0, 0],
    [1.9, 0],
    [2, 10],
    [6.9, 10],
    [7, 20],
  ] as const) {
    currentTime = at;
    for (let frame = 0; frame < 60; frame++) assert.equal(speaker.latency, latency, `after ${at} s`);
  }
});
