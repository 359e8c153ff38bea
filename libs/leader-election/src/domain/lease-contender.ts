import { backOffMs, type BackOffPolicy, type Clock, withTimeout } from '@smart-router/scheduling';
import { callTimeoutMs, type ElectionTimings } from './election-timings';
import { type LeaseRecord, type ResourceLock, sameRecord, type StoredLease } from './lease-record';

interface LeaseContenderOptions {
  readonly records: ResourceLock;
  /** Unique for this process, in this life of it. */
  readonly holderIdentity: string;
  readonly timings: ElectionTimings;
  readonly clock: Clock;
  /** Unix time in milliseconds, for the times in the record: people read them, nothing is decided by them. */
  readonly wallClock: () => number;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

export type Attempt =
  /** The lease was free, ran out, or was taken out of this contender's hands meanwhile: a new hold begins. */
  | { readonly kind: 'acquired' }
  /** The hold continues. */
  | { readonly kind: 'renewed' }
  | { readonly kind: 'held-by-other'; readonly holder: string }
  /** Somebody wrote at the same moment. */
  | { readonly kind: 'conflict' };

interface Observation {
  readonly record: LeaseRecord;
  readonly version: string;
  /** When the record was first seen like this, by the local clock. */
  readonly since: number;
}

/** A duration that others wrote is believed up to so many times the own one: a typing error must not end all leading. */
const MAX_BELIEVED_FACTOR = 10;
const RELEASE_BACK_OFF: BackOffPolicy = { firstMs: 20, maxMs: 500, jitter: 'half' };

/**
 * One contender's attempts to take, keep and give up the lease: `tryAcquireOrRenew` and `release` of client-go's
 * `leaderelection`, step by step.
 *
 * Invariant: a lease counts as run out only when this process has watched the record stay the same for the whole of its
 * duration, by its own monotonic clock. Times that others wrote are never compared, so clocks may differ by any
 * amount; only rates that differ by more than lease duration to renew deadline could make two leaders.
 */
export class LeaseContender {
  private observed: Observation | null = null;
  private renewed = -Infinity;
  /**
   * From the first write that may have made this contender the holder until the lease was seen without it, or could not
   * be released within the renew deadline and is left to run out.
   */
  private mayHold = false;

  constructor(private readonly options: LeaseContenderOptions) {}

  /** Local time just before the last write that was confirmed was sent: others count from a later moment. */
  get renewedAt(): number {
    return this.renewed;
  }

  /** Who holds the lease as far as was seen; `null` for nobody. */
  get holder(): string | null {
    return this.observed?.record.holderIdentity || null;
  }

  get transitions(): number {
    return this.observed?.record.leaseTransitions ?? 0;
  }

  /** @throws what the call rejected with, or a TimeoutError; the lease may have changed nevertheless */
  async attempt(signal: AbortSignal): Promise<Attempt> {
    if (await this.renewOptimistically(signal)) return { kind: 'renewed' };
    const stored = await this.call(signal, (limit) => this.options.records.read(limit));
    if (!stored) return this.create(signal);
    this.observe(stored);
    const { holderIdentity } = stored.record;
    if (holderIdentity !== '' && !this.isOwn(stored.record) && this.isValid()) {
      return { kind: 'held-by-other', holder: holderIdentity };
    }
    return this.overwrite(stored, signal);
  }

  /** Reads the lease again. @returns whether it is this contender's and as it was written last */
  async confirm(signal: AbortSignal): Promise<boolean> {
    const stored = await this.call(signal, (limit) => this.options.records.read(limit));
    const expected = this.observed?.record;
    if (stored) this.observe(stored);
    return stored !== null && expected !== undefined && this.isOwn(expected) && sameRecord(stored.record, expected);
  }

  /**
   * Frees the lease, where it is this contender's, so that others need not wait for its end. All work that leans on the
   * lease must have ended. Tries for as long as a leader may go without renewing, whatever keeps it from it.
   * @throws as `attempt`, the last failure, when that time is over
   */
  async release(): Promise<void> {
    const { clock, random, timings } = this.options;
    if (!this.mayHold) return;
    const never = new AbortController().signal;
    const giveUpAt = clock.now() + timings.renewDeadlineMs;
    for (let conflicts = 0; ;) {
      const outcome = await this.tryRelease(never).catch((error: unknown) => ({ error }));
      if (outcome === true) return;
      const failed = outcome !== false;
      const waitMs = failed ? timings.retryPeriodMs : backOffMs(RELEASE_BACK_OFF, ++conflicts, random());
      if (clock.now() + waitMs >= giveUpAt) {
        this.mayHold = false;
        if (failed) throw outcome.error;
        return;
      }
      await clock.sleep(waitMs, never);
    }
  }

