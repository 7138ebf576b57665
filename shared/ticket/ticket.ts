// Makes a ticket for casey, on a server (Node): see package ticket.
// In Next.js, for example, in a route handler: return Response.json({ ticket: ticket(process.env.CASEY_TICKET_SECRET!, userId) })
import { createHmac } from "node:crypto";

/** Returns a ticket for a user, good for so many seconds (at most 900). */
export function ticket(secret: string, user: string, seconds = 300, now = Date.now()): string {
  const signed = `${Buffer.from(user).toString("base64url")}.${Math.floor(now / 1000) + seconds}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
