/** The keys, and the buttons or switches that they press. */
export const keys: Record<string, string> = {
  m: "#mute",
  t: "#nudge",
  p: "#leave",
  c: "#captions-on",
  l: "#latency-on",
  r: "#record-on",
  "?": "#open-settings",
};

/**
 * listenToKeys presses what a key belongs to while `enabled` says so. Keys that
 * somebody types into a field, or together with a modifier, are not meant.
 */
export function listenToKeys(enabled: () => boolean): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (
      !enabled() ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.repeat ||
      target.matches("select, textarea, input:not([type=checkbox])")
    )
      return;
    const selector = keys[event.key.toLowerCase()];
    const control = selector && document.querySelector<HTMLElement>(selector);
    if (!control || control.matches(":disabled")) return;
    event.preventDefault();
    control.click();
  });
}
