/** Awake keeps a screen on that nobody touches, because they talk: phones stop the microphone with it. */
export class Awake {
  #wanted = false;
  #lock: WakeLockSentinel | undefined;

  constructor() {
    document.addEventListener("visibilitychange", () => void this.#take()); // a page that is hidden loses it
  }

  /** keep keeps the screen on from now on, or not any more. */
  keep(on: boolean): void {
    this.#wanted = on;
    if (on) void this.#take();
    else void this.#lock?.release();
  }

  async #take(): Promise<void> {
    if (!this.#wanted || document.visibilityState !== "visible" || (this.#lock && !this.#lock.released)) return;
    try {
      const lock = await navigator.wakeLock.request("screen");
      if (!this.#wanted || (this.#lock && !this.#lock.released)) await lock.release();
      else this.#lock = lock;
    } catch {
      // an old browser, or one that saves power: the screen may sleep
    }
  }
}
