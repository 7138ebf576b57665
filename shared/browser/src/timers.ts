/** Timers holds timeouts and intervals by name, so that all can be stopped at once. */
export class Timers {
  readonly #stop = new Map<string, () => void>();

  /** after runs `action` once in `ms`; it takes the place of the timer of that name. */
  after(name: string, ms: number, action: () => void): void {
    this.clear(name);
    const id = setTimeout(() => {
      this.#stop.delete(name);
      action();
    }, ms);
    this.#stop.set(name, () => clearTimeout(id));
  }

  /** every runs `action` each `ms`; it takes the place of the timer of that name. */
  every(name: string, ms: number, action: () => void): void {
    this.clear(name);
    const id = setInterval(action, ms);
    this.#stop.set(name, () => clearInterval(id));
  }

  has(name: string): boolean {
    return this.#stop.has(name);
  }

  clear(name: string): void {
    this.#stop.get(name)?.();
    this.#stop.delete(name);
  }

  clearAll(): void {
    for (const stop of this.#stop.values()) stop();
    this.#stop.clear();
  }
}
