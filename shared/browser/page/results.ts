import { Archive } from "./archive.js";
import { find } from "./dom.js";
import { Keeper } from "./keeper.js";
import type { Preferences } from "./preferences.js";
import { type Practice, ProgressView } from "./progress.js";
import { ReportView } from "./report.js";
import type { Transcript } from "./transcript.js";

/** What the results ask of the page. */
export interface ResultsOwner {
  readonly transcript: Transcript;
  readonly preferences: Preferences;
  /** practise offers an interview about one question. */
  practise(practice: Practice): void;
  /** past shows the interviews that this browser keeps. */
  past(): void;
  /** back shows what was seen before that. */
  back(): void;
}

/**
 * Results is what comes of interviews: the report of this one, whether to keep it, and
 * those before. Nobody needs it at first sight, so it is a script of its own.
 */
export class Results {
  readonly report: ReportView;
  readonly keeper: Keeper;
  readonly progress: ProgressView;

  constructor(owner: ResultsOwner) {
    const archive = new Archive();
    this.report = new ReportView(find("#report"), owner.transcript, (question) =>
      owner.practise({ interview: owner.preferences.interview, question }),
    );
    this.keeper = new Keeper(archive, find("#keep"), owner.preferences, () => owner.past());
    this.progress = new ProgressView(archive, {
      practise: (practice) => owner.practise(practice),
      leave: () => owner.back(),
    });
  }

  /** clear leaves nothing of an interview before. */
  clear(): void {
    this.report.clear();
    this.keeper.clear();
  }

  /** redraw shows the same in the language that the page speaks now. */
  redraw(): void {
    this.report.redraw();
    this.keeper.redraw();
    if (document.body.dataset.view === "past") this.progress.redraw();
  }
}
