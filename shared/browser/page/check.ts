import { CaseyError, MicrophoneCheck } from "../src/index.js";
import { click, find, loudness, meter, write } from "./dom.js";
import { texts } from "./texts.js";
import { troubleWords } from "./words.js";

/** How long a person is recorded, in ms, and from which level on something was said. */
const TAKE = 3000;
const SAID = 0.01;

/** CheckView is the part of the page in which a person sees and hears the microphone. */
export class CheckView {
  /** who would hear the candidate */
  name = "";

  readonly #opened: (device: string) => void;
  readonly #player = new Audio();
  #check: MicrophoneCheck | undefined;
  #loudest = 0;
  #tries = 0; // an opening that another one or a close overtook counts no more

  /** `opened` is told the id of each microphone that is open. */
  constructor(opened: (device: string) => void) {
    this.#opened = opened;
    click("#listen", () => void this.#listen());
  }

  get isOpen(): boolean {
    return !find("#check").hidden;
  }

  /** open shows it, with a microphone, the default when none is named. */
  async open(device: string): Promise<void> {
    this.#stop();
    const own = ++this.#tries;
    find("#check").hidden = false;
    find<HTMLButtonElement>("#listen").disabled = true;
    write("#check-words", texts.microphone.allow);
    try {
      const check = await MicrophoneCheck.open(device);
      if (own !== this.#tries) return check.close();
      this.#ready(check);
    } catch (error) {
      const { title, remedy } = troubleWords(
        error instanceof CaseyError ? error : { code: "", message: String(error) },
        this.name,
      );
      if (own === this.#tries) write("#check-words", `${title}. ${remedy}`);
    }
  }

  close(): void {
    this.#stop();
    this.#tries++;
    find("#check").hidden = true;
  }

  #stop(): void {
    this.#player.pause();
    this.#check?.close();
    this.#check = undefined;
    meter("#check-level", 0);
  }

  #ready(check: MicrophoneCheck): void {
    this.#check = check;
    this.#loudest = 0;
    find<HTMLButtonElement>("#listen").disabled = false;
    write("#check-words", texts.microphone.speak);
    this.#opened(check.device);
    find("#check").scrollIntoView({ block: "nearest" });
    this.#look(check, performance.now());
  }

  /** look shows the level, frame by frame, while this check is open. */
  #look(check: MicrophoneCheck, began: number): void {
    if (check !== this.#check) return;
    const level = check.level();
    meter("#check-level", loudness(level));
    if (level > SAID && this.#loudest <= SAID) write("#check-words", texts.microphone.heard(this.name));
    this.#loudest = Math.max(this.#loudest, level);
    if (this.#loudest <= SAID && performance.now() - began > 5000) write("#check-words", texts.microphone.silent);
    requestAnimationFrame(() => this.#look(check, began));
  }

  /** listen records a few seconds and plays them. */
  async #listen(): Promise<void> {
    const check = this.#check;
    const button = find<HTMLButtonElement>("#listen");
    if (!check || button.disabled) return;
    button.disabled = true;
    write("#check-words", texts.microphone.take);
    const take = await check.listen(TAKE).catch(() => undefined);
    if (check !== this.#check) return;
    button.disabled = false;
    if (!take) return write("#check-words", texts.microphone.unrecorded);
    write("#check-words", texts.microphone.played);
    this.#player.src = URL.createObjectURL(take);
    this.#player.onended = () => URL.revokeObjectURL(this.#player.src);
    await this.#player.play().catch(() => write("#check-words", texts.microphone.unplayed));
  }
}
