import { ComposedStore, type StoreParts } from '../domain/composed-store';
import { DEFAULT_TIMINGS, type StoreTimings } from '../domain/routing-store';
import { FleetState } from './fleet-state';
import { type ChoosePod, MemoryCalls } from './memory-calls';
import { MemoryChangeLog } from './memory-change-log';
import { MemoryConfigDocuments } from './memory-config-documents';
import { MemoryDrains } from './memory-drains';
import { MemoryFleetReader } from './memory-fleet-reader';
import { MemoryGeneration } from './memory-generation';
import { MemoryGrantRecovery } from './memory-grant-recovery';
import { MemoryLeaderLease } from './memory-leader-lease';
import { MemoryLeadership } from './memory-leadership';
import { MemoryPodRegistry } from './memory-pod-registry';

export interface MemoryStoreOptions {
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

function memoryParts(options: MemoryStoreOptions): StoreParts & { readonly generation: MemoryGeneration } {
  const state = new FleetState(options.timings ?? DEFAULT_TIMINGS, options.now ?? steadyUnixTime);
  const random = options.random ?? Math.random;
  const choosePod: ChoosePod = options.choosePod ?? ((candidates) => candidates.pick(random()) as string);
  const changeLog = new MemoryChangeLog(state.now);
  const documents = new MemoryConfigDocuments(changeLog, state.now);
  const leadership = new MemoryLeadership(state);
  const generation = new MemoryGeneration(state.timings, state.now, options.replicationId ?? null, () => state.grants);
  const numberGrant = options.numberGrant ?? ((proposed: number) => proposed);
  const merchantConfigs = documents.merchants.texts;
  const calls = new MemoryCalls({ state, generation, merchantConfigs, choosePod, numberGrant });
  return {
    generation,
    calls,
    recovery: new MemoryGrantRecovery(state, generation, calls),
    drains: new MemoryDrains(state, changeLog),
    leadership,
    lease: new MemoryLeaderLease(),
    registry: new MemoryPodRegistry(state, generation),
    reader: new MemoryFleetReader(state, leadership),
    documents,
    changeLog,
    hints: documents,
  };
}

/**
 * The store of a product that runs as one process, and the reference model that the Redis adapter is tested against.
 * Each operation runs to its end without giving way to another, which makes it atomic. Nothing survives the process.
 */
export class MemoryRoutingStore extends ComposedStore {
  readonly kind = 'memory';

  private readonly generation: MemoryGeneration;

  constructor(options: MemoryStoreOptions = {}) {
    const parts = memoryParts(options);
    super(parts);
    this.generation = parts.generation;
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
