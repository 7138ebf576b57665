import { type ClientMessage, type Lost, parseServer, type ServerMessage } from "./messages.js";
import { PING, reopenIn } from "./retry.js";
import { Timers } from "./timers.js";

/** What a signaling connection tells its owner. */
export interface SignalingOwner {
  /** the socket is open, for the first time or again: say who you are */
  opened(): void;
  message(message: ServerMessage | Lost): void;
  /** it was closed, so many times in a row, and will be opened again unless close is called */
  closed(failures: number): void;
  sent(message: ClientMessage): void;
}

/** Signaling is a WebSocket to casey that is kept open: pinged, and opened again when it closes. */
export class Signaling {
  readonly #url: string;
  readonly #owner: SignalingOwner;
  readonly #timers = new Timers();
  #socket: WebSocket | undefined;
  #failures = 0;
  #heard = 0;
  #ping = PING;

  constructor(url: string, owner: SignalingOwner) {
    this.#url = url;
    this.#owner = owner;
  }

  open(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = (event) => this.#message(event.data);
    socket.onclose = () => this.#closed(socket);
  }

  /** send returns false when the socket is not open; the message is lost then. */
  send(message: ClientMessage): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    this.#owner.sent(message);
    return true;
  }

  /** pingEvery says how often to ping from now on, in ms. */
  pingEvery(ms: number): void {
    this.#ping = ms;
    if (this.#timers.has("ping")) this.#startPing();
  }

  close(): void {
    this.#timers.clearAll();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #opened(): void {
    this.#heard = performance.now();
    this.#startPing();
    this.#owner.opened();
  }

  #startPing(): void {
    this.#timers.every("ping", this.#ping, () => {
      if (performance.now() - this.#heard > 3 * this.#ping + 5000) this.#socket?.close();
      else this.send({ type: "ping" });
    });
  }

  #message(data: unknown): void {
    this.#heard = performance.now();
    this.#failures = 0;
    const message = parseServer(data);
    if (message) this.#owner.message(message);
  }

  #closed(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    this.#timers.clear("ping");
    this.#failures++;
    this.#timers.after("reopen", reopenIn(this.#failures), () => this.open());
    this.#owner.closed(this.#failures);
  }
}
