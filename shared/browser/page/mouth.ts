/** Mouth is the shape of a drawn mouth; all but `wide` go from 0 to 1. */
export interface Mouth {
  /** how far the jaw is down */
  open: number;
  /** -1 is a kiss, 1 a grin */
  wide: number;
  /** how much of the teeth shows */
  teeth: number;
  /** how high the tongue is */
  tongue: number;
  /** how far the lower lip is under the teeth */
  tuck: number;
}

const shape = (open: number, wide: number, teeth = 0, tongue = 0, tuck = 0): Mouth => ({
  open,
  wide,
  teeth,
  tongue,
  tuck,
});

/** REST is the mouth of somebody who listens. */
export const REST = shape(0, 0.35);

/** SMILE is the mouth of somebody who is glad to see you. */
export const SMILE = shape(0.17, 0.9, 1);

/** shapes are the mouths of Polly's visemes for English; capitals and small letters differ. */
const shapes: Record<string, Mouth> = {
  sil: REST,
  p: shape(0, 0), // pit, bin, mat: closed
  t: shape(0.2, 0.25, 0.8, 0.7), // tip, dip, nip, lip
  S: shape(0.22, -0.5, 0.9), // ship, chip, vision, jump
  T: shape(0.24, 0.15, 0.5, 1), // thin, then: the tongue between the teeth
  f: shape(0.14, 0.2, 0.9, 0, 1), // fine, vine
  k: shape(0.3, 0.15, 0.35, 0.2), // cup, gap, hat, sing
  i: shape(0.22, 0.75, 0.7), // fleece, kit, yes
  r: shape(0.26, -0.45, 0.3, 0.2), // red
  s: shape(0.14, 0.45, 1), // sit, zip
  u: shape(0.24, -0.95), // goose, foot, wet
  "@": shape(0.4, 0.1, 0.3, 0.15), // about, nurse, strut
  a: shape(0.8, 0.2, 0.35, 0.15), // bath, mouth, price
  e: shape(0.45, 0.55, 0.5, 0.15), // face
  E: shape(0.6, 0.4, 0.45, 0.15), // dress, trap, square
  o: shape(0.5, -0.7), // goat
  O: shape(0.65, -0.5), // thought, lot, choice
};

/** mouthFor returns the shape for a viseme; an unknown one is half open. */
export function mouthFor(viseme: string): Mouth {
  return shapes[viseme] ?? shapes["@"]!;
}

/** mouthForLevel returns a shape for a voice without visemes, from its loudness (0 to 1). */
export function mouthForLevel(level: number): Mouth {
  const open = Math.min(0.8, Math.sqrt(level) * 1.4);
  return open < 0.1 ? REST : shape(open, 0.15, 0.35, 0.1);
}

/**
 * pose is a mouth's viseme and shape: by what is known to be heard now, else by how
 * loud the voice is.
 */
export function pose(known: boolean, viseme: string, level: number): { viseme: string; mouth: Mouth } {
  if (known) return { viseme, mouth: mouthFor(viseme) };
  const mouth = mouthForLevel(level);
  return { viseme: mouth === REST ? "sil" : "@", mouth };
}

/**
 * ease moves a mouth towards another for `ms`; `pace` is the time in ms in which two
 * thirds are done.
 */
export function ease(from: Mouth, to: Mouth, ms: number, pace: number): Mouth {
  const part = 1 - Math.exp(-ms / pace);
  const mix = (key: keyof Mouth): number => from[key] + (to[key] - from[key]) * part;
  return { open: mix("open"), wide: mix("wide"), teeth: mix("teeth"), tongue: mix("tongue"), tuck: mix("tuck") };
}

const at = (...numbers: number[]): string => numbers.map((n) => n.toFixed(2)).join(" ");

/** Drawing is a mouth as SVG paths, around 0 0, in a face that is 200 wide. */
export interface Drawing {
  upper: string;
  lower: string;
  hole: string;
  teeth: number;
  tongue: number;
}

/** draw returns the lips and the hole between them; teeth and tongue as heights of their middle. */
export function draw(m: Mouth): Drawing {
  const w = 19 * (1 + (m.wide > 0 ? 0.22 : 0.5) * m.wide);
  const round = Math.max(0, -m.wide);
  const lift = (-2.4 - 2.6 * m.wide) * (1 - 0.7 * m.open) * (1 - round); // the corners of a smile
  const up = 3.2 * m.open + 2 * round * Math.min(1, 4 * m.open);
  const down = 17 * m.open - 2.5 * m.tuck * m.open;
  const over = up + 3 + 1.8 * round;
  const under = down + (4.4 + 1.8 * round) * (1 - 0.5 * m.tuck);
  const start = `M ${at(-w, lift)}`;
  const bow = `C ${at(-w * 0.52, lift * 0.6 - over * 0.9, -w * 0.24, -over - 0.9, 0, -over + 0.9)} C ${at(w * 0.24, -over - 0.9, w * 0.52, lift * 0.6 - over * 0.9, w, lift)}`;
  return {
    upper: `${start} ${bow} ${back(w, lift, -up, round)} Z`,
    lower: `${start} ${half(-w, lift, down, round)} ${forth(w, lift, down, round)} ${back(w, lift, under, round)} Z`,
    hole: `${start} ${half(-w, lift, -up, round)} ${forth(w, lift, -up, round)} ${back(w, lift, down, round)} Z`,
    teeth: -up + 0.2 + 4.6 * m.teeth * Math.min(1, 5 * m.open),
    tongue: down + 6 - 9.5 * m.tongue,
  };
}

/**
 * half is one side of a curve between the corners that is `h` low in the middle, from
 * its corner to there.
 */
function half(corner: number, lift: number, h: number, round: number): string {
  return `C ${at(corner * (0.62 + 0.2 * round), lift * 0.45 + h, corner * 0.34, h, 0, h)}`;
}

/** forth goes on from the middle to the right corner. */
function forth(w: number, lift: number, h: number, round: number): string {
  return `C ${at(w * 0.34, h, w * (0.62 + 0.2 * round), lift * 0.45 + h, w, lift)}`;
}

/** back goes from the right corner to the left one. */
function back(w: number, lift: number, h: number, round: number): string {
  return `${half(w, lift, h, round)} C ${at(-w * 0.34, h, -w * (0.62 + 0.2 * round), lift * 0.45 + h, -w, lift)}`;
}
