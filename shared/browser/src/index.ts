/** casey's client library. */

export type { CaseyEvents, ConnectOptions, Status } from "./api.js";
export { Casey } from "./casey.js";
export { MicrophoneCheck } from "./check.js";
export { type Device, microphones, onMicrophones } from "./devices.js";
export type * from "./events.js";
export { JOB_BYTES, JOB_EVENT_BYTES, LINE_BYTES } from "./events.js";
export { CaseyError, type LocalCode } from "./fault.js";
export { resumable } from "./memory.js";
export type { ClientMessage, ServerMessage } from "./messages.js";
export { canRecord, type Recording } from "./recorder.js";
export { over, review } from "./review.js";
export { socketURL } from "./url.js";
