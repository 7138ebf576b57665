/** remember keeps a text for this tab, if it may: a reloaded page has it then. An empty one is forgotten. */
export function remember(key: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(key, text);
    else sessionStorage.removeItem(key);
  } catch {
    // the tab keeps nothing, so a reloaded page is without it
  }
}

/** remembered is what this tab keeps; empty where that is nothing. */
export function remembered(key: string): string {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}
