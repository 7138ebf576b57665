import type { Mouth } from "./mouth.js";

/** Weights are how far morph targets are, by name, 0 to 1. */
export type Weights = Record<string, number>;

/** oculus are the morph targets of the Oculus names for Polly's visemes. */
const oculus: Record<string, Weights> = {
  sil: {},
  p: { viseme_PP: 1 },
  t: { viseme_DD: 0.9 },
  S: { viseme_CH: 1 },
  T: { viseme_TH: 1 },
  f: { viseme_FF: 1 },
  k: { viseme_kk: 0.9 },
  i: { viseme_I: 0.9 },
  r: { viseme_RR: 0.9 },
  s: { viseme_SS: 0.9 },
  u: { viseme_U: 1 },
  "@": { viseme_aa: 0.35, viseme_E: 0.3 },
  a: { viseme_aa: 0.9 },
  e: { viseme_E: 0.9 },
  E: { viseme_E: 0.7, viseme_aa: 0.3 },
  o: { viseme_O: 0.9 },
  O: { viseme_O: 0.6, viseme_aa: 0.4 },
};

/** arkit are the morph targets of the ARKit names for a mouth. */
function arkit({ open, wide, tongue, tuck }: Mouth): Weights {
  const round = Math.max(0, -wide);
  const stretch = Math.max(0, wide - 0.35);
  return {
    jawOpen: 0.75 * open,
    mouthPucker: 0.8 * round * (1 - open),
    mouthFunnel: 0.7 * round * open,
    mouthStretchLeft: 0.4 * stretch,
    mouthStretchRight: 0.4 * stretch,
    mouthRollLower: 0.7 * tuck,
    mouthClose: open < 0.02 && wide < 0.3 ? 0.15 : 0,
    tongueOut: tongue >= 1 ? 0.25 : 0,
  };
}

/**
 * weights are those of all morph targets of a mouth for a viseme: by the Oculus
 * names where `has` knows them, else by those of ARKit. A smile and closed eyes
 * are added by the names that both have.
 */
export function weights(viseme: string, mouth: Mouth, closed: number, has: (name: string) => boolean): Weights {
  const said = has("viseme_aa") ? (oculus[viseme] ?? oculus["@"]!) : arkit(mouth);
  const smile = viseme === "sil" ? Math.max(0, mouth.wide) * 0.6 : 0;
  return {
    ...said,
    mouthSmileLeft: smile,
    mouthSmileRight: smile,
    mouthSmile: smile,
    eyeBlinkLeft: closed,
    eyeBlinkRight: closed,
    eyesClosed: closed,
  };
}

/** approach moves weights towards others for `ms`: up quicker than down, as a mouth opens. */
export function approach(from: Weights, to: Weights, ms: number): Weights {
  const names = new Set([...Object.keys(from), ...Object.keys(to)]);
  const next: Weights = {};
  for (const name of names) {
    const at = from[name] ?? 0;
    const goal = to[name] ?? 0;
    next[name] = at + (goal - at) * (1 - Math.exp(-ms / (goal > at ? 34 : 52)));
  }
  return next;
}
