/** Device is a microphone that may be chosen. */
export interface Device {
  id: string;
  /** what the system calls it; empty until the page was allowed a microphone */
  label: string;
}

/**
 * microphones lists those that may be chosen, the browser's default first; empty where
 * none may be used.
 */
export async function microphones(): Promise<Device[]> {
  const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  return all.filter((d) => d.kind === "audioinput" && d.deviceId).map((d) => ({ id: d.deviceId, label: d.label }));
}

/**
 * onMicrophones calls `changed` when a device is plugged in or out, until the returned
 * function is called.
 */
export function onMicrophones(changed: () => void): () => void {
  navigator.mediaDevices?.addEventListener("devicechange", changed);
  return () => navigator.mediaDevices?.removeEventListener("devicechange", changed);
}

/**
 * microphonePermission is what the browser says of it, with its changes; undefined
 * where it says nothing.
 */
export async function microphonePermission(): Promise<PermissionStatus | undefined> {
  try {
    return await navigator.permissions.query({ name: "microphone" as PermissionName });
  } catch {
    return undefined;
  }
}
