/** Real time. A waiting timer does not keep the process alive. */
export function startTimer(delayMs: number, task: () => void): () => void {
  const timer = setTimeout(task, delayMs).unref();
  return () => clearTimeout(timer);
}
