import type { ConnectOptions } from "../src/index.js";

/** Config is what /config.json may say. */
export interface Config {
  /** casey's WebSocket address, when it is not at /ws of the page's own host */
  ws?: string;
  /** casey runs on this computer alone, with speech recognition that is poorer than the real one */
  local?: boolean;
}

/** Settings are what the page was opened with. */
export interface Settings {
  url: string;
  local: boolean;
  probe: boolean;
  /** language in which an interview is held, by its code, where it has several */
  language: string | undefined;
  /** address of a GLB file that is seen instead of the drawn face */
  avatar: string | undefined;
  /** a question that the interview is to be about; empty for none */
  focus: string;
  options: ConnectOptions;
}

/** settings puts together the page's address and its configuration; the address wins. */
export function settings(page: URL, config: Config): Settings {
  const query = page.searchParams;
  const transport = query.get("transport");
  const interview = query.get("interview");
  return {
    url: query.get("ws") ?? config.ws ?? `${page.origin}/ws`,
    local: config.local === true,
    probe: query.get("probe") === "1",
    language: query.get("language")?.toLowerCase() || undefined,
    avatar: query.get("avatar") ?? undefined,
    focus: query.get("focus") ?? "",
    options: {
      ...(interview && { interview }),
      ...((transport === "tcp" || transport === "udp") && { transport }),
    },
  };
}

/** loadConfig reads /config.json; a page without one stands beside its server. */
export async function loadConfig(): Promise<Config> {
  try {
    const response = await fetch("/config.json", { cache: "no-cache" });
    return response.ok ? ((await response.json()) as Config) : {};
  } catch {
    return {};
  }
}
