import type { EventLogger } from '@smart-router/logging';
import type { RoutingStore } from '@smart-router/routing-store';
import { type Clock, withTimeout } from '@smart-router/scheduling';
import { callTimeoutMs, candidateWaitMs, checkElection, type ElectionTimings } from './election-timings';
import { LeaderAnnouncement } from './leader-announcement';
import type { Leadership, Term } from './leadership';
import { type Attempt, LeaseContender } from './lease-contender';
import type { ResourceLock } from './lease-record';
import { type TermEnd, LeaderTerm } from './leader-term';

/** How an election goes, for metrics. Implementations must not throw. */
export interface ElectionObserver {
  attempted(outcome: Attempt['kind'] | 'failed'): void;
  /** Another holder than before was seen; `null` for nobody. */
  holderChanged(holder: string | null): void;
  termEnded(end: TermEnd): void;
}

export interface LeaderElectorPorts {
  readonly records: ResourceLock;
  readonly store: Pick<RoutingStore, 'leadership' | 'hints'>;
  readonly observer: ElectionObserver;
  readonly logger: EventLogger;
  readonly clock: Clock;
  /** Unix time in milliseconds, for the times in the lease, which people read. */
  readonly wallClock: () => number;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

interface LeaderElectorOptions {
  /** The name under which operators see this leader. */
  readonly identity: string;
  /** The name in the lease: differs between any two lives of any two processes, even where the identities do not. */
  readonly holderIdentity: string;
  readonly timings: ElectionTimings;
}

/** Work continues though the lease that it leans on ran out. */
export class LeaseOverrunError extends Error {
  readonly code = 'LEASE_OVERRUN';

  constructor(
    readonly epoch: number,
    readonly overrunMs: number,
  ) {
    super(`the work of term ${epoch} continues ${Math.round(overrunMs)} ms after its lease ran out`);
  }
}

/** After these, competing again at once could repeat for ever: two processes may be at odds over more than the lease. */
const BACK_OFF_REASONS: readonly TermEnd[] = ['stale-epoch', 'work-ended'];

/**
 * Leads while it holds a lease that all contenders compete for.
 *
 * Invariant: at most one process writes with effect. The lease alone cannot guarantee it, as a process may be paused at
 * any point and continue later; the epoch does. It is drawn after the lease was won, and the term begins only where the
 * lease, read again, is still as it was written. So an epoch under which somebody writes was drawn by one who held the
 * lease afterwards; the store refuses every lower one from the first write on.
 *
 * Violated for at most one write under way when the store lost all its data and a paused leader wakes up before the
 * new one has written; healed by the new one's next term, at the latest one lease duration later.
 */
export class LeaderElector implements Leadership {
  private readonly contender: LeaseContender;
  private readonly announcement: LeaderAnnouncement;
  private serving: LeaderTerm | null = null;
  private triggered = false;
  private endWait: () => void = () => undefined;
  private knownHolder: string | null = null;
  private failing = false;

  /** @throws InvalidElectionError */
  constructor(
    private readonly ports: LeaderElectorPorts,
    private readonly options: LeaderElectorOptions,
  ) {
    const { holderIdentity, timings } = options;
    checkElection(options.identity, timings);
    this.contender = new LeaseContender({ ...ports, holderIdentity, timings });
    this.announcement = new LeaderAnnouncement({ ...ports, ttlMs: timings.leaseDurationMs });
  }

  holder(): string | null {
    return this.contender.holder;
  }

  check(): void {
    if (!this.serving) return;
    const { leaseDurationMs, retryPeriodMs } = this.options.timings;
    const overrunMs = this.ports.clock.now() - this.contender.renewedAt - leaseDurationMs;
    if (overrunMs > retryPeriodMs) throw new LeaseOverrunError(this.serving.epoch, overrunMs);
  }

  /** Never rejects: work that fails ends its term, and this process competes again after a while. */
  async run(lead: (term: Term) => Promise<void>, signal: AbortSignal, onWaiting = (): void => undefined) {
    // Who resigns says so, which saves the wait for the next attempt; the attempts find it without that, too.
    const unsubscribe = this.ports.store.hints.subscribe('leader-resigned', () => this.trigger());
    while (!signal.aborted) {
      this.triggered = false;
      const term = await this.tryAcquire(signal);
      const end = term && (await this.serve(term, lead, signal));
      onWaiting();
      if (end && BACK_OFF_REASONS.includes(end))
        await this.ports.clock.sleep(this.options.timings.leaseDurationMs, signal);
      else await this.waitForAttempt(signal);
    }
    unsubscribe();
    await this.release();
  }

  /** @returns the term that begins now, or `null` where this process does not lead for the time being */
  private async tryAcquire(signal: AbortSignal): Promise<LeaderTerm | null> {
    const attempt = await this.attempt(signal);
    if (attempt?.kind !== 'acquired' && attempt?.kind !== 'renewed') return null;
    try {
      return await this.openTerm(signal);
    } catch (error) {
      if (signal.aborted) return null;
      // The store draws the epochs: a process that cannot reach it leaves the lease to one that can.
      this.ports.logger.warn({ err: error }, 'could not start term: claiming the epoch or re-reading the lease failed');
      await this.release();
      return null;
    }
  }

