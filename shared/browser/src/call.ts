import type { CaseyEvents, ConnectOptions, Status } from "./api.js";
import type { WorkerEvent } from "./events.js";
import { CaseyError, unsupported } from "./fault.js";
import { Link, type LinkOwner } from "./link.js";
import type { Memory } from "./memory.js";
import { Studio, type StudioOwner } from "./studio.js";
import { Tabs } from "./tabs.js";
import { Timers } from "./timers.js";
import { LEVELS_EVERY, LOOK_EVERY, Watch, type WatchOwner } from "./watch.js";

/**
 * An interview that is asked to end by the data channel is asked by the socket too
 * after so many ms.
 */
const END_BY_SOCKET = 2500;

/**
 * An interview that is asked to end is over after so many ms at most; the feedback is
 * written meanwhile.
 */
const END_LIMIT = 50000;

/** What a call tells its owner. */
export interface CallOwner {
  emit<Name extends keyof CaseyEvents>(name: Name, event: CaseyEvents[Name]): void;
  /** nothing of the call is left; its last status follows */
  closed(): void;
}

/** Call is an interview while it runs in this page: all that there is from connect to close. */
export class Call {
  readonly studio: Studio;
  readonly link: Link;
  readonly #owner: CallOwner;
  readonly #memory: Memory;
  readonly #timers = new Timers();
  readonly #watch: Watch;
  readonly #tabs = new Tabs((session) => this.#taken(session));
  readonly #life = new AbortController(); // ends what listens to the page
  #options: ConnectOptions;
  #status: Status = "idle";
  #settle: { resolve(): void; reject(error: CaseyError): void } | undefined;

  constructor(address: string, options: ConnectOptions, memory: Memory, owner: CallOwner) {
    this.#owner = owner;
    this.#memory = memory;
    this.#options = options;
    this.studio = new Studio(this.#studioOwner());
    this.#watch = new Watch(this.studio, this.#watchOwner());
    this.link = new Link(address, options, memory, this.#linkOwner());
    const { signal } = this.#life;
    globalThis.addEventListener?.("pagehide", () => this.#memory.leave(), { signal });
    globalThis.addEventListener?.("online", () => this.link.check(), { signal });
  }

  get status(): Status {
    return this.#status;
  }

  get muted(): boolean {
    return this.studio.input?.muted ?? false;
  }

  /**
   * start opens microphone and socket, and resolves when the interviewer is there.
   * Rejects with a CaseyError.
   */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      void this.#open();
    });
  }

  /** nudge says: it is your turn now. */
  nudge(): void {
    this.link.tell({ type: "nudge" });
  }

  /** mute switches the microphone off or on; silence keeps flowing. */
  mute(on: boolean): void {
    const { input } = this.studio;
    if (!input) return;
    input.mute(on);
    this.link.tell({ type: "muted", on });
    this.#owner.emit("muted", { on });
  }

  /** record begins to record, as soon as there is a microphone, or stops. */
  record(on: boolean): void {
    this.#options = { ...this.#options, record: on };
    this.studio.record(on);
  }

  /** leave pauses the interview. */
  leave(): void {
    this.link.say("leave");
    this.close();
  }

  /** end ends the interview; the report, if there is one, and `bye` follow. */
  end(): void {
    if (this.#status !== "live" && this.#status !== "restoring") {
      this.link.say("end");
      return this.#over();
    }
    this.#set("ending");
    if (this.link.tell({ type: "end" })) this.#timers.after("end", END_BY_SOCKET, () => this.link.say("end"));
    else this.link.say("end");
    this.#timers.after("over", END_LIMIT, () => this.#over());
  }

  /** close ends everything here at once, without a word; nothing is left running. */
  close(): void {
    if (this.#status === "over") return;
    this.#status = "over";
    this.#timers.clearAll();
    this.#life.abort();
    this.#tabs.close();
    this.link.close();
    this.studio.close();
    this.#memory.leave(); // what can be gone on with, any tab may
    this.#owner.closed();
    this.#settle?.reject(new CaseyError("closed", "the interview was closed"));
    this.#settle = undefined;
    this.#set("over");
  }

  #set(status: Status, ahead?: number): void {
    this.#status = status;
    this.#owner.emit("status", { status, ...(ahead !== undefined && { ahead }) });
  }

  async #open(): Promise<void> {
    try {
      this.#set("microphone");
      await this.studio.open(this.#options.device);
      if (this.#status === "over") return; // closed meanwhile
      if (this.#options.record) this.studio.record(true);
      this.#set("connecting");
      if (!this.#options.resume) this.#memory.forget();
      this.link.open();
      this.#timers.every("look", LOOK_EVERY, () => this.#watch.look());
      this.#timers.every("levels", LEVELS_EVERY, () => this.#watch.levels());
    } catch (error) {
      if (this.#status === "over") return; // closed meanwhile
      this.#fail(error instanceof CaseyError ? error : unsupported(error));
    }
  }

  /** taken ends it here when another tab says that it goes on with this interview. */
  #taken(session: string): void {
    if (session !== this.#memory.ticket?.session) return;
    this.#memory.forget(); // the other tab has its own
    this.#owner.emit("bye", { reason: "another_tab", resumable: false });
    this.close();
  }

  #fail(error: CaseyError): void {
    const settle = this.#settle;
    this.#settle = undefined;
    this.close();
    this.#owner.emit("failed", error);
    settle?.reject(error);
  }

  #over(): void {
    this.#memory.conclude();
    this.close();
  }

  #linkOwner(): LinkOwner {
    const call = this;
    return {
      get status() {
        return call.#status;
      },
      set: (status, ahead) => this.#set(status, ahead),
      emit: (name, event) => this.#owner.emit(name, event),
      microphone: () => this.studio.input!,
      hear: (voice) => this.studio.hear(voice),
      event: (event) => this.#event(event),
      ready: () => this.#ready(),
      fail: (error) => this.#fail(error),
      over: () => this.#over(),
      close: () => this.close(),
    };
  }

  #ready(): void {
    this.#set("live");
    if (this.muted) this.link.tell({ type: "muted", on: true });
    if (this.#memory.ticket) this.#tabs.took(this.#memory.ticket.session);
    this.#settle?.resolve();
    this.#settle = undefined;
  }

  #event(event: WorkerEvent): void {
    this.#watch.take(event);
    this.#owner.emit(event.type, event as never);
  }

  #studioOwner(): StudioOwner {
    return {
      trouble: (error) => this.#owner.emit("trouble", error),
      voice: (stream) => this.#owner.emit("voice", { stream }),
      recorded: (recording) => this.#owner.emit("recording", recording),
      microphone: (track) => {
        this.link.use(track);
        this.#owner.emit("microphone", { device: track.getSettings().deviceId ?? "", label: track.label });
      },
    };
  }

  #watchOwner(): WatchOwner {
    return {
      source: () => this.link.heard?.source(),
      heard: (heard) => {
        this.link.tell({ type: "heard", ...heard });
        this.#owner.emit("heard", heard);
      },
      played: (played) => void this.link.tell({ type: "played", ...played }),
      viseme: (value) => this.#owner.emit("viseme", { value }),
      levels: (levels) => this.#owner.emit("levels", levels),
    };
  }
}
