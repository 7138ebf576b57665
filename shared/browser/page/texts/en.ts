import type { Doing } from "../../src/index.js";
import type { Words } from "../words.js";

const again = "Wait a moment, then try again.";

/** en are the page's texts in English; those of every other language have the same names. */
export const en = {
  /** the language itself, as a tag of BCP 47 */
  language: "en",

  /** What stands on the page from the beginning, by the names that index.html gives it. */
  page: {
    title: "casey – practise your interview",
    description: "Practise a job interview aloud, with an interviewer who listens.",
    language: "Language",
    recording: "Recording",
    settings: "Settings",
    interviewer: "Interviewer",
    headline: "Practise your interview, out\u00a0loud.",
    whichInterview: "Which interview?",
    howHard: "How hard?",
    whichLanguage: "In which language?",
    job: "Your job",
    jobPrivacy:
      "Tell what you apply for, and the interview is about it. Files are read here in your browser. What you give goes to the interviewer, is kept with this interview until it ends, and is not logged. This page remembers it only as long as this tab is open.",
    jobRole: "Role",
    jobAdvertisement: "Job advertisement",
    jobCV: "Your CV",
    jobFocus: "Practise one question only",
    jobMinutes: "How long?",
    jobFile: "Choose a file",
    jobFiles: "Type, paste, or drop a file: text, PDF or Word (.docx).",
    jobForget: "Clear all of it",
    anew: "Begin a new one",
    checkMicrophone: "Check your microphone",
    microphoneCheck: "Microphone check",
    microphone: "Microphone",
    howLoud: "How loud you are",
    hearYourself: "Hear yourself: three seconds",
    past: "Your past interviews",
    practising: "You practise:",
    unpractise: "Not this one",
    hintPermission: "Your browser will ask for the microphone.",
    hintHeadphones: "Headphones help, a quiet room too.",
    localBefore:
      "This casey runs on this computer alone: nothing that you say leaves it. Its speech recognition is a small open model: ",
    localErrors: "about one word in twenty-five is wrong",
    localAfter: ", more in noise.",
    localForeign:
      "It knows English alone: what you say in the language of this interview is heard as English words. You hear and read the interviewer as you should.",
    recordings: "Recordings",
    captionsLabel: "What was said",
    tryAgain: "Try again",
    own: "You",
    heard: "At casey",
    nudge: "Your turn",
    pause: "Pause",
    pauseTitle: "Go on with it later",
    end: "End",
    endTitle: "End it and get your feedback",
    captions: "Captions",
    captionsMore: "what both of you say, as text",
    replyTime: "Reply time",
    replyTimeMore: "how long casey took to answer",
    record: "Record",
    recordMore: "on this computer alone, to save at the end",
    shortcuts: "Keyboard shortcuts",
    shortcutsMore: "M, T, P, C, L, R, and ? for this",
    done: "Done",
  },

  /** Who interviews. */
  persona: {
    face: (name: string) => `${name}, the interviewer`,
    heading: (name: string) => `Your interview with ${name}`,
    lead: (name: string) =>
      `${name} asks, listens to what you say and answers you. Take your time: a pause to think is welcome.`,
    nudge: (name: string) => `${name} answers now`,
    undrawn: (name: string) => `The avatar cannot be shown, so ${name} is drawn.`,
  },

  choice: {
    levels: { gentle: "Gentle", usual: "Usual", demanding: "Demanding" },
    minutes: (n: number) => `${n} min`,
    start: "Start the interview",
    goOn: "Continue your interview",
    another: "Start another interview",
  },

  job: {
    optional: "if you like: advertisement, CV, one question",
    told: "the interviewer will know it",
    kept: (name: string) => `${name} has what you told of the job.`,
    minutesUsual: "As long as it takes",
    reading: (file: string) => `Reading ${file}…`,
    read: (file: string) => `${file} was read. Have a look at the text.`,
    /** why it cannot be sent, or a file cannot be read */
    refused: {
      too_large: "The file is too large.",
      unknown: "This is no text, PDF or Word file (.docx). Copy the text and paste it.",
      encrypted: "The file is protected by a password. Save it without one, or paste the text.",
      broken: "The file cannot be read. Copy the text and paste it.",
      encoding: "The file is no text in UTF-8. Save it as UTF-8, or paste the text.",
      empty: "There is no text in the file; it may be a picture. Type or paste the text.",
      unloaded: "What reads this file did not load. Check your connection and try again, or paste the text.",
      long_line: "The role or the question is too long.",
      long_texts:
        "The texts are too long together: shorten them to about 48,000 letters. Until then nothing of it is sent.",
    },
  },

  microphone: {
    standard: "The browser's default",
    allow: "Please allow the microphone.",
    speak: "Say something: the bar should move.",
    heard: (name: string) => `${name} would hear you.`,
    silent: "Nothing is heard yet. Is the microphone on, and is it the right one?",
    take: "Recording: say a sentence.",
    unrecorded: "Your browser does not record it, but you would be heard.",
    played: "This is how you sound.",
    unplayed: "Your browser does not play it back.",
  },

  /** What went wrong, by the codes of errors; {name} is the interviewer. */
  troubles: {
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
  } satisfies Record<string, Words>,

  /** An error whose code is unknown gets the server's own sentence as its text. */
  trouble: { title: "That did not work", text: "Something failed", remedy: again },

  status: {
    idle: "Ready when you are",
    microphone: "Please allow the microphone",
    connecting: "Connecting…",
    restoring: "Reconnecting…",
    ending: "Writing your feedback…",
    over: "The interview is over",
    next: "You are next",
    ahead: (n: number) => (n === 1 ? "One person before you" : `${n}${n >= 100 ? " or more" : ""} people before you`),
  },

  /** What the interviewer does. */
  doing: {
    listening: "Listening to you",
    thinking: "Thinking",
    speaking: "Speaking",
    paused: "Paused",
  } satisfies Record<Doing, string>,
  deaf: (name: string) => `${name} does not hear you`,
  muted: "You are muted",
  mute: "Mute",
  unmute: "Unmute",
  hearsAgain: (name: string) => `${name} hears you again.`,
  unloaded:
    "A part of this page did not load. Check your connection, then try again; if that does not help, reload the page.",
  hearsNothing: (name: string) => `${name} hears nothing from you. Is this the right microphone? See the settings.`,

  /** Why it is over, by the reasons of a bye. */
  endings: {
    another_tab: "It goes on in another tab",
    left: "Paused: you can go on later",
    drain: "Paused: casey is being updated",
    lost: "The interview was lost",
    internal: "Something failed, the interview is over",
  },
  lostForNow: "The connection was lost: you can go on",
  after: {
    elsewhere: "Your interview goes on in another tab.",
    waits: (name: string) => `${name} waits for you.`,
    over: (name: string) => `That was it with ${name}. Well done.`,
  },

  latency: (seconds: string) => `Last reply after ${seconds} s`,
  phase: (name: string, index: number, of: number) => `${name} · ${index} of ${of}`,
  left: {
    up: "Time is up",
    little: "Less than a minute left",
    minutes: (n: number) => `${n} min left`,
  },

  files: {
    own: "Save: your side",
    both: "Save: both of you",
  },

  captions: { candidate: "You", cut: "interrupted" },

  report: {
    title: "How it went",
    more: "More of it is being written…",
    writing: "Being written…",
    good: "What was good",
    better: "What to try next time",
    questions: "Question by question",
    delivery: "How you spoke",
    scores: "Scores",
    score: (score: number, of: number) => `${score} of ${of}`,
    scored: "Score",
    unsure: "Speech recognition was unsure of this answer, so it is not judged.",
    said: "You said",
    strong: "Strong",
    missing: "Missing",
    stronger: "A stronger answer",
    quote: (text: string) => `“${text}”`,
    recording: "Your recording",
    alone: "Play your side alone",
    hearAnswer: "Hear your answer",
    hearIt: "Hear it",
    print: "Print",
    saveMarkdown: "Save as Markdown",
    saveJSON: "Save as JSON",
    saveTranscript: "Save the transcript",
    document: "Your interview",
    transcript: "What was said",
    speakers: { candidate: "You", interviewer: "Interviewer" },
  },

  /** Delivery, by the names of its measures; a unit follows the figure. */
  measures: {
    pace: { title: "Pace", unit: "words a minute" },
    fillers: { title: "Fillers", unit: "in 100 words" },
    wait: { title: "Time to your first word" },
    pause: { title: "Longest pause" },
    length: { title: "Length of an answer" },
    share: { title: "Your share of speaking" },
    interruptions: { title: "Interruptions", unit: "by you" },
  } satisfies Record<string, { title: string; unit?: string }>,
  usual: (low: string, high: string) => `usual: ${low} to ${high}`,
  usualTo: (high: string) => `usual: up to ${high}`,

  /** Past interviews, as this browser keeps them. */
  progress: {
    title: "Your past interviews",
    question: "Keep your interviews in this browser?",
    explained:
      "So you see how you get on. Kept are the report and what was said, as text without sound, in this browser alone, until you delete it.",
    allow: "Keep my interviews",
    refuse: "No, thank you",
    kept: "This interview is kept in this browser.",
    allowed: "From now on your interviews are kept in this browser.",
    empty: "None is kept yet. The next one will be.",
    note: "Kept in this browser alone, as text; no server has it. Recordings are not kept: save those that you want to hear again.",
    back: "Back",
    all: "All past interviews",
    which: "Show",
    every: "All interviews",
    overall: "Overall",
    of: (score: string) => `${score} of 5`,
    unjudged: "not judged",
    unwritten: "no report",
    trend: (first: string, day: string, last: string) => `${first} on ${day}, now ${last}`,
    practise: "Practise this question again",
    export: "Save all as JSON",
    remove: "Delete",
    removeOne: (title: string, day: string) => `Delete ${title}, ${day}`,
    removeAll: "Delete all",
    stop: "Keep no more",
    sure: "Delete it for good?",
    sureAll: "Delete all of them for good, and keep no more?",
    yes: "Yes, delete",
    no: "No, keep",
    removed: "Deleted.",
    removedAll: "All are deleted, and no more are kept.",
    trouble: {
      blocked:
        "This browser does not let the page keep anything, so no interview is kept. Private windows and strict settings do that.",
      full: "This browser has no room left, so the interview is not kept. Delete old ones, or make room on the disk.",
      newer: "A newer casey keeps your interviews here. Reload this page to see them.",
      busy: "Another tab of casey is in the way. Close it, then try again.",
    },
  },
};
