/** The passing of time, so that tests can move it. */
export interface Timers {
  /** Runs the task once after the delay. @returns a function that cancels it, without effect once it ran */
  after(delayMs: number, task: () => void): () => void;
}
