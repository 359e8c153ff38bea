import type { LeaderView } from '@smart-router/routing-store';

/** Longer than any handover after a crash takes with the default timings. */
const TOLERATED_MS = 30_000;

/** Knows from what this process read of the store, and when, whether there is no leader although there should be one. */
export class LeaderAbsence {
  private lastSeenMs: number;

  /** @param now monotonic, in milliseconds; the process is given time from now on to find a leader */
  constructor(private readonly now: () => number) {
    this.lastSeenMs = now();
  }

  /**
   * To be called with every answer of the store.
   * @returns whether there is no leader, and none was seen for 30 s; what was not looked at in between is not known
   */
  observe(leader: LeaderView | null): boolean {
    if (leader !== null) this.lastSeenMs = this.now();
    return this.now() - this.lastSeenMs >= TOLERATED_MS;
  }
}
