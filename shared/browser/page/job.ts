import { JOB_BYTES, JOB_EVENT_BYTES, type Job, LINE_BYTES } from "../src/index.js";
import type { DocumentError } from "./documents.js";
import { click, find, load, write } from "./dom.js";
import { remember, remembered } from "./tab.js";
import { texts } from "./texts.js";
import { bytes, tidy } from "./tidy.js";

/** The kinds of file that are read. */
const ACCEPTED = ".txt,.md,.pdf,.docx";

/** The texts that may come out of a file. */
const documents = ["advertisement", "cv"] as const;
const lines = ["role", "focus"] as const;

/** The minutes that a person may ask for. */
const MINUTES = [5, 10, 15, 20, 30, 45];

/** Where a tab keeps what was told, as long as it is open. */
const KEPT = "casey:job";

/** Says in there that the interview that runs has been told. */
const SENT = "casey:job:sent";

/** Why what was told cannot be sent. */
type Refusal = keyof typeof texts.job.refused;

/** JobView lets a person tell of the job before an interview; the tab remembers it. */
export class JobView {
  readonly #busy: (on: boolean) => void;
  #line = (): string => ""; // what there is to say of it
  #reading = 0; // files

  /** `busy` is told while a file is being read: what is in it is not there yet. */
  constructor(busy: (on: boolean) => void) {
    this.#busy = busy;
    for (const type of ["dragover", "drop"]) document.addEventListener(type, stays as EventListener);
    for (const name of documents) this.#document(name);
    for (const field of this.#fields()) field.addEventListener("input", () => this.#changed());
    click("#forget-job", () => this.#forget());
    this.#restore();
    this.redraw();
  }

  /** redraw writes what it says in the language that the page speaks now. */
  redraw(): void {
    const minutes = find<HTMLSelectElement>("#job-minutes");
    const { value } = minutes;
    const usual = new Option(texts.job.minutesUsual, "");
    minutes.replaceChildren(usual, ...MINUTES.map((n) => new Option(texts.choice.minutes(n), String(n))));
    minutes.value = value;
    this.#tell();
  }

  /**
   * job is what an interview is yet to be told, one that is gone on with or a new one;
   * undefined where that is nothing, or cannot be sent.
   */
  job(goOn: boolean): Job | undefined {
    if (goOn && remembered(SENT)) return undefined;
    remember(SENT, "");
    const job = this.#told();
    return Object.keys(job).length && !refusal(job) ? job : undefined;
  }

  /** practise has the next interview be about one question; about all of them, when it is empty. */
  practise(question: string): void {
    find<HTMLInputElement>("#job-focus").value = question;
    this.#changed();
  }

  /** sent says that the interview that runs has been told, for good. */
  sent(): void {
    remember(SENT, "1");
  }

  #fields(): (HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement)[] {
    return [...document.querySelectorAll<HTMLInputElement>("#job :is(input[type=text], textarea, select)")];
  }

  #told(): Job {
    const job: Job = {};
    for (const name of [...lines, ...documents]) {
      const text = tidy(find<HTMLInputElement>(`#job-${name}`).value);
      if (text) job[name] = text;
    }
    const minutes = Number(find<HTMLSelectElement>("#job-minutes").value);
    if (minutes) job.minutes = minutes;
    return job;
  }

  /** document lets a file be dropped on a text, or chosen for it. */
  #document(name: (typeof documents)[number]): void {
    const area = find<HTMLTextAreaElement>(`#job-${name}`);
    const chooser = find<HTMLInputElement>(`#job-${name}-file`);
    chooser.accept = ACCEPTED;
    chooser.addEventListener("change", () => {
      void this.#read(area, chooser.files?.[0]);
      chooser.value = ""; // the same file may be chosen again
    });
    click(`#job-${name}-choose`, () => chooser.click());
    const field = area.closest(".document")!;
    const over = (on: boolean) => field.classList.toggle("over", on);
    field.addEventListener("dragover", (event) => {
      over((event as DragEvent).dataTransfer?.types.includes("Files") ?? false);
    });
    field.addEventListener("dragleave", () => over(false));
    field.addEventListener("drop", (event) => {
      over(false);
      const file = (event as DragEvent).dataTransfer?.files[0];
      void this.#read(area, file);
    });
  }

  async #read(area: HTMLTextAreaElement, file: File | undefined): Promise<void> {
    if (!file) return;
    this.#busy(++this.#reading > 0);
    this.#say(() => texts.job.reading(file.name));
    try {
      const { readDocument } = await load<typeof import("./documents.js")>("documents");
      area.value = await readDocument(file);
      this.#changed(() => texts.job.read(file.name));
    } catch (error) {
      const code = (error as DocumentError).code in texts.job.refused ? (error as DocumentError).code : "broken";
      console.warn("document", code, error);
      this.#say(() => `${file.name}: ${texts.job.refused[code]}`, code);
    } finally {
      this.#busy(--this.#reading > 0);
    }
  }

  /** changed keeps what was told, and says what is wrong with it. */
  #changed(otherwise = (): string => ""): void {
    const job = this.#told();
    remember(KEPT, Object.keys(job).length ? JSON.stringify(job) : "");
    const code = refusal(job);
    this.#say(() => (code ? texts.job.refused[code] : otherwise()), code);
    this.#tell();
  }

  #say(line: () => string, code?: Refusal): void {
    this.#line = line;
    find("#job-words").dataset.code = code ?? "";
    this.#tell();
    if (code) find("#job-words").scrollIntoView({ block: "nearest" });
  }

  #tell(): void {
    const job = this.#told();
    const told = Object.keys(job).length > 0;
    find("#focus").hidden = !job.focus;
    write("#focus q", job.focus ?? "");
    write("#job-words", this.#line());
    write("#job-told", told ? texts.job.told : texts.job.optional);
    find("#forget-job").hidden = !told;
  }

  #forget(): void {
    for (const field of this.#fields()) field.value = "";
    this.#changed();
    find("#job-role").focus();
  }

  #restore(): void {
    const { minutes, ...told } = kept();
    for (const [name, text] of Object.entries(told)) find<HTMLInputElement>(`#job-${name}`).value = text;
    this.redraw();
    find<HTMLSelectElement>("#job-minutes").value = minutes ? String(minutes) : "";
  }
}

/** stays keeps the page where it is when a file is dropped on it. */
function stays(event: DragEvent): void {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
}

/** refusal is why a job cannot be sent. */
function refusal(job: Job): Refusal | undefined {
  const { minutes, ...told } = job;
  if ([job.role, job.focus].some((line) => bytes(line) > LINE_BYTES)) return "long_line";
  const all = Object.values(told).reduce((sum, text) => sum + bytes(text), 0);
  if (all > JOB_BYTES || bytes(JSON.stringify(job)) > JOB_EVENT_BYTES - 64) return "long_texts";
  return undefined;
}

/** kept is what this tab remembers; nothing where that cannot be read. */
function kept(): Job {
  try {
    const { role, advertisement, cv, focus, minutes }: Job = JSON.parse(remembered(KEPT) || "{}");
    const told = Object.entries({ role, advertisement, cv, focus }).filter(([, text]) => typeof text === "string");
    return { ...Object.fromEntries(told), ...(typeof minutes === "number" && { minutes }) };
  } catch {
    return {};
  }
}
