import type { CallLedger } from '../domain/calls';
import type { ChangeLog } from '../domain/change-log';
import type { ConfigDocuments, Hints } from '../domain/config-documents';
import type { FleetReader } from '../domain/fleet-reader';
import type { GrantRecovery } from '../domain/grant-recovery';
import type { LeaderEpochs } from '../domain/leader-epochs';
import type { LeaderLease } from '../domain/leader-lease';
import type { PodDrains, PodRegistry } from '../domain/pods';
import { DEFAULT_TIMINGS, type RoutingStore, type StoreTimings } from '../domain/routing-store';
import { FleetState } from './fleet-state';
import { type ChoosePod, MemoryCalls } from './memory-calls';
import { MemoryChangeLog } from './memory-change-log';
import { MemoryConfigDocuments } from './memory-config-documents';
import { MemoryDrains } from './memory-drains';
import { MemoryFleetReader } from './memory-fleet-reader';
import { MemoryGeneration } from './memory-generation';
import { MemoryGrantRecovery } from './memory-grant-recovery';
import { MemoryLeaderLease, MemoryLeadership } from './memory-leadership';
import { MemoryPodRegistry } from './memory-pod-registry';

interface MemoryStoreOptions {
  readonly timings?: StoreTimings;
  /** Unix time in milliseconds; must not go back. */
  readonly now?: () => number;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random?: () => number;
  /** Chooses among equally good pods, at random unless given: lets a test follow another store's choice. */
  readonly choosePod?: ChoosePod;
  /** The number of a grant, the proposed one unless given: lets a test follow another store's numbers. */
  readonly numberGrant?: (proposed: number) => number;
  /**
   * Changes when the data may be older than what was answered, which this store by itself never is. Where it is given, the
   * store does nothing about calls before `connected` or `checkGeneration` was called.
   */
  readonly replicationId?: () => string;
}

/** Unix time that never goes back: the ends of leases are kept in the order in which they were given. */
function steadyUnixTime(): number {
  return performance.timeOrigin + performance.now();
}

function randomly(random: () => number): ChoosePod {
  return (candidates) => candidates.pick(random()) as string;
}

/**
 * The store of a product that runs as one process, and the reference model that the Redis adapter is tested against.
 * Each operation runs to its end without giving way to another, which makes it atomic. Nothing survives the process.
 */
export class MemoryRoutingStore implements RoutingStore {
  readonly kind = 'memory';
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
  private readonly generation: MemoryGeneration;

  constructor(options: MemoryStoreOptions = {}) {
    const state = new FleetState(options.timings ?? DEFAULT_TIMINGS, options.now ?? steadyUnixTime);
    const generation = new MemoryGeneration(
      state.timings,
      state.now,
      options.replicationId ?? null,
      () => state.grants,
    );
    const changeLog = new MemoryChangeLog(state.now);
    const documents = new MemoryConfigDocuments(changeLog, state.now);
    const leadership = new MemoryLeadership(state);
    const calls = new MemoryCalls({
      ...{ state, generation, merchantConfigs: documents.merchants.texts },
      choosePod: options.choosePod ?? randomly(options.random ?? Math.random),
      numberGrant: options.numberGrant ?? ((proposed) => proposed),
    });
    this.calls = calls;
    this.recovery = new MemoryGrantRecovery(state, generation, calls);
    this.drains = new MemoryDrains(state, changeLog);
    this.pods = new MemoryPodRegistry(state, generation);
    this.leadership = leadership;
    this.lease = new MemoryLeaderLease();
    this.reader = new MemoryFleetReader(state, leadership);
    this.documents = documents;
    this.changeLog = changeLog;
    this.hints = documents;
    this.generation = generation;
  }

  /** What a connection does that was just opened, before anything else is asked on it. */
  connected(): void {
    this.generation.ensure(null);
  }

  /** It takes every write. */
  probe = (): Promise<void> => Promise.resolve();
  outage = (): null => null;
  writeRefusal = (): null => null;
  warnings = (): readonly string[] => [];

  async connect(): Promise<void> {
    // There is nobody to connect to.
  }

  async ping(): Promise<number> {
    return 0;
  }

  async close(): Promise<void> {
    // Nothing is open.
  }
}
