import { InvalidPodNameError, UnknownPoolError } from '../domain/errors';
import type { Page } from '../domain/fleet-reader';
import type { LeaderEpochs } from '../domain/leader-epochs';
import { isPodName } from '../domain/names';
import {
  type ExpireLeasesOutcome,
  MASS_EXPIRY,
  type MovePodOutcome,
  DEFAULT_EXPIRY_POLICY,
  type PodRegistry,
  type RegisterPodCommand,
  type RegisterPodOutcome,
  type RemovePodOutcome,
  type RepairPodOutcome,
  type SweepOutcome,
} from '../domain/pods';
import type { PoolName, PoolPolicy } from '../domain/pool';
import type { RedisStoreAccess } from './redis-store-access';
import type { Reply } from './script-replies';

const FIRST_CURSOR = '1/0';
/** Calls wait while a page is looked at: no longer than for one of their own. */
const SUSPECTS_PAGE = 25;

export class RedisPodRegistry implements PodRegistry, LeaderEpochs {
  constructor(private readonly store: RedisStoreAccess) {}

  async claimEpoch(): Promise<number> {
    return (await this.store.run('claimEpoch', this.store.keys.nextEpoch)).epoch;
  }

  async announceLeader(epoch: number, identity: string, ttlMs: number): Promise<{ renewed: boolean }> {
    const reply = await this.store.runAsLeader('announceLeader', this.store.keys.leader, epoch, identity, ttlMs);
    return { renewed: reply.renewed };
  }

  async resignLeader(epoch: number): Promise<void> {
    await this.store.run('resignLeader', this.store.keys.leader, epoch);
  }

  async configurePool(epoch: number, pool: PoolName, policy: PoolPolicy): Promise<{ typeChanged: boolean }> {
    const args = [pool, policy.type, policy.maxConcurrent];
    const reply = await this.store.runAsLeader('configurePool', this.store.keys.pools, epoch, ...args);
    this.store.reportQuarantined(reply.quarantinedKeys);
    return { typeChanged: reply.typeChanged };
  }

  async removePool(epoch: number, pool: PoolName): Promise<{ kind: 'removed' | 'has-pods' | 'unknown-pool' }> {
    return this.store.runAsLeader('removePool', this.store.keys.pools, epoch, pool);
  }

  async registerPod(epoch: number, command: RegisterPodCommand): Promise<RegisterPodOutcome> {
    const { podName, incarnation, ready, pool, metadata, terminating = false } = command;
    if (!isPodName(podName)) throw new InvalidPodNameError(podName);
    const args = [
      podName,
      incarnation,
      ready ? '1' : '0',
      pool,
      JSON.stringify(metadata ?? {}),
      terminating ? '1' : '0',
    ];
    const reply = await this.store.runAsLeader('registerPod', this.store.keys.pod(podName), epoch, ...args);
    if (reply.kind === 'unknown-pool') throw new UnknownPoolError(pool);
    this.store.reportQuarantined(reply.quarantinedKeys);
    return { kind: reply.kind, pool: reply.pool, endedCalls: reply.endedCalls };
  }

  async removePod(epoch: number, podName: string, incarnation = ''): Promise<RemovePodOutcome> {
    const key = this.store.keys.pod(podName);
    const reply = await this.store.runAsLeader('removePod', key, epoch, podName, incarnation);
    if (reply.kind !== 'removed') return reply;
    this.store.reportQuarantined(reply.quarantinedKeys);
    return { kind: reply.kind, endedCalls: reply.endedCalls };
  }

  async movePod(
    epoch: number,
    podName: string,
    pool: PoolName,
    options: { onlyIdle: boolean },
  ): Promise<MovePodOutcome> {
    const key = this.store.keys.pod(podName);
    const reply = await this.store.runAsLeader('movePod', key, epoch, podName, pool, options.onlyIdle ? '1' : '0');
    if (reply.kind === 'unknown-pool') throw new UnknownPoolError(pool);
    return reply;
  }

  async repairPod(epoch: number, podName: string): Promise<RepairPodOutcome> {
    const reply = await this.store.runAsLeader('repairPod', this.store.keys.pod(podName), epoch, podName);
    if (reply.kind === 'unknown-pod') return reply;
    this.store.reportQuarantined(reply.quarantinedKeys);
    return { kind: reply.kind, changed: reply.hasChanged, endedCalls: reply.endedCalls };
  }

  async findSuspects(cursor: string | null): Promise<Page<string>> {
    const reply = await this.store.run('findSuspects', this.store.keys.pods, cursor ?? '', SUSPECTS_PAGE);
    return { items: reply.items, cursor: reply.cursor };
  }

  async sweepPool(epoch: number, pool: PoolName, cursor: string | null): Promise<SweepOutcome> {
    const args = [pool, cursor ?? FIRST_CURSOR];
    return sweepOutcome(await this.store.runAsLeader('sweepPool', this.store.keys.pools, epoch, ...args));
  }

  async sweepIndexes(epoch: number, cursor: string | null): Promise<SweepOutcome> {
    const key = this.store.keys.leaseEnds;
    return sweepOutcome(await this.store.runAsLeader('sweepIndexes', key, epoch, cursor ?? FIRST_CURSOR));
  }

  async expireLeases(epoch: number, limit: number, policy = DEFAULT_EXPIRY_POLICY): Promise<ExpireLeasesOutcome> {
    const { suspectUntilMs, isConfirmed, latestStoreTimeMs } = policy;
    const { alwaysBelieved, believedShare } = MASS_EXPIRY;
    const args = [limit, alwaysBelieved, believedShare, suspectUntilMs, isConfirmed ? '1' : '0', latestStoreTimeMs];
    const reply = await this.store.runAsLeader('expireLeases', this.store.keys.leaseEnds, epoch, ...args);
    const { endedCalls, endedDrains, more, heldBack, hasNewSuspects, storeTimeMs } = reply;
    return { endedCalls, endedDrains, more, heldBack, hasNewSuspects, storeTimeMs };
  }
}

function sweepOutcome({ evicted, found, cursor }: Reply<'sweepPool' | 'sweepIndexes'>): SweepOutcome {
  return { evicted, found, cursor };
}
