import type { Transport } from "./candidates.js";
import type { Job, PageEvent, WorkerEvent } from "./events.js";
import type { CaseyError } from "./fault.js";
import type { ClientMessage, Lost, ServerMessage } from "./messages.js";
import type { Recording } from "./recorder.js";

/** Where an interview stands, as seen from the browser. */
export type Status = "idle" | "microphone" | "connecting" | "waiting" | "live" | "restoring" | "ending" | "over";

/** The events of a Casey; those of the worker come under their own type's name. */
export type CaseyEvents = {
  status: { status: Status; ahead?: number };
  /** how loud the candidate and the interviewer are: root mean square, 0 to 1; 20 a second */
  levels: { own: number; voice: number };
  /** the mouth shape that belongs to what is heard now: Polly's code, "sil" for none */
  viseme: { value: string };
  muted: { on: boolean };
  /**
   * the microphone that is open: at the start, after a change, and when one that was
   * lost or silent is heard again
   */
  microphone: { device: string; label: string };
  /**
   * the first sound of a reply was heard, so many ms after the candidate's last; 0 when
   * there was none
   */
  heard: { turn: number; ms: number };
  /** what was recorded, once recording has stopped */
  recording: Recording;
  /** the interviewer's stream, at its first sound: the first, and after a move another */
  voice: { stream: MediaStream };
  /** a message was refused; the interview goes on */
  rejected: { code: string; message: string; of: string };
  /**
   * something is wrong that the interview survives: microphone_lost,
   * microphone_silenced, permission, sound_blocked, recording, anew
   */
  trouble: CaseyError;
  /** the interview did not begin, or ended, because of this */
  failed: CaseyError;
  /** the interview ended, pauses and can be resumed, or goes on in another tab */
  bye: { reason: string; resumable: boolean };
  sent: ClientMessage | PageEvent;
  received: ServerMessage | Lost;
} & { [Type in WorkerEvent["type"]]: Extract<WorkerEvent, { type: Type }> };

/** How to connect. All may be left out. */
export interface ConnectOptions {
  /** name of the interview */
  interview?: string;
  /** what the candidate tells of the job; `kept` says that whoever goes on with it knows it */
  job?: Job;
  /** the microphone's id, see `microphones`; where it is gone, the default */
  device?: string;
  /** record from the beginning */
  record?: boolean;
  /**
   * go on with the interview that a page at this address had before it was reloaded, if
   * there is one
   */
  resume?: boolean;
  /** ask for a session, and so for ICE servers, before the first offer */
  hello?: boolean;
  iceServers?: RTCIceServer[];
  transport?: Transport;
}
