import { find, shape, write } from "./dom.js";
import { texts } from "./texts.js";

/** Look is how an interviewer is drawn; what is absent is casey's own. */
export interface Look {
  skin?: string;
  hair?: string;
  style?: string;
  glasses?: boolean;
}

/** Persona is the interviewer as the candidate sees them. */
export interface Persona {
  name: string;
  face?: Look;
}

/** CASEY interviews where nobody says who does. */
export const CASEY: Persona = { name: "Casey" };

/** introduce shows who interviews: their face, and their name in all that tells of them. */
export function introduce({ name, face = {} }: Persona): void {
  const drawn = find<SVGElement>("#face");
  for (const colour of ["skin", "hair"] as const) {
    if (face[colour]) drawn.style.setProperty(`--${colour}`, face[colour]);
    else drawn.style.removeProperty(`--${colour}`);
  }
  drawn.dataset.style = face.style ?? "long";
  drawn.classList.toggle("glasses", face.glasses === true);
  for (const figure of document.querySelectorAll(".frame svg, .frame canvas"))
    figure.setAttribute("aria-label", texts.persona.face(name));
  write("main > h1", texts.persona.heading(name));
  write(".lead", texts.persona.lead(name));
  find("#nudge").title = texts.persona.nudge(name);
}

const shapes: Record<string, string> = {
  long: "M11 27C9 8 39 8 37 27L38 39H10Z",
  short: "M13 25C11 9 37 9 35 25Z",
  curly: "M10 25A8 8 0 0 1 14 13 9 9 0 0 1 34 13 8 8 0 0 1 38 25 7 7 0 0 1 35 31H13A7 7 0 0 1 10 25Z",
  bun: "M13 25C11 11 18 10 20 9A5 5 0 1 1 28 9C30 10 37 11 35 25Z",
  scarf: "M9 27C7 6 41 6 39 27 40 36 38 42 34 44H14C10 42 8 36 9 27Z",
};

/** medallion draws an interviewer in small. */
export function medallion({ skin = "#ecbc9c", hair = "#4a3129", style = "long", glasses = false }: Look): SVGElement {
  const svg = shape("svg", { viewBox: "0 0 48 48", "aria-hidden": "true", class: "medallion" });
  svg.append(shape("path", { class: "coat", d: "M6 48C8 39 16 37 24 37 32 37 40 39 42 48Z" }));
  if (shapes[style]) svg.append(shape("path", { fill: hair, d: shapes[style] }));
  svg.append(shape("ellipse", { fill: skin, cx: "24", cy: "25.5", rx: "9.5", ry: style === "scarf" ? "10.5" : "12" }));
  if (style !== "scarf" && style !== "bald")
    svg.append(shape("path", { fill: hair, d: "M14.3 23C14 12.5 34 12.5 33.7 23 29 18.5 20 18.5 14.3 23Z" }));
  if (glasses)
    for (const cx of ["20", "28"])
      svg.append(shape("circle", { cx, cy: "25", r: "3.3", fill: "none", stroke: "#2b2f33", "stroke-width": "1.2" }));
  return svg;
}
