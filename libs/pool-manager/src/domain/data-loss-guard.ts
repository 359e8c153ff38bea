import type { ObservedPod } from './pod-source';
import type { StoredFleet } from './reconcile-plan';

/** Replicas look for a loss once a second, and replay their grants every quarter of one until the pods are there. */
const HOLD_BACK_MS = 2_000;
/** An empty store that a process finds so soon after its begin was empty before; later, others may have lost it. */
const FIRST_START_MS = 10_000;

/**
 * Stands between a store that has lost its data and the calls that live on: the pods that are registered anew might hold
 * some, and the replicas that granted them get the time to replay that.
 *
 * Guarantees: where the store has no pools although this process has seen some, or although it has run for a while and
 * others may have built them, its pods are not offered for 2 seconds after that was seen. A store that is empty when
 * the first process starts delays nothing.
 *
 * The store holds calls after a loss, too, but for pods that it does not know no longer than a few seconds (`GrantReplay`),
 * and not at all where REDIS_FAILOVER_HOLD is 0s. A leader that comes later than that registers pods whose grants are
 * still being replayed: this keeps them from others until then.
 */
export class DataLossGuard {
  private hasBuilt = false;
  private heldBackUntil = -Infinity;

  /** @param bornMs when the process began */
  constructor(private readonly bornMs: number) {}

  /** To be asked once per resync. @returns whether a loss was seen in this one */
  see({ pools }: StoredFleet, nowMs: number): boolean {
    const mayHaveBeenBuilt = this.hasBuilt || nowMs - this.bornMs > FIRST_START_MS;
    const isLost = mayHaveBeenBuilt && pools.length === 0 && this.waitMs(nowMs) === 0;
    if (isLost) this.heldBackUntil = nowMs + HOLD_BACK_MS;
    this.hasBuilt ||= pools.length > 0;
    return isLost;
  }

  /** The pods as they may be offered now. */
  admit(pods: readonly ObservedPod[], nowMs: number): readonly ObservedPod[] {
    return this.waitMs(nowMs) > 0 ? pods.map((pod) => ({ ...pod, ready: false })) : pods;
  }

  /** How long the pods are held back still. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.heldBackUntil - nowMs);
  }
}
