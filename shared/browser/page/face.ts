import { draw, ease, type Mouth, REST } from "./mouth.js";

/** Mood is what the face is about. */
export type Mood = "idle" | "listening" | "thinking" | "speaking" | "asleep";

/** How fast the mouth follows, in ms: it opens quicker than it closes. */
const OPENING = 34;
const CLOSING = 52;

const looks: Record<Mood, { x: number; y: number; brow: number; lid: number; tilt: number }> = {
  idle: { x: 0, y: 0, brow: 0, lid: 0, tilt: 0 },
  listening: { x: 0, y: 0, brow: 1.4, lid: 0, tilt: 2.2 },
  thinking: { x: 3.4, y: -3.2, brow: 2.4, lid: 0.08, tilt: -2 },
  speaking: { x: 0, y: 0, brow: 0.8, lid: 0, tilt: 0 },
  asleep: { x: 0, y: 1, brow: -1, lid: 1, tilt: 0 },
};

/**
 * Face draws the interviewer: it blinks, breathes and looks, and its mouth goes where
 * it is told.
 */
export class Face {
  mood: Mood = "idle";
  /** the mouth it moves towards */
  target: Mouth = REST;

  readonly #part: (id: string) => SVGElement;
  readonly #still: MediaQueryList;
  #mouth: Mouth = REST;
  #look = { ...looks.idle };
  #last = 0;
  #blinkAt = 1500;
  #glance = { x: 0, y: 0, until: 0 };
  #nod = 0;

  constructor(svg: SVGElement) {
    this.#part = (id) => svg.querySelector<SVGElement>(`#${id}`)!;
    this.#still = matchMedia("(prefers-reduced-motion: reduce)");
  }

  /** mouth is what is drawn now; tests look at it. */
  get mouth(): Mouth {
    return this.#mouth;
  }

  /** frame draws the face as it is at `now` (ms); `level` is how loud its voice is. */
  frame(now: number, level: number): void {
    const ms = Math.min(100, now - this.#last);
    this.#last = now;
    this.#mouth = ease(this.#mouth, this.target, ms, this.target.open > this.#mouth.open ? OPENING : CLOSING);
    this.#drawMouth();
    this.#settle(ms, now);
    this.#drawEyes(this.#lids(now));
    this.#drawHead(now, ms, level);
  }

  #drawMouth(): void {
    const d = draw(this.#mouth);
    this.#part("lip-upper").setAttribute("d", d.upper);
    this.#part("lip-lower").setAttribute("d", d.lower);
    for (const id of ["hole", "hole-clip"]) this.#part(id).setAttribute("d", d.hole);
    this.#part("teeth").setAttribute("transform", `translate(0 ${d.teeth.toFixed(2)})`);
    this.#part("tongue").setAttribute("transform", `translate(0 ${d.tongue.toFixed(2)})`);
    this.#part("jaw").setAttribute("transform", `translate(0 ${(2.6 * this.#mouth.open).toFixed(2)})`);
  }

  /** settle eases the eyes, brows and head towards the mood. */
  #settle(ms: number, now: number): void {
    const to = looks[this.mood];
    const part = 1 - Math.exp(-ms / 180);
    if (now > this.#glance.until) this.#glanceAround(now);
    const goal = { ...to, x: to.x + this.#glance.x, y: to.y + this.#glance.y };
    for (const key of Object.keys(goal) as (keyof typeof goal)[])
      this.#look[key] += (goal[key] - this.#look[key]) * part;
  }

  #glanceAround(now: number): void {
    const away = !this.#still.matches && Math.random() < (this.mood === "thinking" ? 0.6 : 0.25);
    this.#glance = {
      x: away ? (Math.random() - 0.5) * 4 : 0,
      y: away ? (Math.random() - 0.5) * 2 : 0,
      until: now + (away ? 500 + 700 * Math.random() : 1200 + 2600 * Math.random()),
    };
  }

  /** lids is how far the eyes are closed: a blink takes 170 ms. */
  #lids(now: number): number {
    const t = now - this.#blinkAt;
    if (t > 170) this.#blinkAt = now + 2200 + 3600 * Math.random();
    const blink = t > 0 && t < 170 ? Math.sin((Math.PI * t) / 170) : 0;
    return Math.max(blink, this.#look.lid);
  }

  #drawEyes(closed: number): void {
    const { x, y, brow } = this.#look;
    const at = `translate(${x.toFixed(2)} ${y.toFixed(2)})`;
    for (const id of ["iris-left", "iris-right"]) this.#part(id).setAttribute("transform", at);
    for (const id of ["lid-left", "lid-right"])
      this.#part(id).setAttribute("transform", `translate(0 ${(-19 + 18 * closed).toFixed(2)})`);
    for (const id of ["lash-left", "lash-right"])
      this.#part(id).setAttribute("transform", `scale(1 ${(1 - 1.5 * closed).toFixed(2)})`);
    this.#part("brows").setAttribute("transform", `translate(0 ${(-brow + 1.5 * closed).toFixed(2)})`);
  }

  #drawHead(now: number, ms: number, level: number): void {
    if (this.#still.matches) return;
    this.#nod += (Math.min(1, level * 6) - this.#nod) * (1 - Math.exp(-ms / 120));
    const sway = Math.sin(now / 2300) * 0.9 + Math.sin(now / 3700) * 0.7;
    const down = Math.sin(now / 1900) * 0.7 + this.#nod * 1.6;
    this.#part("head").setAttribute(
      "transform",
      `translate(${(sway * 0.8).toFixed(2)} ${down.toFixed(2)}) rotate(${(sway * 0.7 + this.#look.tilt).toFixed(2)} 130 190)`,
    );
    this.#part("chest").setAttribute("transform", `translate(0 ${(Math.sin(now / 1900) * 0.9).toFixed(2)})`);
  }
}
