import type { PodRegistry } from '@smart-router/routing-store';
import type { LeaderObserver } from './leader-observer';
import type { EventLogger } from '@smart-router/logging';

export interface LeaseSweeperPorts {
  readonly store: Pick<PodRegistry, 'expireLeases'>;
  readonly observer: LeaderObserver;
  readonly logger: EventLogger;
}

/** Calls wait while the store works on a batch; so many take it a few milliseconds. */
const BATCH = 100;

/**
 * Ends calls whose lease ran out, and drains whose time is over.
 *
 * Guarantees, after a completed sweep: no call lives on whose lease had run out when the sweep began.
 * Violated by: callers that never release their call. Heals with the next sweep, one cleanup interval later at most.
 * The cost follows the number that ran out, not the number of pods or calls.
 */
export class LeaseSweeper {
  constructor(
    private readonly ports: LeaseSweeperPorts,
    private readonly epoch: number,
  ) {}

  /** @throws StaleEpochError, StoreUnavailableError, or the signal's reason */
  async sweep(signal: AbortSignal): Promise<void> {
    let more = true;
    while (more) {
      signal.throwIfAborted();
      more = await this.sweepBatch();
    }
  }

  private async sweepBatch(): Promise<boolean> {
    const { logger, observer, store } = this.ports;
    const { endedCalls, endedDrains, more } = await store.expireLeases(this.epoch, BATCH);
    if (endedCalls.length > 0) {
      observer.callsEnded('lease-expired', endedCalls.length);
      logger.warn(
        { calls: endedCalls.map(({ callSid, podName }) => ({ call_sid: callSid, pod_name: podName })) },
        'leases ran out, calls ended',
      );
    }
    if (endedDrains.length > 0) logger.info({ pod_names: endedDrains }, 'drains ran out, pods offered again');
    return more;
  }
}
