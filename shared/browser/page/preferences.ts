/** Preferences are what a person chose, and what the page remembers of it. */
export interface Preferences {
  captions: boolean;
  /** how long the last reply took */
  latency: boolean;
  /** single keys do things */
  keys: boolean;
  /** the microphone's id, empty for the default */
  device: string;
  /** the interview that was begun last, and so the one that can be gone on with */
  interview: string;
  /** whether to keep interviews in this browser was asked */
  asked: boolean;
  /** the page's, where a person chose it; empty for the browser's */
  language: string;
}

const key = "casey:page";
const fallback: Preferences = {
  captions: true,
  latency: false,
  keys: true,
  device: "",
  interview: "",
  asked: false,
  language: "",
};

/** load returns the preferences; a page that may keep nothing has the usual ones. */
export function load(storage: () => Storage = () => localStorage): Preferences {
  try {
    const kept = JSON.parse(storage().getItem(key) ?? "{}") as Partial<Preferences>;
    const known = Object.entries(kept).filter(
      ([name, value]) => typeof value === typeof fallback[name as keyof Preferences],
    );
    return { ...fallback, ...Object.fromEntries(known) };
  } catch {
    return { ...fallback };
  }
}

/** save remembers them. */
export function save(preferences: Preferences, storage: () => Storage = () => localStorage): void {
  try {
    storage().setItem(key, JSON.stringify(preferences));
  } catch {
    // not remembered then
  }
}
