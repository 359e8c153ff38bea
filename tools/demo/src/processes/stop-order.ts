/** What ends first, and what it needs to end well. */
const STEPS = ['calls', 'traffic', 'api', 'worker', 'rest'] as const;

export type StopStep = (typeof STEPS)[number];

/** Ends the parts of the demo in order: a worker without Redis and API would wait for them. */
export class StopOrder {
  private readonly ends = new Map<StopStep, (() => Promise<unknown> | void)[]>();

  add(step: StopStep, end: () => Promise<unknown> | void): void {
    this.ends.set(step, [...(this.ends.get(step) ?? []), end]);
  }

  /** @returns what went wrong on the way, each part having been ended all the same */
  async run(): Promise<readonly unknown[]> {
    const errors: unknown[] = [];
    for (const step of STEPS) {
      const results = await Promise.allSettled((this.ends.get(step) ?? []).map(async (end) => end()));
      errors.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : [])));
    }
    return errors;
  }
}
