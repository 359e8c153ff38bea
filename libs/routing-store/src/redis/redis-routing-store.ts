import type { RedisConnection } from '@smart-router/redis';
import type { AllocateCommand } from '../domain/calls';
import type { Hint } from '../domain/config-documents';
import type { CallFilter, PageRequest, PodFilter } from '../domain/fleet-reader';
import type { RegisterPodCommand } from '../domain/pods';
import type { PoolName, PoolPolicy } from '../domain/pool';
import type { RoutingStore, StoreTimings } from '../domain/routing-store';
import { KeyNames } from './key-names';
import { RedisCalls } from './redis-calls';
import { RedisConfigDocuments } from './redis-config-documents';
import { RedisDrains } from './redis-drains';
import { RedisFleetReader } from './redis-fleet-reader';
import { RedisPodRegistry } from './redis-pod-registry';
import { RedisStoreAccess } from './redis-store-access';

export interface RedisStoreOptions {
  /** What every key starts with, `voice:` by default of the product; on a cluster with a hash tag: `{voice}:`. */
  readonly keyPrefix: string;
  readonly timings: StoreTimings;
}

/** The store that several processes share. Every operation is one Lua script, and so atomic and one round trip. */
export class RedisRoutingStore implements RoutingStore {
  readonly kind = 'redis';
  private readonly access: RedisStoreAccess;
  private readonly ledger: RedisCalls;
  private readonly drains: RedisDrains;
  private readonly registry: RedisPodRegistry;
  private readonly reader: RedisFleetReader;
  private readonly documents: RedisConfigDocuments;

  constructor(
    private readonly connection: RedisConnection,
    options: RedisStoreOptions,
  ) {
    this.access = new RedisStoreAccess(connection.client, new KeyNames(options.keyPrefix));
    this.ledger = new RedisCalls(this.access, options.timings);
    this.drains = new RedisDrains(this.access, options.timings);
    this.registry = new RedisPodRegistry(this.access);
    this.reader = new RedisFleetReader(this.access);
    this.documents = new RedisConfigDocuments(this.access);
  }

  allocate = (command: AllocateCommand) => this.ledger.allocate(command);
  release = (callSid: string) => this.ledger.release(callSid);
  endCall = (callSid: string) => this.ledger.endCall(callSid);
  heartbeat = (callSid: string) => this.ledger.heartbeat(callSid);

  drain = (podName: string) => this.drains.drain(podName);
  undrain = (podName: string) => this.drains.undrain(podName);

  claimEpoch = () => this.registry.claimEpoch();
  announceLeader = (epoch: number, identity: string, ttlMs: number) =>
    this.registry.announceLeader(epoch, identity, ttlMs);
  resignLeader = (epoch: number) => this.registry.resignLeader(epoch);
  configurePool = (epoch: number, pool: PoolName, policy: PoolPolicy) =>
    this.registry.configurePool(epoch, pool, policy);
  removePool = (epoch: number, pool: PoolName) => this.registry.removePool(epoch, pool);
  registerPod = (epoch: number, command: RegisterPodCommand) => this.registry.registerPod(epoch, command);
  removePod = (epoch: number, podName: string, incarnation?: string) =>
    this.registry.removePod(epoch, podName, incarnation);
  movePod = (epoch: number, podName: string, pool: PoolName, options: { onlyIdle: boolean }) =>
    this.registry.movePod(epoch, podName, pool, options);
  repairPod = (epoch: number, podName: string) => this.registry.repairPod(epoch, podName);
  sweepPool = (epoch: number, pool: PoolName, cursor: string | null) => this.registry.sweepPool(epoch, pool, cursor);
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

  async publish(hint: Hint): Promise<void> {
    await this.access.command((client) => client.publish(this.access.keys.channel(hint), ''));
  }

  subscribe(hint: Hint, listener: () => void): () => void {
    return this.connection.subscribe(this.access.keys.channel(hint), () => listener());
  }

  /** Reads a key of its own, since on a cluster a plain PING may reach another node than the keys. */
  async ping(): Promise<number> {
    const start = performance.now();
    await this.access.command((client) => client.exists(this.access.keys.pools));
    return performance.now() - start;
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
