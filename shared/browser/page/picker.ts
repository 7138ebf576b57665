import { microphones, onMicrophones } from "../src/index.js";
import { texts } from "./texts.js";

/** Picker keeps every list of microphones on the page complete and the same. */
export class Picker {
  readonly #lists = document.querySelectorAll<HTMLSelectElement>("select[data-microphones]");
  #chosen: string;

  /** `picked` is called with the id of the one that a person picked. */
  constructor(chosen: string, picked: (device: string) => void) {
    this.#chosen = chosen;
    onMicrophones(() => void this.refresh());
    for (const list of this.#lists) list.addEventListener("change", () => this.#picked(list.value, picked));
    void this.refresh();
  }

  /** refresh looks again which there are: their names are known once one was allowed. */
  async refresh(): Promise<void> {
    const known = (await microphones()).filter((d) => d.label);
    const all = known.length ? known : [{ id: "", label: texts.microphone.standard }];
    for (const list of this.#lists) {
      list.replaceChildren(...all.map(({ id, label }) => new Option(label, id)));
      list.value = all.some(({ id }) => id === this.#chosen) ? this.#chosen : all[0]!.id;
    }
  }

  /** show marks the one that is open. */
  show(device: string): void {
    this.#chosen = device;
    void this.refresh();
  }

  #picked(device: string, tell: (device: string) => void): void {
    this.show(device);
    tell(device);
  }
}
