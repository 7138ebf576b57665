import type { Report } from "./events.js";
import { Memory } from "./memory.js";
import { parseServer } from "./messages.js";
import { socketURL } from "./url.js";

/** How long the server may take to bring a report, in ms. */
const REVIEW_LIMIT = 15000;

/** over says whether an interview at this address was over in this tab, and may have a report. */
export function over(url: string): boolean {
  return new Memory(socketURL(url, globalThis.location?.href)).past !== undefined;
}

/**
 * review asks for the report of the interview that was over last in this tab; undefined
 * where there is none, or nobody answers.
 */
export function review(url: string): Promise<Report | undefined> {
  const address = socketURL(url, globalThis.location?.href);
  const { past } = new Memory(address);
  if (!past) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = new WebSocket(address);
    const done = (report?: Report): void => {
      clearTimeout(limit);
      socket.onclose = null;
      socket.close();
      resolve(report);
    };
    const limit = setTimeout(done, REVIEW_LIMIT);
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", ...past }));
    socket.onclose = () => done();
    socket.onmessage = ({ data }) => {
      const message = parseServer(data);
      if (message) done(message.type === "report" ? message.report : undefined);
    };
  });
}
