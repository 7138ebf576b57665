/**
 * Later is a part of the page whose script is loaded once it is needed. What it is told
 * before waits for it, also through loads that fail.
 */
export class Later<Part> {
  readonly #load: () => Promise<Part>;
  #part: Part | undefined;
  #loading: Promise<Part> | undefined;
  #waiting: ((part: Part) => void)[] = [];

  constructor(load: () => Promise<Part>) {
    this.#load = load;
  }

  /** part is undefined as long as it is not loaded. */
  get part(): Part | undefined {
    return this.#part;
  }

  /** tell has the part do something, now or once it is there; rejects where it cannot be loaded now. */
  async tell(action: (part: Part) => void): Promise<void> {
    if (this.#part) return action(this.#part);
    this.#waiting.push(action);
    await this.load();
  }

  /** load loads the part, unless it is there or on its way; rejects where that is not possible now. */
  async load(): Promise<void> {
    if (this.#part) return;
    this.#loading ??= this.#load();
    const loading = this.#loading;
    try {
      this.#part ??= await loading;
    } catch (error) {
      if (this.#loading === loading) this.#loading = undefined;
      throw error;
    }
    for (const action of this.#waiting.splice(0)) action(this.#part);
  }

  /** forget drops what waits. */
  forget(): void {
    this.#waiting = [];
  }
}
