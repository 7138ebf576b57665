/** Tabs tells the other tabs of this browser which interview goes on in this one. */
export class Tabs {
  readonly #channel: BroadcastChannel | undefined;

  /** `taken` is called with the session that goes on in another tab from now on. */
  constructor(taken: (session: string) => void) {
    try {
      this.#channel = new BroadcastChannel("casey");
    } catch {
      return; // an old browser, or one that lets this page share nothing
    }
    this.#channel.onmessage = ({ data }) => typeof data?.session === "string" && taken(data.session);
  }

  /** took says that a session goes on here. */
  took(session: string): void {
    this.#channel?.postMessage({ session });
  }

  close(): void {
    this.#channel?.close();
  }
}
