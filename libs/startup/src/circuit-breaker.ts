interface CircuitBreakerOptions {
  /** Failures in a row that open it. */
  readonly threshold: number;
  /** How long it stays open before it lets one probe through. */
  readonly recoveryMs: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

/**
 * Keeps attempts away from what failed too often (Nygard, "Release It!").
 *
 * Closed, it lets every attempt through. After `threshold` failures in a row it opens and lets none through for
 * `recoveryMs`. Then one probe is let through: its success closes the breaker, its failure opens it anew. Callers report
 * the end of each attempt that was let through, exactly once.
 */
export class CircuitBreaker {
  private failures = 0;
  private openedAt: number | null = null;
  private probing = false;

  constructor(private readonly options: CircuitBreakerOptions) {}

  get state(): BreakerState {
    if (this.openedAt === null) return 'closed';
    return this.probing || this.waitMs() === 0 ? 'half-open' : 'open';
  }

  /** How long an attempt has to wait: 0 where it may begin, unless a probe is under way. */
  waitMs(): number {
    if (this.openedAt === null) return 0;
    return Math.max(0, this.openedAt + this.options.recoveryMs - this.options.now());
  }

  /** @returns whether an attempt may begin now; it has begun where the answer is yes */
  tryBegin(): boolean {
    if (this.openedAt === null) return true;
    if (this.probing || this.waitMs() > 0) return false;
    this.probing = true;
    return true;
  }

  succeeded(): void {
    this.failures = 0;
    this.openedAt = null;
    this.probing = false;
  }

  failed(): void {
    this.failures += 1;
    // A failure that comes in while it is open was let through before: it does not prolong the wait.
    if (this.probing || (this.openedAt === null && this.failures >= this.options.threshold)) {
      this.openedAt = this.options.now();
    }
    this.probing = false;
  }

  /** Forgets all failures, as somebody who knows better asks for an attempt; none may be under way. */
  reset(): void {
    this.succeeded();
  }

  /** An attempt ended without a result, since the process stops. */
  abandoned(): void {
    this.probing = false;
  }
}
