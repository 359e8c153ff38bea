import { randomUUID } from 'node:crypto';
import { type RedisConnection, ReplicationBarrier, type ReplicationRequirement } from '@smart-router/redis';
import type { Clock } from '@smart-router/scheduling';
import type { CallLedger } from '../domain/calls';
import type { ChangeLog } from '../domain/change-log';
import type { ConfigDocuments, Hints } from '../domain/config-documents';
import type { FleetReader } from '../domain/fleet-reader';
import type { GrantRecovery } from '../domain/grant-recovery';
import type { LeaderEpochs } from '../domain/leader-epochs';
import type { LeaderLease } from '../domain/leader-lease';
import type { PodDrains, PodRegistry } from '../domain/pods';
import type { RoutingStore, StoreOutage, StoreTimings, WriteRefusal } from '../domain/routing-store';
import { NOOP_OBSERVER, type StoreObserver } from '../domain/store-observer';
import { confirmBy } from './confirmation';
import { keyNames } from './key-names';
import { RedisCalls } from './redis-calls';
import { RedisChangeLog } from './redis-change-log';
import { RedisConfigDocuments } from './redis-config-documents';
import { RedisDrains } from './redis-drains';
import { RedisFleetReader } from './redis-fleet-reader';
import { RedisGrantRecovery } from './redis-grant-recovery';
import { RedisHints } from './redis-hints';
import { RedisLeaderLease } from './redis-leader-lease';
import { RedisPodRegistry } from './redis-pod-registry';
import { RedisStoreAccess } from './redis-store-access';
import { scriptCatalogue } from './script-catalogue';
import { StoreIdentity, type StoreIdentityOptions } from './store-identity';
import { StoreWatch } from './store-watch';
import { WriteRefusals } from './write-refusals';

interface RedisStoreOptions {
  /** What every key starts with, `voice:` by default of the product; on a cluster with a hash tag: `{voice}:`. */
  readonly keyPrefix: string;
  readonly timings: StoreTimings;
  /** About how many operations the store keeps in its audit (`docs/reference/keys.md`); none where it is 0 or left out. */
  readonly auditLength?: number;
  readonly observer?: StoreObserver;
  /** What must be so before a change of a call or a drain counts; `null`, the default: the master has it. Not on a cluster. */
  readonly replication?: ReplicationRequirement | null;
  /** Whether the store is watched for what makes it unfit, and how it must be marked. Left out: it is not watched. */
  readonly watch?: StoreWatchOptions;
}

interface StoreWatchOptions extends Pick<StoreIdentityOptions, 'required' | 'newMark'> {
  readonly clock: Clock;
  readonly random: () => number;
}

interface WatchedParts {
  readonly observer: StoreObserver;
  readonly barrier: ReplicationBarrier | null;
  readonly identity: StoreIdentity;
  readonly refusals: WriteRefusals;
}

/** The store that several processes share. Every operation is one Lua script, and so atomic and one round trip. */
export class RedisRoutingStore implements RoutingStore {
  readonly kind = 'redis';
  readonly calls: CallLedger;
  readonly recovery: GrantRecovery;
  readonly drains: PodDrains;
  readonly pods: PodRegistry;
  readonly leadership: LeaderEpochs;
  readonly lease: LeaderLease;
  readonly reader: FleetReader;
  readonly documents: ConfigDocuments;
  readonly changeLog: ChangeLog;
  readonly hints: Hints;
  private readonly access: RedisStoreAccess;
  private readonly watch: StoreWatch | null;
  private readonly refusals: WriteRefusals;

  constructor(
    private readonly connection: RedisConnection,
    { keyPrefix, timings, auditLength = 0, observer = NOOP_OBSERVER, replication = null, watch }: RedisStoreOptions,
  ) {
    const barrier = replication && new ReplicationBarrier(connection, replication);
    const access = new RedisStoreAccess({
      ...{ connection, observer },
      keys: keyNames(keyPrefix),
      holdsAfterLoss: timings.failoverHoldMs > 0,
      catalogue: scriptCatalogue(keyPrefix, auditLength),
      ...(barrier && { confirm: confirmBy(barrier, observer) }),
    });
    const registry = new RedisPodRegistry(access);
    this.calls = new RedisCalls(access, timings);
    this.recovery = new RedisGrantRecovery(connection, access, timings);
    this.drains = new RedisDrains(access, timings);
    this.pods = registry;
    this.leadership = registry;
    this.lease = new RedisLeaderLease(access);
    this.reader = new RedisFleetReader(access);
    this.documents = new RedisConfigDocuments(access);
    this.changeLog = new RedisChangeLog(access);
    this.hints = new RedisHints(connection, access);
    this.access = access;
    const identity = guardConnection(connection, access, observer, watch);
    this.refusals = new WriteRefusals(observer);
    const { refusals } = this;
    this.watch = watch ? watchStore(connection, access, { ...watch, observer, barrier, identity, refusals }) : null;
  }

  outage(): StoreOutage | null {
    return this.connection.outage;
  }

  writeRefusal(): WriteRefusal | null {
    return this.refusals.current;
  }

  warnings(): readonly string[] {
    return this.watch?.warnings ?? [];
  }

  async connect(signal?: AbortSignal): Promise<void> {
    await this.connection.connect(signal);
    try {
      await this.watch?.start();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Reads a key of its own, since on a cluster a plain PING may be answered by another node than that of the keys. */
  async ping(): Promise<number> {
    const start = performance.now();
    await this.access.command((client) => client.exists(this.access.keys.pools));
    return performance.now() - start;
  }

  probe(): Promise<void> {
    return probe(this.access, this.refusals);
  }

  async close(): Promise<void> {
    await Promise.all([this.watch?.stop(), this.connection.close()]);
  }
}

/**
 * From now on a new connection is asked first whether it leads to the same store, and whether that may have lost something:
 * nothing else may come before the hold that begins then.
 */
function guardConnection(
  connection: RedisConnection,
  access: RedisStoreAccess,
  observer: StoreObserver,
  { required = null, newMark = randomUUID }: Partial<StoreWatchOptions> = {},
): StoreIdentity {
  const onChange = (isWrong: boolean, mark: string): void => observer.wrongStore(isWrong, mark);
  const identify: StoreIdentityOptions['identify'] = (mark, mayBegin) => access.identify(mark, mayBegin);
  const onEmptied = (): void => observer.storeEmptied();
  const identity = new StoreIdentity({ identify, required, newMark, onChange, onEmptied });
  connection.onDisconnect(() => identity.markUnverified());
  access.guardBy(identity);
  return identity;
}

/** Refused by a replica, by a server without memory, by one that cannot save. The key is never there. */
function probe(access: RedisStoreAccess, refusals: WriteRefusals): Promise<void> {
  return refusals.learnFrom(() => access.command((client) => client.set(access.keys.probe, '', 'XX')));
}

function watchStore(
  connection: RedisConnection,
  access: RedisStoreAccess,
  { barrier, clock, identity, observer, random, refusals }: StoreWatchOptions & WatchedParts,
): StoreWatch {
  const memoryInfo = (): Promise<readonly string[]> => access.command(() => connection.memoryInfo());
  const areCredentialsRefused = (): boolean => connection.credentialsRefused;
  const isHintRefused = (): boolean => access.isHintRefused;
  const ports = { identity, memoryInfo, barrier, areCredentialsRefused, isHintRefused, refusals };
  return new StoreWatch({ ...ports, probe: () => probe(access, refusals), observer, clock, random });
}
