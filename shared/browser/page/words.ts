import type { CaseyError, Doing, Status } from "../src/index.js";

/** Words say what went wrong and what a person can do about it. */
export interface Words {
  title: string;
  text: string;
  remedy: string;
}

const again = "Wait a moment, then try again.";

/** troubles are the words for the codes of errors; {name} is the interviewer. */
export const troubles: Record<string, Words> = {
  permission: {
    title: "{name} may not hear you",
    text: "Your browser did not allow the microphone for this page.",
    remedy: "Click the icon beside the address, allow the microphone, and try again.",
  },
  no_microphone: {
    title: "No microphone found",
    text: "There is no microphone that this browser can use.",
    remedy: "Plug one in or switch it on, and try again. A headset is best.",
  },
  microphone_busy: {
    title: "The microphone cannot be opened",
    text: "Another program may be using it.",
    remedy: "Close other calls and recordings, and try again.",
  },
  microphone_lost: {
    title: "Your microphone is gone",
    text: "It was unplugged or switched off.",
    remedy: "Plug it in again; casey then goes on with it.",
  },
  microphone_silenced: {
    title: "Your microphone is silent",
    text: "Your system has muted it.",
    remedy: "End the phone call, or switch the microphone on; casey then hears you again.",
  },
  recording: {
    title: "There is no recording",
    text: "Your browser does not record this interview.",
    remedy: "The interview goes on without it.",
  },
  sound_blocked: {
    title: "Your browser blocks the sound",
    text: "{name} speaks, but this page may not play it.",
    remedy: "Click anywhere on the page.",
  },
  insecure: {
    title: "This address is not secure",
    text: "Browsers give the microphone only to https pages and to localhost.",
    remedy: "Open the page by its https address, or by http://localhost on this computer.",
  },
  gateway: {
    title: "Casey cannot be reached",
    text: "The connection to casey's server does not open.",
    remedy: "Check that you are online. If casey runs on this computer, check that it still does.",
  },
  unsupported: {
    title: "Your browser makes no connection",
    text: "It cannot make a call to casey, or is not allowed to.",
    remedy: "Use a current Firefox, Chrome, Edge or Safari. If you do, tell whoever runs this casey.",
  },
  no_answer: {
    title: "Nobody answers",
    text: "Casey's server took your call, but no interviewer came.",
    remedy: again,
  },
  media: {
    title: "No way through for sound",
    text: "Casey answered, but neither UDP nor TCP gets through between you and it.",
    remedy: "Try another network, switch a VPN off, or ask whoever runs the firewall to let WebRTC pass.",
  },
  lost: {
    title: "The connection was lost",
    text: "It could not be restored.",
    remedy: "Check your network, then try again: you go on where you were.",
  },
  full: {
    title: "Every interviewer is busy",
    text: "No place became free in time.",
    remedy: "Come back in a few minutes.",
  },
  unavailable: { title: "{name} cannot speak", text: "A service that the interview needs is away.", remedy: again },
  anew: { title: "Your last interview is over", text: "It cannot be gone on with.", remedy: "This is a new one." },
  ended: { title: "This interview is over", text: "It cannot be gone on with.", remedy: "You can begin a new one." },
};

/**
 * troubleWords returns the words for an error; a code that is unknown gets the server's
 * own sentence.
 */
export function troubleWords(error: Pick<CaseyError, "code" | "message">, name: string): Words {
  const { title, text, remedy } = troubles[error.code] ?? {
    title: "That did not work",
    text: sentence(error.message),
    remedy: again,
  };
  return { title: title.replace("{name}", name), text: text.replace("{name}", name), remedy };
}

function sentence(text: string): string {
  const trimmed = text.trim() || "Something failed";
  return trimmed[0]!.toUpperCase() + trimmed.slice(1) + (/[.!?]$/.test(trimmed) ? "" : ".");
}

/** statusWords says where the interview stands; undefined while it is live. */
export function statusWords(status: Status, ahead = 0): string | undefined {
  switch (status) {
    case "idle":
      return "Ready when you are";
    case "microphone":
      return "Please allow the microphone";
    case "connecting":
      return "Connecting…";
    case "waiting":
      return ahead === 0
        ? "You are next"
        : ahead === 1
          ? "One person before you"
          : `${ahead}${ahead >= 100 ? " or more" : ""} people before you`;
    case "restoring":
      return "Reconnecting…";
    case "ending":
      return "Writing your feedback…";
    case "over":
      return "The interview is over";
    case "live":
      return undefined;
  }
}

/**
 * doingWords says what the interviewer does; to somebody muted, or whose microphone is
 * lost, it does not listen.
 */
export function doingWords(doing: Doing, muted: boolean, lost: boolean, name: string): string {
  if (doing === "listening" && lost) return `${name} does not hear you`;
  if (doing === "listening" && muted) return "You are muted";
  const words = { listening: "Listening to you", thinking: "Thinking", speaking: "Speaking", paused: "Paused" };
  return words[doing] ?? doing;
}

const endings: Record<string, string> = {
  another_tab: "It goes on in another tab",
  left: "Paused: you can go on later",
  drain: "Paused: casey is being updated",
  lost: "The interview was lost",
  internal: "Something failed, the interview is over",
};

/** byeWords says why it is over. */
export function byeWords(reason: string, resumable: boolean): string {
  if (reason === "lost" && resumable) return "The connection was lost: you can go on";
  return endings[reason] ?? (resumable ? "Paused: you can go on later" : "The interview is over");
}

/** afterWords is the headline when an interview is over here, or waits to be gone on with. */
export function afterWords(resumable: boolean, reason = "", name = "Casey"): string {
  if (reason === "another_tab") return "Your interview goes on in another tab.";
  return resumable ? `${name} waits for you.` : `That was it with ${name}. Well done.`;
}

/** latencyWords says how long the last reply took. */
export function latencyWords(ms: number): string {
  return `Last reply after ${(ms / 1000).toFixed(1)} s`;
}

/** leftWords says how much time is left, in whole minutes. */
export function leftWords(ms: number): string {
  const minutes = Math.round(ms / 60000);
  if (ms <= 0) return "Time is up";
  return minutes < 1 ? "Less than a minute left" : `${minutes} min left`;
}
