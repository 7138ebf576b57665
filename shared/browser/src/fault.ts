/** Codes of this client's own errors; those of the server are passed on as they come. */
export type LocalCode =
  | "permission" // the microphone was refused
  | "no_microphone" // there is none
  | "microphone_busy" // there is one, but it cannot be opened
  | "microphone_lost" // it was unplugged
  | "microphone_silenced" // the system muted it
  | "insecure" // the page has no right to a microphone: neither https nor localhost
  | "gateway" // the WebSocket cannot be opened
  | "no_answer" // nobody answered the offer
  | "media" // no connection for sound
  | "unsupported" // the browser cannot make the connection, or does not
  | "recording" // it cannot be recorded
  | "lost" // the connection is gone and could not be restored
  | "closed"; // closed by the page

/** CaseyError is why an interview did not begin, or ended. */
export class CaseyError extends Error {
  override readonly name = "CaseyError";

  constructor(
    readonly code: LocalCode | (string & {}),
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** unsupported is when the browser threw where it should have connected. */
export function unsupported(cause: unknown): CaseyError {
  return new CaseyError("unsupported", `the browser makes no connection: ${cause}`, { cause });
}

/** microphoneError says why getUserMedia failed. */
export function microphoneError(cause: unknown): CaseyError {
  const name = cause instanceof Error ? cause.name : "";
  const [code, message] = ({
    NotAllowedError: ["permission", "the microphone was not allowed"],
    SecurityError: ["permission", "the microphone was not allowed"],
    NotFoundError: ["no_microphone", "no microphone was found"],
    OverconstrainedError: ["no_microphone", "that microphone was not found"],
  }[name] ?? ["microphone_busy", "the microphone could not be opened"]) as [LocalCode, string];
  return new CaseyError(code, message, { cause });
}
