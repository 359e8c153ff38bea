import type { Clock } from '@smart-router/scheduling';
import type { Term } from './leadership';

/** Why a term ended. */
export type TermEnd =
  /** This process is to stop. */
  | 'stopped'
  /** The work of the term settled by itself. */
  | 'work-ended'
  /** The lease could not be renewed in time. */
  | 'renew-deadline'
  /** Somebody else holds the lease, or it was taken out of this process's hands in between. */
  | 'lease-lost'
  /** The store has accepted a newer epoch. */
  | 'stale-epoch';

export class TermEndedError extends Error {
  readonly code = 'TERM_ENDED';

  constructor(
    readonly end: TermEnd,
    readonly epoch: number,
    cause?: unknown,
  ) {
    super(`term ${epoch} is over: ${end}`, { cause });
  }
}

interface TermOptions {
  readonly epoch: number;
  readonly identity: string;
  readonly clock: Clock;
  /** When the term ends unless it is renewed, by the clock; infinite for a term without a lease. */
  readonly leadsUntil: number;
}

/** A term, seen by those who keep it. */
export class LeaderTerm implements Term {
  readonly epoch: number;
  readonly identity: string;
  private readonly clock: Clock;
  private readonly ending = new AbortController();
  private readonly forgottenListeners = new Set<() => void>();
  private until: number;

  constructor({ epoch, identity, clock, leadsUntil }: TermOptions) {
    this.epoch = epoch;
    this.identity = identity;
    this.clock = clock;
    this.until = leadsUntil;
  }

  get signal(): AbortSignal {
    return this.ending.signal;
  }

  /** `null` while the term lasts. */
  get ended(): TermEndedError | null {
    return this.signal.aborted ? (this.signal.reason as TermEndedError) : null;
  }

  assertCurrent(): void {
    this.expire();
    this.signal.throwIfAborted();
  }

  onDataLoss(listener: () => void): () => void {
    this.forgottenListeners.add(listener);
    return () => void this.forgottenListeners.delete(listener);
  }

  notifyDataLoss(): void {
    this.forgottenListeners.forEach((listener) => listener());
  }

  end(cause: unknown): void {
    this.finish('stale-epoch', cause);
  }

  finish(end: TermEnd, cause?: unknown): void {
    if (!this.signal.aborted) this.ending.abort(new TermEndedError(end, this.epoch, cause));
  }

  /** Prolongs the term; one whose time had run out before stays over. */
  prolong(until: number): void {
    this.expire();
    this.until = until;
  }

  /** Ends the term as soon as its time has run out. @returns when it is over */
  async watch(): Promise<void> {
    while (!this.expire()) await this.clock.sleep(this.until - this.clock.now(), this.signal);
  }

  /** @returns whether the term is over */
  private expire(): boolean {
    if (this.clock.now() >= this.until) this.finish('renew-deadline');
    return this.signal.aborted;
  }
}
