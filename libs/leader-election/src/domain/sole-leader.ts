import type { PodRegistry } from '@smart-router/routing-store';
import type { EventLogger } from '@smart-router/logging';
import { type Clock, PeriodicLoop } from '@smart-router/scheduling';
import { LeaderAnnouncement } from './leader-announcement';
import type { Leadership, Term } from './leadership';
import { TermInOffice } from './term-in-office';

export interface SoleLeaderOptions {
  readonly store: Pick<PodRegistry, 'claimEpoch' | 'announceLeader' | 'resignLeader'>;
  /** The name under which operators see this leader. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: EventLogger;
}

/** Operators see a leader that died without a word for so long; a store that lost its data is noticed in a third of it. */
const ANNOUNCEMENT_TTL_MS = 15_000;
const CLAIM_INTERVAL_MS = 5_000;
const BACK_OFF = { firstMs: 500, maxMs: 5_000 };

/**
 * Leads without asking anybody (`LEADER_ELECTION=none`): for a product of which one process leads by design.
 *
 * Guarantees: at most one term in its life. Where a second process is started in the same way, it draws a higher
 * epoch, and with its first write the store refuses this one's. The term then ends for good; claiming again would make
 * the two take leadership from each other for ever. The process serves on, and leads again after a restart. Operators
 * see it by an error in the log and by the metric of the leader's status, which is 0 from then on.
 */
export class SoleLeader implements Leadership {
  private readonly announcement: LeaderAnnouncement;

  constructor(private readonly options: SoleLeaderOptions) {
    this.announcement = new LeaderAnnouncement({ ...options, ttlMs: ANNOUNCEMENT_TTL_MS });
  }

  async run(lead: (term: Term) => Promise<void>, signal: AbortSignal): Promise<void> {
    const epoch = await this.claimEpoch(signal);
    if (epoch === null) return;
    const { clock, identity } = this.options;
    const term = new TermInOffice({ epoch, identity, clock, leadsUntil: Infinity });
    const stop = (): void => term.finish('stopped');
    signal.addEventListener('abort', stop);
    term.signal.addEventListener('abort', () => this.reportEnd(term));
    try {
      await Promise.all([lead(term).finally(() => term.finish('work-ended')), this.announcement.keep(term)]);
    } finally {
      signal.removeEventListener('abort', stop);
      await this.announcement.resign(epoch);
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

  /** Retried until the store answers. @returns `null` where the signal is aborted before */
  private async claimEpoch(signal: AbortSignal): Promise<number | null> {
    const { clock, logger, random, store } = this.options;
    let epoch: number | null = null;
    const claimed = new AbortController();
    const job = async (): Promise<void> => {
      epoch = await store.claimEpoch();
      claimed.abort();
    };
    const claim = new PeriodicLoop(job, {
      intervalMs: CLAIM_INTERVAL_MS,
      backOff: BACK_OFF,
      clock,
      random,
      onFailure: (error, failuresInARow) =>
        logger.warn({ err: error, failures_in_a_row: failuresInARow }, 'claiming an epoch failed'),
    });
    await claim.run(AbortSignal.any([signal, claimed.signal]));
    return signal.aborted ? null : epoch;
  }

  private reportEnd({ ended, epoch, identity }: TermInOffice): void {
    if (ended?.end !== 'stale-epoch') return;
    const fields = { err: ended.cause, epoch, identity };
    this.options.logger.error(fields, 'another process leads, this one stops leading until it is restarted');
  }
}
