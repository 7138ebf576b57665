/** call has a listener that throws stop nobody else: it is reported, as those of a page are. */
function call(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    if (globalThis.reportError) globalThis.reportError(error);
    else console.error(error);
  }
}

/** Emitter calls whoever listens to a named event of the map `Events`. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();
  readonly #all = new Set<(name: keyof Events, event: Events[keyof Events]) => void>();

  /** on calls `listener` at every such event until the returned function is called. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** onAny calls `listener` at every event of any name. */
  onAny(listener: (name: keyof Events, event: Events[keyof Events]) => void): () => void {
    this.#all.add(listener);
    return () => void this.#all.delete(listener);
  }

  protected emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of this.#all) call(() => listener(name, event));
    for (const listener of this.#listeners.get(name) ?? [])
      call(() => (listener as (event: Events[Name]) => void)(event));
  }
}
