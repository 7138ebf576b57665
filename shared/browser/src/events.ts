/** The events of the data channel `casey`, protocol `casey.v1` (shared/PROTOCOL.md 2). Times are ms. */
import { fits, parseObject } from "./messages.js";

export type Doing = "listening" | "thinking" | "speaking" | "paused";

/** Mark is something that begins at a time: [ms, value]. */
export type Mark = [number, string];

interface Numbered {
  /** from 1, per peer connection */
  seq: number;
  /** the turn it belongs to */
  turn?: number;
}

export interface StateEvent extends Numbered {
  type: "state";
  state: Doing;
}

/**
 * CaptionEvent is what was said so far; it replaces the one before of the same turn and
 * utterance.
 */
export interface CaptionEvent extends Numbered {
  type: "caption";
  role: "candidate" | "interviewer";
  text: string;
  final: boolean;
  utterance?: number;
  words?: Mark[];
}

/**
 * VisemesEvent has the mouth shapes of one utterance, from the packet with timestamp
 * `rtp` (48 kHz).
 */
export interface VisemesEvent extends Numbered {
  type: "visemes";
  utterance: number;
  rtp: number;
  marks: Mark[];
}

/** CutEvent says that an utterance was interrupted after `ms`. */
export interface CutEvent extends Numbered {
  type: "cut";
  utterance: number;
  ms: number;
}

/** LevelEvent is what the sound check hears: 0 is the loudest, 127 is silence. */
export interface LevelEvent extends Numbered {
  type: "level";
  dbov: number;
}

export interface PhaseEvent extends Numbered {
  type: "phase";
  name: string;
  index: number;
  of: number;
  /** how much of the interview's time is left; absent where nobody counts it */
  left?: number;
}

export interface ExhibitEvent extends Numbered {
  type: "exhibit";
  index: number;
  title: string;
  url: string;
  alt: string;
}

/** Report is the feedback as far as it is written; each takes the place of the one before. */
export interface Report {
  /** nothing follows */
  written: boolean;
  summary: string;
  scores: { name: string; score: number; of: number; comment: string }[] | null;
  good: string[] | null;
  better: string[] | null;
  questions: Question[] | null;
  delivery: Measure[] | null;
}

/** Question is the feedback on one answer; what is not known, or not yet, is empty. */
export interface Question {
  /** with which the answer began */
  turn: number;
  asked: string;
  said: string;
  strong: string;
  missing: string;
  stronger: string;
  /** 0 where it is not judged */
  score: number;
  of: number;
  quotes: { turn: number; text: string }[] | null;
  /** recognition was, so nothing is judged */
  unsure: boolean;
}

/** Measure was counted in how the candidate spoke; `low` to `high` is usual. */
export interface Measure {
  name: string;
  value: number;
  low: number;
  high: number;
  /** by answer */
  each: number[] | null;
  parts: { text: string; times: number }[] | null;
}

export interface ReportEvent extends Numbered, Report {
  type: "report";
}

/** MetricsEvent says how long a reply took from the end of the candidate's speech. */
export interface MetricsEvent extends Numbered {
  type: "metrics";
  decision: number;
  firstToken: number;
  firstAudio: number;
  firstPacket: number;
}

export interface NoticeEvent extends Numbered {
  type: "notice";
  code: string;
  message: string;
}

/** CheckupEvent says how the services answered that a worker tried itself. */
export interface CheckupEvent extends Numbered {
  type: "checkup";
  services: { service: string; ms: number; error?: string }[];
}

/** KeptEvent says that the job is kept with the interview: no other peer needs to send it. */
export interface KeptEvent extends Numbered {
  type: "kept";
}

export type WorkerEvent =
  | StateEvent
  | CaptionEvent
  | VisemesEvent
  | CutEvent
  | LevelEvent
  | PhaseEvent
  | ExhibitEvent
  | ReportEvent
  | MetricsEvent
  | NoticeEvent
  | CheckupEvent
  | KeptEvent;

/**
 * Job is what a candidate tells of the job before the interview: texts of JOB_BYTES
 * together, role and focus of LINE_BYTES each, in UTF-8.
 */
export interface Job {
  role?: string;
  advertisement?: string;
  cv?: string;
  /** the one question that they want to practise */
  focus?: string;
  /** how long they want at most */
  minutes?: number;
}

/** The limits of a job: of its texts, of one line, and of the whole event, in bytes. */
export const JOB_BYTES = 48 * 1024;
export const LINE_BYTES = 1024;
export const JOB_EVENT_BYTES = 64 * 1024;

export type PageEvent =
  | { type: "nudge" }
  | { type: "muted"; on: boolean }
  | { type: "heard"; turn: number; ms: number }
  | { type: "played"; utterance: number; ms: number }
  | { type: "take" }
  | { type: "end" }
  | ({ type: "job" } & Job);

const shapes: Record<WorkerEvent["type"], Parameters<typeof fits>[1]> = {
  state: { state: "string" },
  caption: { role: "string", text: "string" },
  visemes: { utterance: "number", rtp: "number", marks: "object" },
  cut: { utterance: "number", ms: "number" },
  level: { dbov: "number" },
  phase: { name: "string" },
  exhibit: { title: "string", url: "string" },
  report: { summary: "string" },
  metrics: { decision: "number" },
  notice: { code: "string", message: "string" },
  checkup: { services: "object" },
  kept: {},
};

/** parseEvent reads one event of the worker; undefined when it is none that this client knows. */
export function parseEvent(data: unknown): WorkerEvent | undefined {
  const event = parseObject(data);
  const type = String(event?.type);
  if (!event || !Object.hasOwn(shapes, type)) return undefined;
  return fits(event, shapes[type as WorkerEvent["type"]]) ? (event as unknown as WorkerEvent) : undefined;
}
