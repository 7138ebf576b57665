/**
 * socketURL returns the WebSocket address for whatever address casey was given,
 * exactly as the legacy client makes it: http(s) becomes ws(s), and the path
 * ends in `/ws`. A query is kept.
 */
export function socketURL(given: string, base?: string): string {
  const url = new URL(given.trim(), base);
  url.protocol = { "http:": "ws:", "https:": "wss:" }[url.protocol] ?? url.protocol;
  if (url.protocol !== "ws:" && url.protocol !== "wss:") {
    throw new TypeError(`${given} is no http, https, ws or wss address`);
  }
  const path = url.pathname.replace(/\/+$/, "");
  url.pathname = path.endsWith("/ws") ? path : `${path}/ws`;
  url.hash = "";
  return url.toString();
}
