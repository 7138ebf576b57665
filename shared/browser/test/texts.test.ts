import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { tell } from "../page/delivery.js";
import { texts as de } from "../page/texts/de.js";
import { en } from "../page/texts/en.js";
import { texts as es } from "../page/texts/es.js";
import { languages, preferred, spoken, use } from "../page/texts.js";
import { latencyWords, statusWords, troubleWords } from "../page/words.js";

const all = { en, de, es };

/** leaves are all texts of a language by their path; those of functions as they are with sample values. */
function leaves(value: unknown, path = ""): [string, string][] {
  if (typeof value === "function") return [[path, String(value("NAME", 3, 7))]];
  if (typeof value !== "object" || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

test("index.html has no text but the names of those there are", () => {
  const html = readFileSync("page/index.html", "utf8");
  const named = [...html.matchAll(/data-(?:text|label|title)="(\w+)"/g)].map(([, name]) => name!);
  const known = Object.keys(en.page).filter((name) => name !== "title" && name !== "description");
  assert.deepEqual([...new Set(named)].sort(), known.sort());
  const written = html
    .replace(/<noscript>.*<\/noscript>|<kbd.*?<\/kbd>|<title>.*<\/title>/g, "")
    .replace(/<[^>]*>/g, " ");
  assert.equal(written.replace(/\s+/g, " ").trim(), "casey 0:00");
  assert.doesNotMatch(html, /aria-label=|alt="[^"]/);
});

test("every language of the list has a file, and every text of it is there", () => {
  assert.deepEqual(Object.keys(all), Object.keys(languages));
  const html = readFileSync("page/index.html", "utf8");
  const english = leaves(en);
  for (const [language, texts] of Object.entries(all)) {
    assert.equal(texts.language, language);
    if (language !== "en") assert.ok(html.includes(`<meta name="${language}" content="/${language}.js">`));
    leaves(texts).forEach(([path, text], i) => {
      const [same, original] = english[i]!;
      assert.equal(path, same, "the same order");
      assert.ok(text.trim(), `${language}${path}`);
      for (const part of ["{name}", "NAME"])
        assert.equal(text.includes(part), original.includes(part), `${language}${path}: ${text}`);
    });
  }
});

test("a language is found by its tag", () => {
  assert.deepEqual(["de-AT", "ES", "en-US", "fr-FR", "", "constructor"].map(spoken), [
    "de",
    "es",
    "en",
    undefined,
    undefined,
    undefined,
  ]);
  assert.equal(preferred(["fr-FR", "es-MX", "de"]), "es");
  assert.equal(preferred([]), "en");
});

test("what is told is told in the language that the page speaks", () => {
  use(de);
  try {
    assert.equal(statusWords("waiting", 2), "2 Personen vor Ihnen");
    assert.equal(latencyWords(1249), "Letzte Antwort nach 1,2 s");
    assert.equal(troubleWords({ code: "permission", message: "" }, "Robin").title, "Robin darf Sie nicht hören");
    const measure = { name: "fillers", value: 2.5, low: 0, high: 3, each: null, parts: null };
    assert.deepEqual([tell(measure)?.figure, tell(measure)?.usual], ["2,5 auf 100 Wörter", "üblich: bis 3"]);
  } finally {
    use(en);
  }
});
