import { StaleEpochError, type RoutingStore } from '@smart-router/routing-store';
import type { EventLogger } from '@smart-router/logging';
import { type BackOffPolicy, type Clock, PeriodicLoop } from '@smart-router/scheduling';
import type { LeaderTerm } from './leader-term';

interface LeaderAnnouncementOptions {
  readonly store: Pick<RoutingStore, 'leadership'>;
  /** Operators see a leader that died without resigning for that time. */
  readonly ttlMs: number;
  readonly clock: Clock;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly logger: EventLogger;
}

/** Repeated so often within its lifetime: a store that lost its data is noticed after that part of it. */
const ANNOUNCEMENTS_PER_LIFETIME = 3;
const BACK_OFF: BackOffPolicy = { firstMs: 500, maxMs: 5_000, jitter: 'half' };

/**
 * Keeps the word in the store that a term lasts. The first announcement is also the term's first write: from then on the
 * store refuses all former leaders.
 */
export class LeaderAnnouncement {
  constructor(private readonly options: LeaderAnnouncementOptions) {}

  /** @returns when the term is over; never rejects */
  async keep(term: LeaderTerm): Promise<void> {
    const { clock, logger, random, ttlMs } = this.options;
    let announced = false;
    const announcement = new PeriodicLoop(
      async () => {
        const renewed = await this.announce(term);
        if (announced && !renewed) this.notifyDataLoss(term);
        announced = true;
      },
      {
        intervalMs: ttlMs / ANNOUNCEMENTS_PER_LIFETIME,
        backOff: BACK_OFF,
        clock,
        random,
        onFailure: (error, failuresInARow) => {
          if (failuresInARow === 1) logger.warn({ err: error }, 'announcing the leader failed, it will be repeated');
        },
      },
    );
    await announcement.run(term.signal);
  }

  /** Takes the word back, where it is still this epoch's; never rejects. */
  async resign(epoch: number): Promise<void> {
    try {
      await this.options.store.leadership.resignLeader(epoch);
    } catch (error) {
      this.options.logger.warn({ err: error, epoch }, 'resigning failed, the announcement runs out by itself');
    }
  }

  /** @returns whether the word was still there */
  private async announce(term: LeaderTerm): Promise<boolean> {
    const { store, ttlMs } = this.options;
    term.assertCurrent();
    try {
      return (await store.leadership.announceLeader(term.epoch, term.identity, ttlMs)).renewed;
    } catch (error) {
      if (error instanceof StaleEpochError) term.end(error);
      throw error;
    }
  }

  private notifyDataLoss(term: LeaderTerm): void {
    const fields = { epoch: term.epoch, identity: term.identity };
    this.options.logger.warn(fields, 'the store has forgotten this leader, it may have lost its data');
    term.notifyDataLoss();
  }
}
