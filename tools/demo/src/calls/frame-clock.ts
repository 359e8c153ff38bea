const FRAME_MS = 20;
const listeners = new Set<() => void>();
let timer: NodeJS.Timeout | null = null;

/** Calls it every 20 ms: one timer for all streams. @returns ends it */
export function onFrameTime(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, FRAME_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}
