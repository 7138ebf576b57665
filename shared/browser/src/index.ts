/** casey's client library. */
export { Casey } from "./casey.js";
export type { CaseyEvents, ConnectOptions, Status } from "./api.js";
export { CaseyError, type LocalCode } from "./fault.js";
export { resumable } from "./memory.js";
export { MicrophoneCheck } from "./check.js";
export { microphones, onMicrophones, type Device } from "./devices.js";
export { canRecord, type Recording } from "./recorder.js";
export { socketURL } from "./url.js";
export type * from "./events.js";
export type { ClientMessage, ServerMessage } from "./messages.js";
