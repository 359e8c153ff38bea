import type { EventLogger } from '@smart-router/logging';
import type { ExpireLeasesOutcome, RoutingStore } from '@smart-router/routing-store';
import type { Clock } from '@smart-router/scheduling';
import type { LeaderObserver } from './leader-observer';
import { MassExpiryGuard } from './mass-expiry-guard';

interface LeaseSweeperPorts {
  readonly store: Pick<RoutingStore, 'pods'>;
  readonly observer: LeaderObserver;
  readonly logger: EventLogger;
  readonly clock: Pick<Clock, 'now'>;
}

interface LeaseSweeperOptions {
  readonly epoch: number;
  /** How long calls are kept whose lease is suspect. */
  readonly massExpiryHoldMs: number;
}

/** Calls wait while the store works on a batch; this many take it a millisecond or two. */
const BATCH = 20;

/**
 * Ends calls whose lease ran out, and drains whose time is over.
 *
 * Guarantees, after a completed sweep: no call lives on whose lease had run out when the sweep began, unless that is
 * suspect: then it ends when the own clock has confirmed it.
 * Violated by: callers that never release their call. Heals with the next sweep, one cleanup interval later at most.
 * The cost follows the number that ran out, not the number of pods or calls.
 */
export class LeaseSweeper {
  private readonly guard: MassExpiryGuard;

  constructor(
    private readonly ports: LeaseSweeperPorts,
    private readonly options: LeaseSweeperOptions,
  ) {
    this.guard = new MassExpiryGuard(options.massExpiryHoldMs);
  }

  /** @throws StaleEpochError, StoreUnavailableError, or the signal's reason */
  async sweep(signal: AbortSignal): Promise<void> {
    let more = true;
    while (more) {
      signal.throwIfAborted();
      more = await this.sweepBatch();
    }
  }

  private async sweepBatch(): Promise<boolean> {
    const { clock, store } = this.ports;
    const policy = this.guard.policy(clock.now());
    const outcome = await store.pods.expireLeases(this.options.epoch, BATCH, policy);
    const areNewSuspects = this.guard.see(outcome, policy, clock.now());
    this.report(outcome, areNewSuspects);
    return outcome.more;
  }

  private report({ endedCalls, endedDrains, heldBack }: ExpireLeasesOutcome, areNewSuspects: boolean): void {
    const { logger, observer } = this.ports;
    observer.callsHeldBack(heldBack);
    if (areNewSuspects) {
      logger.warn(
        { calls: heldBack, hold_ms: this.options.massExpiryHoldMs },
        'leases ran out by a clock that jumped, or too many at once, their calls are kept for a while',
      );
    }
    if (endedCalls.length > 0) {
      observer.callsEnded('lease-expired', endedCalls.length);
      logger.warn(
        { calls: endedCalls.map(({ callSid, podName }) => ({ call_sid: callSid, pod_name: podName })) },
        'leases ran out, calls ended',
      );
    }
    if (endedDrains.length > 0) logger.info({ pod_names: endedDrains }, 'drains ran out, pods offered again');
  }
}
