/** A Casey on a fake browser, and everything that it tells. */
import type { TestContext } from "node:test";
import type { ConnectOptions } from "../src/api.js";
import { Casey } from "../src/casey.js";
import { Connection, type Message, Socket, settled, World } from "./fake.js";

export class Stage {
  readonly world: World;
  readonly casey = new Casey();
  readonly told: [string, Message][] = [];
  /** what connect came to */
  outcome: Promise<string> = Promise.resolve("not begun");

  constructor(t: TestContext) {
    t.after(() => this.casey.close()); // while there is a browser
    this.world = new World(t);
    this.casey.onAny((name, event) => void this.told.push([name, event]));
  }

  /** connect presses start, and opens the socket. */
  async connect(options: ConnectOptions = {}): Promise<void> {
    this.outcome = this.casey.connect("wss://casey/ws", options).then(
      () => "live",
      (error) => error.code ?? `no code: ${error}`,
    );
    await settled();
    Socket.all.at(-1)?.open();
    await settled();
  }

  /** answer answers the newest offer. */
  async answer(): Promise<void> {
    const offers = Socket.all.flatMap((socket) => socket.told("offer"));
    const { socket } = this.world;
    socket.say({ type: "session", session: "s", resume: "r", iceServers: [] });
    socket.say({ type: "answer", sdp: { type: "answer", sdp: "answer" }, session: "s", peer: offers.at(-1).peer });
    await settled();
  }

  /** live connects and talks. */
  async live(options: ConnectOptions = {}): Promise<Connection> {
    await this.connect(options);
    await this.answer();
    this.world.connection.connect();
    await settled();
    return this.world.connection;
  }

  /** events are those of a name. */
  events(name: string): Message[] {
    return this.told.filter(([told]) => told === name).map(([, event]) => event);
  }

  /** statuses are those that were told, in order. */
  get statuses(): string[] {
    return this.events("status").map(({ status }) => status);
  }

  /** wants is what each offer wanted. */
  get wants(): string[] {
    return Socket.all.flatMap((socket) => socket.told("offer")).map(({ want }) => want ?? "nothing");
  }

  /** left is what is still there of a call: open contexts, microphones and connections. */
  get left(): string[] {
    const { contexts, devices } = this.world;
    return [
      ...(contexts ? [`${contexts} contexts`] : []),
      ...devices.tracks.filter(({ stopped }) => !stopped).map(({ label }) => label),
      ...Connection.all.filter(({ closed }) => !closed).map((_, n) => `connection ${n}`),
      ...Socket.all.filter(({ readyState }) => readyState < 2).map((_, n) => `socket ${n}`),
    ];
  }
}
