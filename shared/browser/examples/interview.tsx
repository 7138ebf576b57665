import { Casey } from "casey-browser";
import { useEffect, useState } from "react";

export function Interview({ url }: { url: string }) {
  const [casey] = useState(() => new Casey());
  const [said, setSaid] = useState("");
  useEffect(() => casey.on("caption", ({ text }) => setSaid(text)), [casey]);
  useEffect(() => () => casey.close(), [casey]);
  return <button onClick={() => casey.connect(url).catch((e) => setSaid(e.message))}>{said || "Start"}</button>;
}
