const startNs = process.hrtime.bigint();

/** The one clock of the history: nanoseconds since the start of this process, never going back. */
export function nowNs(): number {
  return Number(process.hrtime.bigint() - startNs);
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
