import type { AllocateCommand } from '../domain/calls';
import type { Hint } from '../domain/config-documents';
import type { CallFilter, PageRequest, PodFilter } from '../domain/fleet-reader';
import type { RegisterPodCommand } from '../domain/pods';
import type { PoolName, PoolPolicy } from '../domain/pool';
import { DEFAULT_TIMINGS, type RoutingStore, type StoreTimings } from '../domain/routing-store';
import { FleetState } from './fleet-state';
import { type ChoosePod, MemoryCalls } from './memory-calls';
import { MemoryConfigDocuments } from './memory-config-documents';
import { MemoryDrains } from './memory-drains';
import { MemoryFleetReader } from './memory-fleet-reader';
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
}

/** Unix time that never goes back: the ends of leases are kept in the order in which they were given. */
function steadyUnixTime(): number {
  return performance.timeOrigin + performance.now();
}

/**
 * The store of a product that runs as one process, and the reference model that the Redis adapter is tested against.
 * Each operation runs to its end without giving way to another, which makes it atomic. Nothing survives the process.
 */
export class MemoryRoutingStore implements RoutingStore {
  readonly kind = 'memory';
  private readonly documents = new MemoryConfigDocuments();
  private readonly ledger: MemoryCalls;
  private readonly drains: MemoryDrains;
  private readonly registry: MemoryPodRegistry;
  private readonly leadership: MemoryLeadership;
  private readonly reader: MemoryFleetReader;

  constructor(options: MemoryStoreOptions = {}) {
    const state = new FleetState(options.timings ?? DEFAULT_TIMINGS, options.now ?? steadyUnixTime);
    const random = options.random ?? Math.random;
    const choosePod: ChoosePod = options.choosePod ?? ((candidates) => candidates.pick(random()) as string);
    this.ledger = new MemoryCalls(state, this.documents.merchants, choosePod);
    this.drains = new MemoryDrains(state);
    this.leadership = new MemoryLeadership(state);
    this.registry = new MemoryPodRegistry(state, this.leadership);
    this.reader = new MemoryFleetReader(state, this.leadership);
  }

  allocate = (command: AllocateCommand) => this.ledger.allocate(command);
  release = (callSid: string) => this.ledger.release(callSid);
  endCall = (callSid: string) => this.ledger.endCall(callSid);
  heartbeat = (callSid: string) => this.ledger.heartbeat(callSid);

  drain = (podName: string) => this.drains.drain(podName);
  undrain = (podName: string) => this.drains.undrain(podName);

  claimEpoch = () => this.leadership.claimEpoch();
  announceLeader = (epoch: number, identity: string, ttlMs: number) =>
    this.leadership.announceLeader(epoch, identity, ttlMs);
  resignLeader = (epoch: number) => this.leadership.resignLeader(epoch);

  configurePool = (epoch: number, pool: PoolName, policy: PoolPolicy) =>
    this.registry.configurePool(epoch, pool, policy);
  removePool = (epoch: number, pool: PoolName) => this.registry.removePool(epoch, pool);
  registerPod = (epoch: number, command: RegisterPodCommand) => this.registry.registerPod(epoch, command);
  removePod = (epoch: number, podName: string, incarnation?: string) =>
    this.registry.removePod(epoch, podName, incarnation);
  movePod = (epoch: number, podName: string, pool: PoolName, options: { onlyIdle: boolean }) =>
    this.registry.movePod(epoch, podName, pool, options);
  repairPod = (epoch: number, podName: string) => this.registry.repairPod(epoch, podName);
  sweepPool = (epoch: number) => this.registry.sweepPool(epoch);
  expireLeases = (epoch: number, limit: number) => this.registry.expireLeases(epoch, limit);

  fleetStats = () => this.reader.fleetStats();
  pod = (podName: string) => this.reader.pod(podName);
  pods = (request: PageRequest, filter?: PodFilter) => this.reader.pods(request, filter);
  call = (callSid: string) => this.reader.call(callSid);
  calls = (request: PageRequest, filter?: CallFilter) => this.reader.calls(request, filter);

  readTierConfig = () => this.documents.readTierConfig();
  createTierConfig = (text: string) => this.documents.createTierConfig(text);
  replaceTierConfig = (expected: string | null, text: string, version: number) =>
    this.documents.replaceTierConfig(expected, text, version);
  tierConfigHistory = () => this.documents.tierConfigHistory();
  readMerchantConfig = (merchantId: string) => this.documents.readMerchantConfig(merchantId);
  writeMerchantConfig = (merchantId: string, text: string) => this.documents.writeMerchantConfig(merchantId, text);
  deleteMerchantConfig = (merchantId: string) => this.documents.deleteMerchantConfig(merchantId);
  merchantConfigs = (limit: number, cursor?: string) => this.documents.merchantConfigs(limit, cursor);

  publish = (hint: Hint) => this.documents.publish(hint);
  subscribe = (hint: Hint, listener: () => void) => this.documents.subscribe(hint, listener);

  async ping(): Promise<number> {
    return 0;
  }

  async close(): Promise<void> {
    // Nothing is open.
  }
}