  private async openTerm(signal: AbortSignal): Promise<LeaderTerm | null> {
    const { clock, store } = this.ports;
    const { identity, timings } = this.options;
    const limit = { ms: callTimeoutMs(timings), clock, signal, name: 'claiming an epoch' };
    const epoch = await withTimeout(() => store.leadership.claimEpoch(), limit);
    if (!(await this.contender.confirm(signal))) return null;
    const leadsUntil = this.contender.renewedAt + timings.renewDeadlineMs;
    return !signal.aborted && clock.now() < leadsUntil ? new LeaderTerm({ epoch, identity, clock, leadsUntil }) : null;
  }

  /** @returns why the term ended, when all of its work has and leadership is handed over */
  private async serve(term: LeaderTerm, lead: (term: Term) => Promise<void>, signal: AbortSignal): Promise<TermEnd> {
    const stop = (): void => term.finish('stopped');
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    this.serving = term;
    await Promise.all([this.work(term, lead), this.renew(term), term.watch(), this.announcement.keep(term)]);
    this.serving = null;
    signal.removeEventListener('abort', stop);
    await this.handOver(term);
    return this.reportEnd(term);
  }

  private async work(term: LeaderTerm, lead: (term: Term) => Promise<void>): Promise<void> {
    try {
      if (!term.signal.aborted) await lead(term);
    } catch (error) {
      this.ports.logger.error({ err: error, epoch: term.epoch }, 'the work of a term failed');
    } finally {
      term.finish('work-ended');
    }
  }

  private async renew(term: LeaderTerm): Promise<void> {
    const { retryPeriodMs, renewDeadlineMs } = this.options.timings;
    for (;;) {
      await this.ports.clock.sleep(retryPeriodMs, term.signal);
      if (term.signal.aborted) return;
      const attempt = await this.attempt(term.signal);
      if (attempt?.kind === 'renewed') term.prolong(this.contender.renewedAt + renewDeadlineMs);
      // Where the hold began anew, others may have led in between: only a new epoch is sure to be the newest.
      if (attempt?.kind === 'held-by-other' || attempt?.kind === 'acquired') term.finish('lease-lost');
    }
  }

  /** @returns `null` where it failed */
  private async attempt(signal: AbortSignal): Promise<Attempt | null> {
    try {
      const attempt = await this.contender.attempt(signal);
      this.ports.observer.attempted(attempt.kind);
      this.noticeHolder();
      if (this.failing) this.ports.logger.info({ holder: this.contender.holder }, 'the lease can be reached again');
      this.failing = false;
      return attempt;
    } catch (error) {
      if (signal.aborted) return null;
      this.ports.observer.attempted('failed');
      if (!this.failing) this.ports.logger.warn({ err: error }, 'the lease cannot be reached, it will be tried again');
      this.failing = true;
      return null;
    }
  }

  private noticeHolder(): void {
    const { holder } = this.contender;
    if (holder === this.knownHolder) return;
    this.knownHolder = holder;
    this.ports.observer.holderChanged(holder);
    this.ports.logger.info({ holder, transitions: this.contender.transitions }, 'the holder of the lease has changed');
  }

  /** All work of the term has ended. */
  private async handOver(term: LeaderTerm): Promise<void> {
    await Promise.all([this.announcement.resign(term.epoch), this.release()]);
    try {
      await this.ports.store.hints.publish('leader-resigned');
    } catch (error) {
      this.ports.logger.info(
        { err: error },
        'could not announce the resignation, others notice it with their next attempt',
      );
    }
  }

  private async release(): Promise<void> {
    try {
      await this.contender.release();
    } catch (error) {
      this.ports.logger.warn({ err: error }, 'releasing the lease failed, it runs out by itself');
    }
  }

  private reportEnd({ ended, epoch, identity }: LeaderTerm): TermEnd {
    const end = ended?.end ?? 'stopped';
    this.ports.observer.termEnded(end);
    const fields = { epoch, identity, reason: end, err: ended?.cause };
    if (end === 'stopped') this.ports.logger.info(fields, 'leadership is handed over');
    else this.ports.logger.warn(fields, 'a term ended before its time, competing again');
    return end;
  }

  private trigger(): void {
    this.triggered = true;
    this.endWait();
  }

  /** The wait of a contender between two attempts; it ends early when somebody resigns. */
  private async waitForAttempt(signal: AbortSignal): Promise<void> {
    if (this.triggered || signal.aborted) return;
    const { clock, random } = this.ports;
    const wait = new AbortController();
    this.endWait = () => wait.abort();
    signal.addEventListener('abort', this.endWait);
    await clock.sleep(candidateWaitMs(this.options.timings, random()), wait.signal);
    signal.removeEventListener('abort', this.endWait);
  }
}
