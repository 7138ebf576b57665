import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const style = (name: string): string => readFileSync(`page/style/${name}`, "utf8");

/** luminance of a colour, as WCAG 2.2 defines it. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

test("every colour of text can be read, in light and in dark (WCAG 2.2, 1.4.3)", () => {
  const schemes = style("colours.css").split("@media (prefers-color-scheme: dark)");
  assert.equal(schemes.length, 2);
  for (const scheme of schemes) {
    const colours = new Map(
      [...scheme.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value!]),
    );
    for (const text of ["ink", "soft", "warm", "accent", "danger"]) {
      for (const ground of ["paper", "card"]) {
        const ratio = contrast(colours.get(text)!, colours.get(ground)!);
        assert.ok(ratio >= 4.5, `${text} on ${ground}: ${ratio.toFixed(2)}`);
      }
    }
  }
});

test("no text is made paler than its colour, but what cannot be pressed", () => {
  const pale: string[] = [];
  for (const file of readdirSync("page/style")) {
    for (const [, selector, rules] of style(file).matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      if (/(^|\s)opacity:/.test(rules!)) pale.push(selector!.trim().split("\n").at(-1)!);
    }
  }
  assert.deepEqual(pale.sort(), [".halo", "50%", "button:disabled", "from"].sort());
});
