import type { RoutingStore } from '@smart-router/routing-store';
import type { EventLogger } from '@smart-router/logging';
import { type BackOffPolicy, type Clock, PeriodicLoop } from '@smart-router/scheduling';
import { LeaderAnnouncement } from './leader-announcement';
import type { Leadership, Term } from './leadership';
import { type TermEnd, LeaderTerm } from './leader-term';

interface StaticLeadershipOptions {
  readonly store: Pick<RoutingStore, 'leadership' | 'reader'>;
  /** The name under which operators see this leader. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: EventLogger;
}

/** Operators see a leader that died without resigning for that time; a store that lost its data is noticed within a third of it. */
const ANNOUNCEMENT_TTL_MS = 15_000;
const CLAIM_INTERVAL_MS = 5_000;
const LOOK_INTERVAL_MS = 5_000;
/** More than one: right after a loss of data the other process is there and not announced, for one look at most. */
const LOOKS_WITHOUT_LEADER = 3;
const BACK_OFF: BackOffPolicy = { firstMs: 500, maxMs: 5_000, jitter: 'half' };

const TAKEN_OVER =
  'another process leads, this one does no leader work until that one is gone: start one such process, or set LEADER_ELECTION=redis';

/**
 * Leads without asking anybody (`LEADER_ELECTION=none`): for a product of which one process leads by design.
 *
 * Guarantees: it takes leadership from nobody who is announced, but at its start. Where a second process is started in the
 * same way, it draws a higher epoch, and with its first write the store refuses this one's. The term then ends. Claiming
 * again at once would make the two take leadership from each other for ever. So this process continues to serve, and begins another
 * term when no leader was announced for a while. Should the other one still live, the store refuses its older epoch, and this one
 * waits again.
 */
export class StaticLeadership implements Leadership {
  private readonly announcement: LeaderAnnouncement;

  constructor(private readonly options: StaticLeadershipOptions) {
    this.announcement = new LeaderAnnouncement({ ...options, ttlMs: ANNOUNCEMENT_TTL_MS });
  }

  async run(lead: (term: Term) => Promise<void>, signal: AbortSignal, onWaiting?: () => void): Promise<void> {
    while ((await this.leadOnce(lead, signal)) === 'stale-epoch') {
      onWaiting?.();
      await this.waitUntilNobodyLeads(signal);
      if (signal.aborted) return;
    }
  }

  /** It looks at nobody but itself. */
  holder(): null {
    return null;
  }

  /** It has no lease that could run out. */
  check(): void {
    return undefined;
  }

  /** @returns why the term ended; `null` where none was begun */
  private async leadOnce(lead: (term: Term) => Promise<void>, signal: AbortSignal): Promise<TermEnd | null> {
    const epoch = await this.claimEpoch(signal);
    if (epoch === null) return null;
    const { clock, identity } = this.options;
    const term = new LeaderTerm({ epoch, identity, clock, leadsUntil: Infinity });
    const stop = (): void => term.finish('stopped');
    signal.addEventListener('abort', stop);
    term.signal.addEventListener('abort', () => this.reportEnd(term));
    try {
      await Promise.all([lead(term).finally(() => term.finish('work-ended')), this.announcement.keep(term)]);
    } finally {
      signal.removeEventListener('abort', stop);
      await this.announcement.resign(epoch);
    }
    return term.ended?.end ?? null;
  }

  private async waitUntilNobodyLeads(signal: AbortSignal): Promise<void> {
    const { clock, random, store } = this.options;
    const isOver = new AbortController();
    let looksWithoutLeader = 0;
    const job = async (): Promise<void> => {
      const { leader } = await store.reader.fleetStats();
      looksWithoutLeader = leader === null ? looksWithoutLeader + 1 : 0;
      if (looksWithoutLeader === LOOKS_WITHOUT_LEADER) isOver.abort();
    };
    // An outage is logged by the connection. What was seen before says nothing of the time after it.
    const onFailure = (): void => void (looksWithoutLeader = 0);
    const looks = new PeriodicLoop(job, { intervalMs: LOOK_INTERVAL_MS, backOff: BACK_OFF, clock, random, onFailure });
    await looks.run(AbortSignal.any([signal, isOver.signal]));
  }

  /** Retried until the store answers. @returns `null` where the signal is aborted before */
  private async claimEpoch(signal: AbortSignal): Promise<number | null> {
    const { clock, logger, random, store } = this.options;
    let epoch: number | null = null;
    const claimed = new AbortController();
    const job = async (): Promise<void> => {
      epoch = await store.leadership.claimEpoch();
      claimed.abort();
    };
    const claim = new PeriodicLoop(job, {
      intervalMs: CLAIM_INTERVAL_MS,
      backOff: BACK_OFF,
      clock,
      random,
      onFailure: (error, failuresInARow) => {
        if (failuresInARow === 1) logger.warn({ err: error }, 'claiming an epoch failed, it will be repeated');
      },
    });
    await claim.run(AbortSignal.any([signal, claimed.signal]));
    return signal.aborted ? null : epoch;
  }

  private reportEnd({ ended, epoch, identity }: LeaderTerm): void {
    if (ended?.end !== 'stale-epoch') return;
    const fields = { err: ended.cause, epoch, identity };
    this.options.logger.warn(fields, TAKEN_OVER);
  }
}
