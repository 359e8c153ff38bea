/** Resyncs take at most this share of the time when they are wanted again and again. */
const SHARE_OF_TIME = 0.2;

interface DueResync {
  /** Whether the source has to be asked for its pods, where the ones that it has seen would do otherwise. */
  readonly isFresh: boolean;
}

/**
 * Decides when all pods and pools are compared.
 *
 * Guarantees: a resync comes first, whenever it is asked for, and after one that failed; one with a fresh list comes
 * after each interval. All times are those of one clock, in milliseconds.
 */
export class ResyncSchedule {
  private dueAtMs = -Infinity;
  private freshDueAtMs = Infinity;
  private current = { beganAtMs: 0, isFresh: false };
  private earliestAgainMs = -Infinity;

  constructor(private readonly intervalMs: number) {}

  /** Wants a resync at once. @param isFresh with a fresh list */
  request(isFresh: boolean): void {
    if (isFresh) this.freshDueAtMs = -Infinity;
    else this.dueAtMs = -Infinity;
  }

  /** Wants a resync soon: what asks for it may do so again and again. */
  requestSoon(nowMs: number): void {
    this.dueAtMs = Math.min(this.dueAtMs, Math.max(nowMs, this.earliestAgainMs));
  }

  /** @returns the resync that begins now; `null` where none is due */
  begin(nowMs: number): DueResync | null {
    if (this.dueInMs(nowMs) > 0) return null;
    const isFresh = nowMs >= this.freshDueAtMs;
    this.current = { beganAtMs: nowMs, isFresh };
    this.dueAtMs = Infinity;
    if (isFresh) this.freshDueAtMs = Infinity;
    return { isFresh };
  }

  /** @param againAfterMs where another one, with a fresh list, is wanted sooner than after the interval */
  done(nowMs: number, againAfterMs = Infinity): void {
    this.freshDueAtMs = Math.min(this.freshDueAtMs, nowMs + Math.min(this.intervalMs, againAfterMs));
    this.earliestAgainMs = nowMs + (nowMs - this.current.beganAtMs) * (1 / SHARE_OF_TIME - 1);
  }

  failed(): void {
    this.request(this.current.isFresh);
  }

  /** How long until a resync is due; 0 for at once. */
  dueInMs(nowMs: number): number {
    return Math.max(0, Math.min(this.dueAtMs, this.freshDueAtMs) - nowMs);
  }
}
