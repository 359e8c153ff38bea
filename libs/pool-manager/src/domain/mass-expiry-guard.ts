import { type ExpireLeasesOutcome, type ExpiryPolicy, DEFAULT_EXPIRY_POLICY } from '@smart-router/routing-store';

type Sweep = Pick<ExpireLeasesOutcome, 'heldBack' | 'hasNewSuspects' | 'more' | 'storeTimeMs'>;

/** The clock of the store may be ahead by this; a smaller jump lets only leases run out that were about to. */
const TOLERATED_JUMP_MS = 5_000;

/**
 * Stands between a clock of the store that may have jumped and the calls whose leases it lets run out. The store keeps
 * such calls; this finds when by the clock of this process, which does not jump, they have had time to be renewed.
 *
 * Guarantees: a lease that ran out by a clock that jumped since the last sweep, or together with too many others, is
 * confirmed no sooner than `holdMs` after this process has seen that, and not if it was renewed meanwhile. More of them
 * let all wait anew. A new leader begins from the start, and knows of no jump before its first sweep.
 */
export class MassExpiryGuard {
  private suspects: { readonly sinceMs: number; readonly untilMs: number } | null = null;
  private lastSweep: { readonly atMs: number; readonly storeTimeMs: number } | null = null;

  constructor(private readonly holdMs: number) {}

  /**
   * Before a sweep.
   * @param nowMs milliseconds since some fixed moment
   */
  policy(nowMs: number): ExpiryPolicy {
    return {
      suspectUntilMs: this.suspects?.untilMs ?? DEFAULT_EXPIRY_POLICY.suspectUntilMs,
      isConfirmed: this.suspects !== null && nowMs - this.suspects.sinceMs >= this.holdMs,
      latestStoreTimeMs: this.lastSweep
        ? Math.ceil(this.lastSweep.storeTimeMs + nowMs - this.lastSweep.atMs + TOLERATED_JUMP_MS)
        : DEFAULT_EXPIRY_POLICY.latestStoreTimeMs,
    };
  }

  /**
   * After a sweep.
   * @param policy what the sweep went by
   * @param nowMs not before the store has answered: this process may have been paused meanwhile
   * @returns whether leases have become suspect, and none were before
   */
  see({ heldBack, hasNewSuspects, more, storeTimeMs }: Sweep, { isConfirmed }: ExpiryPolicy, nowMs: number): boolean {
    this.lastSweep = { atMs: nowMs, storeTimeMs };
    if (more) return false;
    const isNew = hasNewSuspects && this.suspects === null;
    if (hasNewSuspects) this.suspects = { sinceMs: nowMs, untilMs: storeTimeMs };
    else if (heldBack === 0 || isConfirmed) this.suspects = null;
    return isNew;
  }
}