  /** @returns `false` where somebody wrote at the same moment */
  private async tryRelease(signal: AbortSignal): Promise<boolean> {
    const stored = await this.call(signal, (limit) => this.options.records.read(limit));
    if (stored) this.observe(stored);
    this.mayHold = stored !== null && this.isOwn(stored.record);
    if (!stored || !this.mayHold) return true;
    const now = this.timestamp();
    const free = { holderIdentity: '', leaseDurationSeconds: 1, acquireTime: now, renewTime: now };
    return this.update({ ...free, leaseTransitions: stored.record.leaseTransitions }, stored.version, signal);
  }

  /** Saves the reading while nobody but this contender writes. Any failure is left to the way by reading. */
  private async renewOptimistically(signal: AbortSignal): Promise<boolean> {
    const { clock, timings } = this.options;
    const observed = this.observed;
    if (!observed || !this.isOwn(observed.record)) return false;
    if (clock.now() >= this.renewed + timings.leaseDurationMs) return false;
    try {
      return await this.update(this.continued(observed.record), observed.version, signal);
    } catch {
      // The reading that follows fails, too, where the cause lasts, and is reported then.
      return false;
    }
  }

  private async create(signal: AbortSignal): Promise<Attempt> {
    const { clock, records } = this.options;
    const record = this.ownRecord();
    const sentAt = clock.now();
    this.mayHold = true;
    const outcome = await this.call(signal, (limit) => records.create(record, limit));
    if (outcome.kind === 'conflict') return outcome;
    this.wrote(record, outcome.version, sentAt);
    return { kind: 'acquired' };
  }

  private async overwrite({ record, version }: StoredLease, signal: AbortSignal): Promise<Attempt> {
    const isOwn = this.isOwn(record);
    const next = isOwn
      ? this.continued(record)
      : { ...this.ownRecord(), leaseTransitions: record.leaseTransitions + 1 };
    if (!(await this.update(next, version, signal))) return { kind: 'conflict' };
    return { kind: isOwn ? 'renewed' : 'acquired' };
  }

  /** @returns whether it was written */
  private async update(record: LeaseRecord, version: string, signal: AbortSignal): Promise<boolean> {
    const sentAt = this.options.clock.now();
    this.mayHold = true;
    const outcome = await this.call(signal, (limit) => this.options.records.update(record, version, limit));
    if (outcome.kind === 'written') this.wrote(record, outcome.version, sentAt);
    return outcome.kind === 'written';
  }

  private wrote(record: LeaseRecord, version: string, sentAt: number): void {
    this.observed = { record, version, since: this.options.clock.now() };
    this.mayHold = this.isOwn(record);
    if (this.mayHold) this.renewed = sentAt;
  }

  /** What is not part of the record, a label say, may change without prolonging anything. */
  private observe({ record, version }: StoredLease): void {
    const same = this.observed !== null && sameRecord(this.observed.record, record);
    const since = same ? (this.observed as Observation).since : this.options.clock.now();
    this.observed = { record, version, since };
  }

  private isOwn({ holderIdentity }: LeaseRecord): boolean {
    return holderIdentity === this.options.holderIdentity;
  }

  /** Whether the record that was seen last still binds others than its holder. */
  private isValid(): boolean {
    const { clock, timings } = this.options;
    const { record, since } = this.observed as Observation;
    const claimedMs = (record.leaseDurationSeconds ?? 0) * 1000;
    const isBelieved = claimedMs > 0 && claimedMs <= MAX_BELIEVED_FACTOR * timings.leaseDurationMs;
    return clock.now() < since + (isBelieved ? claimedMs : timings.leaseDurationMs);
  }

  private ownRecord(): LeaseRecord {
    const now = this.timestamp();
    const { holderIdentity, timings } = this.options;
    const leaseDurationSeconds = timings.leaseDurationMs / 1000;
    return { holderIdentity, leaseDurationSeconds, acquireTime: now, renewTime: now, leaseTransitions: 0 };
  }

  private continued({ acquireTime, leaseTransitions }: LeaseRecord): LeaseRecord {
    const own = this.ownRecord();
    return { ...own, acquireTime: acquireTime ?? own.acquireTime, leaseTransitions };
  }

  private timestamp(): string {
    return new Date(this.options.wallClock()).toISOString();
  }

  private call<T>(signal: AbortSignal, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, timings } = this.options;
    return withTimeout(send, { ms: callTimeoutMs(timings), clock, signal, name: 'calling the lease' });
  }
}
