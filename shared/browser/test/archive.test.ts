import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { Archive, ArchiveError } from "../page/archive.js";
import type { Entry } from "../page/entry.js";
import { overall, trends } from "../page/trend.js";
import type { Measure, Report } from "../src/index.js";

// the tests run in the build folder, where no package is
const { IDBFactory } = createRequire(`${process.cwd()}/package.json`)(
  "fake-indexeddb",
) as typeof import("fake-indexeddb");

const report = (more: Partial<Report> = {}): Report => ({
  written: true,
  summary: "",
  scores: null,
  good: null,
  better: null,
  questions: null,
  delivery: null,
  ...more,
});

const entry = (id: string, at: number, more: Partial<Entry> = {}): Entry => ({
  id,
  at,
  interview: "coach",
  title: "Interview coach",
  name: "Casey",
  lines: [{ turn: 2, role: "candidate", text: "I led a team." }],
  ...more,
});

/** refused is the code with which something is refused. */
const refused = (action: Promise<unknown>): Promise<unknown> =>
  action.then(
    () => "not refused",
    (error: unknown) => (error instanceof ArchiveError ? error.code : error),
  );

/** raw does something with the database that the archive would not. */
function raw(
  factory: globalThis.IDBFactory,
  version: number,
  upgrade: (db: IDBDatabase) => void,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open("casey", version);
    request.onupgradeneeded = () => upgrade(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const ids = async (archive: Archive): Promise<string[]> => (await archive.list()).map(({ id }) => id);

test("nothing is kept before it is allowed, and nothing after all was deleted", async () => {
  const archive = new Archive(() => new IDBFactory());
  assert.equal(await archive.keep(entry("a", 1)), false);
  const factory = new IDBFactory();
  const [one, other] = [new Archive(() => factory), new Archive(() => factory)]; // two tabs
  await one.allow();
  assert.equal(await other.allowed(), true);
  assert.equal(await other.keep(entry("a", 1)), true);
  await Promise.all([other.keep(entry("b", 2)), one.clear(), other.keep(entry("c", 3))]);
  assert.equal(await other.keep(entry("d", 4)), false);
  assert.deepEqual([await one.allowed(), await ids(one)], [false, []]);
});

test("the newest is first, each is there once, and one is deleted for good", async () => {
  const factory = new IDBFactory();
  const archive = new Archive(() => factory);
  await archive.allow();
  for (const kept of [entry("a", 1), entry("c", 3), entry("b", 2), entry("b", 2)]) await archive.keep(kept);
  assert.deepEqual(await ids(archive), ["c", "b", "a"]);
  await archive.revise("b", report({ summary: "More" }));
  assert.equal((await archive.list())[1]?.report?.summary, "More");
  await archive.remove("b");
  await archive.revise("b", report()); // another tab still has its report
  assert.deepEqual(await ids(archive), ["c", "a"]);
});

test("what the browser refuses has a code", async () => {
  assert.equal(await refused(new Archive(() => undefined).list()), "blocked");
  const forbidden = new Archive(() => {
    throw new DOMException("no", "SecurityError");
  });
  assert.equal(await refused(forbidden.allow()), "blocked");
  const full = new Archive(() => {
    throw new DOMException("no", "QuotaExceededError");
  });
  assert.equal(await refused(full.keep(entry("a", 1))), "full");
});

test("a newer database is left alone, and an older one is made into today's", async () => {
  const newer = new IDBFactory();
  (await raw(newer, 7, (db) => db.createObjectStore("other"))).close();
  assert.equal(await refused(new Archive(() => newer).list()), "newer");

  const older = new IDBFactory();
  const held = await raw(older, 1, (db) => db.createObjectStore("interviews", { keyPath: "id" }));
  assert.equal(await refused(new Archive(() => older, 2).list()), "busy"); // by a tab of the older casey
  held.close();
  const archive = new Archive(() => older, 2);
  await archive.allow();
  await archive.keep(entry("a", 1));
  assert.deepEqual(await ids(archive), ["a"]);
});

test("what cannot be read is left out", async () => {
  const factory = new IDBFactory();
  const archive = new Archive(() => factory);
  await archive.allow();
  await archive.keep(entry("a", 1));
  await archive.keep({ id: "odd", at: Number.NaN } as Entry);
  assert.deepEqual(await ids(archive), ["a"]);
});

const measure = (name: string, value: number): Measure => ({ name, value, low: 0, high: 3, each: null, parts: null });
const scored = (...scores: number[]): Report =>
  report({ scores: scores.map((score, i) => ({ name: `S${i}`, score, of: 5, comment: "" })) });

test("an interview's overall is the mean of what was judged", () => {
  assert.equal(overall(entry("a", 1)), undefined);
  assert.equal(overall(entry("a", 1, { report: report() })), undefined);
  assert.equal(overall(entry("a", 1, { report: scored(4, 3, 0) })), 3.5); // 0 was not judged
});

test("what at least two interviews have is a trend, the oldest first", () => {
  const all = [
    entry("b", 2, { report: { ...scored(4, 5), delivery: [measure("fillers", 2), measure("charm", 1)] } }),
    entry("a", 1, { report: { ...scored(2), delivery: [measure("fillers", 6), measure("pace", 90)] } }),
    entry("c", 3),
  ];
  const found = trends(all);
  assert.deepEqual(
    found.map(({ title, points }) => [title, points.map(({ value }) => value)]),
    [
      ["Overall", [2, 4.5]],
      ["S0", [2, 4]],
      ["Fillers", [6, 2]],
    ],
  );
  assert.deepEqual(
    trends([...all, entry("d", 4, { title: "Case" })]).map(({ title }) => title),
    ["Overall", "Fillers"], // the scores of different interviews are not of the same things
  );
});
