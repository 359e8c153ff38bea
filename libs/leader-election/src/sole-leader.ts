import { StaleEpochError, type PodRegistry } from '@smart-router/routing-store';
import type { Clock } from '@smart-router/scheduling';
import type { Leadership, Term } from './leadership';
import type { EventLogger } from '@smart-router/logging';
import { PeriodicLoop } from '@smart-router/scheduling';

export interface SoleLeaderOptions {
  readonly store: Pick<PodRegistry, 'claimEpoch' | 'announceLeader' | 'resignLeader'>;
  /** The name under which operators see this leader. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: EventLogger;
}

/** Operators see a leader that died without a word for so long. */
const ANNOUNCEMENT_TTL_MS = 15_000;
/** A store that lost its data is noticed after so long at the latest. */
const ANNOUNCEMENT_INTERVAL_MS = 5_000;
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
  constructor(private readonly options: SoleLeaderOptions) {}

  async run(lead: (term: Term) => Promise<void>, signal: AbortSignal): Promise<void> {
    const epoch = await this.claimEpoch(signal);
    if (epoch === null) return;
    const ended = new AbortController();
    const forgotten = new Set<() => void>();
    const term: Term = {
      epoch,
      identity: this.options.identity,
      signal: AbortSignal.any([signal, ended.signal]),
      onForgotten: (listener) => {
        forgotten.add(listener);
        return () => void forgotten.delete(listener);
      },
      end: (cause) => this.end(epoch, ended, cause),
    };
    const tellForgotten = (): void => forgotten.forEach((listener) => listener());
    try {
      await Promise.all([lead(term).finally(() => ended.abort()), this.announce(term, tellForgotten)]);
    } finally {
      await this.resign(epoch);
    }
  }

  /** Retried until the store answers. @returns `null` where the signal is aborted before */
  private async claimEpoch(signal: AbortSignal): Promise<number | null> {
    let epoch: number | null = null;
    const claimed = new AbortController();
    const claim = this.loop('claiming an epoch failed', async () => {
      epoch = await this.options.store.claimEpoch();
      claimed.abort();
    });
    await claim.run(AbortSignal.any([signal, claimed.signal]));
    return signal.aborted ? null : epoch;
  }

  private async announce(term: Term, tellForgotten: () => void): Promise<void> {
    const { identity, logger, store } = this.options;
    let announced = false;
    const announcement = this.loop('announcing the leader failed', async () => {
      try {
        const { renewed } = await store.announceLeader(term.epoch, identity, ANNOUNCEMENT_TTL_MS);
        if (announced && !renewed) {
          logger.warn(
            { epoch: term.epoch, identity },
            'the store has forgotten this leader, it may have lost its data',
          );
          tellForgotten();
        }
        announced = true;
      } catch (error) {
        if (error instanceof StaleEpochError) term.end(error);
        throw error;
      }
    });
    await announcement.run(term.signal);
  }

  private async resign(epoch: number): Promise<void> {
    try {
      await this.options.store.resignLeader(epoch);
    } catch (error) {
      this.options.logger.warn({ err: error, epoch }, 'resigning failed, the announcement runs out by itself');
    }
  }

  private end(epoch: number, ended: AbortController, cause: unknown): void {
    if (ended.signal.aborted) return;
    const fields = { err: cause, epoch, identity: this.options.identity };
    this.options.logger.error(fields, 'another process leads, this one stops leading until it is restarted');
    ended.abort(cause);
  }

  private loop(failure: string, job: () => Promise<void>): PeriodicLoop {
    const { clock, logger, random } = this.options;
    return new PeriodicLoop(job, {
      intervalMs: ANNOUNCEMENT_INTERVAL_MS,
      backOff: BACK_OFF,
      clock,
      random,
      onFailure: (error, failuresInARow) => logger.warn({ err: error, failures_in_a_row: failuresInARow }, failure),
    });
  }
}
