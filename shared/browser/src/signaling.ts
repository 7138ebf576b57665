import { type ClientMessage, type Lost, parseServer, type ServerMessage } from "./messages.js";
import { OPEN_LIMIT, PING, PONG_LIMIT, reopenIn } from "./retry.js";
import { Timers } from "./timers.js";

/** What a signaling connection tells its owner. */
export interface SignalingOwner {
  /** a socket is open, for the first time or again: say who you are */
  opened(): void;
  message(message: ServerMessage | Lost): void;
  /**
   * it was closed or did not open, so many times in a row, and will be opened again
   * unless close is called
   */
  closed(failures: number): void;
  sent(message: ClientMessage): void;
}

/** A socket that was heard so many ms ago is not asked whether it is still there. */
const JUST_HEARD = 1000;

/**
 * Signaling is a WebSocket to casey that is kept open: pinged, and opened again
 * when it closes. A socket may be dead and say that it is open, as after sleep
 * or in a new network: one that does not answer is not waited for, but another
 * is opened beside it, which takes its place once it is open.
 */
export class Signaling {
  readonly #url: string;
  readonly #owner: SignalingOwner;
  readonly #timers = new Timers();
  #socket: WebSocket | undefined;
  #next: WebSocket | undefined; // is being opened
  #failures = 0;
  #heard = 0;
  #ping = PING;

  constructor(url: string, owner: SignalingOwner) {
    this.#url = url;
    this.#owner = owner;
  }

  /** open opens a socket, beside the one that there is, if there is one. */
  open(): void {
    if (this.#next) return;
    this.#timers.clear("reopen");
    try {
      this.#begin(new WebSocket(this.#url));
    } catch {
      this.#failed(); // the browser does not allow it, as from an https page to ws
    }
  }

  /** send returns false when the socket is not open; the message is lost then. */
  send(message: ClientMessage): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    this.#owner.sent(message);
    return true;
  }

  /** check asks the server whether it is there, unless it was heard just now. */
  check(): void {
    if (performance.now() - this.#heard >= JUST_HEARD) this.#ask();
  }

  /** pingEvery says how often to ping from now on, in ms. */
  pingEvery(ms: number): void {
    this.#ping = ms;
    if (this.#timers.has("ping")) this.#startPing();
  }

  close(): void {
    this.#timers.clearAll();
    for (const socket of [this.#socket, this.#next]) leave(socket);
    this.#socket = this.#next = undefined;
  }

  #begin(socket: WebSocket): void {
    this.#next = socket;
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = (event) => this.#message(event.data);
    socket.onclose = () => this.#closed(socket);
    this.#timers.after("open", OPEN_LIMIT, () => this.#closed(socket));
  }

  #opened(socket: WebSocket): void {
    leave(this.#socket);
    this.#socket = socket;
    this.#next = undefined;
    for (const name of ["open", "pong"]) this.#timers.clear(name);
    this.#heard = performance.now();
    this.#startPing();
    this.#owner.opened();
  }

  #startPing(): void {
    this.#timers.every("ping", this.#ping, () => this.#ask());
  }

  /** ask pings, and opens another socket when nothing at all is heard. */
  #ask(): void {
    if (!this.send({ type: "ping" })) return this.open();
    if (!this.#timers.has("pong")) this.#timers.after("pong", PONG_LIMIT, () => this.open());
  }

  #message(data: unknown): void {
    this.#heard = performance.now();
    this.#failures = 0;
    this.#timers.clear("pong");
    const message = parseServer(data);
    if (message) this.#owner.message(message);
  }

  /** closed is a socket that closed, or that was waited for long enough. */
  #closed(socket: WebSocket): void {
    leave(socket);
    if (socket === this.#next) {
      this.#next = undefined;
      this.#timers.clear("open");
    } else {
      this.#socket = undefined;
      for (const name of ["ping", "pong"]) this.#timers.clear(name);
    }
    if (!this.#next) this.#failed(); // else the next one is opened already
  }

  #failed(): void {
    this.#failures++;
    this.#timers.after("reopen", reopenIn(this.#failures), () => this.open());
    this.#owner.closed(this.#failures);
  }
}

/** leave closes a socket and does not wait until the other side has done so too. */
function leave(socket: WebSocket | undefined): void {
  if (!socket) return;
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close();
}
