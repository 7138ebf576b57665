/** The WebSocket messages of casey's signaling (shared/PROTOCOL.md 1). */
import type { Report } from "./events.js";

export type Want = "restart" | "fresh" | "elsewhere";

export interface Description {
  type: "offer" | "answer";
  sdp: string;
}

export interface ICECandidate {
  candidate: string;
  sdpMid?: string | null;
  sdpMLineIndex?: number | null;
  usernameFragment?: string | null;
}

export type ClientMessage =
  | { type: "hello"; session?: string; resume?: string; interview?: string }
  | {
      type: "offer";
      sdp: Description;
      peer: string;
      session?: string;
      resume?: string;
      want?: Want;
      interview?: string;
    }
  | { type: "ice"; candidate: ICECandidate | null; peer: string }
  | { type: "leave" }
  | { type: "end" }
  | { type: "ping" };

export type ServerMessage =
  | { type: "session"; session: string; resume: string; iceServers: RTCIceServer[] }
  | { type: "waiting"; ahead: number }
  | { type: "answer"; sdp: Description; session: string; peer: string }
  | { type: "ice"; candidate: ICECandidate; peer: string }
  | { type: "move" }
  | { type: "bye"; reason: string; resumable: boolean }
  | { type: "report"; session: string; report: Report }
  | { type: "rejected"; code: string; message: string; of: string }
  | { type: "error"; code: string; message: string }
  | { type: "pong" };

/** Lost is what API Gateway sends when it lost a message: the last one may be sent again. */
export interface Lost {
  type: "lost";
  message: string;
}

type Shape = Record<string, "string" | "number" | "boolean" | "object">;

const shapes: Record<ServerMessage["type"], Shape> = {
  session: { session: "string", resume: "string" },
  waiting: { ahead: "number" },
  answer: { sdp: "object", session: "string", peer: "string" },
  ice: { candidate: "object", peer: "string" },
  move: {},
  bye: { reason: "string", resumable: "boolean" },
  report: { session: "string", report: "object" },
  rejected: { code: "string", message: "string", of: "string" },
  error: { code: "string", message: "string" },
  pong: {},
};

/** fits says whether a value is an object whose members have the types of the shape. */
export function fits(value: unknown, shape: Shape): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const members = value as Record<string, unknown>;
  return Object.entries(shape).every(([name, type]) => members[name] !== null && typeof members[name] === type);
}

/** parseObject returns the object in a JSON text, or undefined. */
export function parseObject(data: unknown): Record<string, unknown> | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(data);
    return fits(value, {}) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * parseServer reads one message of the server; undefined when it is none that this
 * client knows.
 */
export function parseServer(data: unknown): ServerMessage | Lost | undefined {
  const message = parseObject(data);
  if (!message) return undefined;
  if (message.type === undefined) {
    return fits(message, { message: "string" }) ? { type: "lost", message: String(message.message) } : undefined;
  }
  const shape = Object.hasOwn(shapes, String(message.type)) ? shapes[message.type as ServerMessage["type"]] : undefined;
  return shape && fits(message, shape) ? (message as unknown as ServerMessage) : undefined;
}
