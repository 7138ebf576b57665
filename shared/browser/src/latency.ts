/** Loudness, as root mean square, from which something is heard. */
const AUDIBLE = 0.008;
const SPEECH = 0.02;

/** Latency measures how long the candidate waited for a reply, as the page hears both. */
export class Latency {
  #spoke: number | undefined;
  #told: number | undefined;

  /**
   * look takes how loud the candidate (`own`) and the interviewer (`voice`) are
   * at `now` and which turn is playing. It returns, once a turn, how many ms
   * after the candidate's last sound the reply's first was heard, 0 when the
   * candidate had not spoken.
   */
  look(now: number, own: number, voice: number, turn: number | undefined): { turn: number; ms: number } | undefined {
    if (turn !== undefined && turn !== this.#told && voice >= AUDIBLE) {
      const ms = this.#spoke === undefined ? 0 : Math.round(now - this.#spoke);
      this.#told = turn;
      this.#spoke = undefined;
      return { turn, ms };
    }
    if (own >= SPEECH) this.#spoke = now;
    return undefined;
  }
}
