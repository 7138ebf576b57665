/** Transport keeps only ICE candidates of one protocol; tests use it to connect over TCP alone. */
export type Transport = "udp" | "tcp";

/**
 * carries says whether an ICE candidate line is of the transport; the empty one, the
 * last, always is.
 */
export function carries(line: string, transport: Transport | undefined): boolean {
  return !transport || !line || line.split(" ")[2]?.toLowerCase() === transport;
}

/** keepTransport takes the candidates of every other transport out of an SDP. */
export function keepTransport(sdp: string, transport: Transport | undefined): string {
  if (!transport) return sdp;
  return sdp.replace(/^a=(candidate:[^\r\n]*)\r?\n/gm, (whole, line: string) =>
    carries(line, transport) ? whole : "",
  );
}
