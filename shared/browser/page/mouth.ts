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

const shape = (open: number, wide: number, teeth = 0, tongue = 0, tuck = 0): Mouth => ({ open, wide, teeth, tongue, tuck });

/** Rest is the mouth of somebody who listens. */
export const Rest = shape(0, 0.25);

/** shapes are the mouths of Polly's visemes for English; capitals and small letters differ. */
const shapes: Record<string, Mouth> = {
  sil: Rest,
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
  a: shape(0.95, 0.3, 0.35, 0.1), // bath, mouth, price
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
  return open < 0.1 ? Rest : shape(open, 0.15, 0.35, 0.1);
}

/** ease moves a mouth towards another for `ms`; `pace` is the time in ms in which two thirds are done. */
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
  const lift = -2.6 * Math.max(0, m.wide) * (1 - 0.6 * m.open); // corners of a smile
  const up = 0.4 + 3.2 * m.open + 2 * round * Math.min(1, 4 * m.open);
  const down = 0.4 + 17 * m.open - 2.5 * m.tuck * m.open;
  const lipUp = 3.1 + 1.6 * round;
  const lipDown = (4.3 + 1.8 * round) * (1 - 0.55 * m.tuck);
  const k = 0.5 + 0.14 * round; // rounder corners
  const top = (h: number): string => `C ${at(-w * k, lift - h * 0.9 - 0.4, -w * 0.18, -h - 0.3, 0, -h + 0.5)} C ${at(w * 0.18, -h - 0.3, w * k, lift - h * 0.9 - 0.4, w, lift)}`;
  const bottom = (h: number): string => `C ${at(w * (k + 0.12), lift + h * 1.06, w * 0.36, h * 1.03, 0, h * 1.03)} C ${at(-w * 0.36, h * 1.03, -w * (k + 0.12), lift + h * 1.06, -w, lift)}`;
  const start = `M ${at(-w, lift)}`;
  return {
    upper: `${start} ${top(up + lipUp)} ${back(w, lift, up, k)} Z`,
    lower: `M ${at(w, lift)} ${bottom(down + lipDown)} ${forth(w, lift, down, k)} Z`,
    hole: `${start} ${top(up)} ${bottom(down)} Z`,
    teeth: -up + 0.2 + 4.6 * m.teeth * Math.min(1, 5 * m.open),
    tongue: down + 6 - 9.5 * m.tongue,
  };
}

/** back is the upper lip's lower edge, from right to left. */
function back(w: number, lift: number, up: number, k: number): string {
  return `C ${at(w * k, lift - up * 0.9 - 0.4, w * 0.18, -up - 0.3, 0, -up + 0.5)} C ${at(-w * 0.18, -up - 0.3, -w * k, lift - up * 0.9 - 0.4, -w, lift)}`;
}

/** forth is the lower lip's upper edge, from left to right. */
function forth(w: number, lift: number, down: number, k: number): string {
  return `C ${at(-w * (k + 0.12), lift + down * 1.06, -w * 0.36, down * 1.03, 0, down * 1.03)} C ${at(w * 0.36, down * 1.03, w * (k + 0.12), lift + down * 1.06, w, lift)}`;
}
