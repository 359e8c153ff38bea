import type { PodView } from '@smart-router/routing-store';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { interceptedStore, type StoreOperation, type StoreOperations } from '@smart-router/routing-store/testing';
import type { RunResult } from '@smart-router/scheduling';
import { ReconcilerState } from '../domain/reconciler-state';
import { Reconciler } from '../domain/reconciler';
import { FakePodSource } from './fake-pod-source';
import { ManualClock } from '@smart-router/scheduling/testing';
import { RecordingLogger } from '@smart-router/logging/testing';
import { RecordingObserver } from './recording-observer';
import { FakeTierConfig } from './fake-tier-config';
import { sampleTierConfig } from './sample-tier-config';

const never = new AbortController().signal;

/** A reconciler of epoch 1 on a memory store, of which single operations may be replaced. */
export class ReconcilerFixture {
  readonly tierConfig = new FakeTierConfig(sampleTierConfig({ gold: { target: 2 }, overflow: { target: 1 } }));
  readonly clock = new ManualClock();
  readonly store = new MemoryRoutingStore();
  readonly source = new FakePodSource();
  readonly logger = new RecordingLogger();
  readonly observer = new RecordingObserver();
  readonly reconciler: Reconciler;

  /** Returns what the reconciler calls in place of an operation of the store. */
  intercept: (name: keyof StoreOperations, operation: StoreOperation) => StoreOperation;

  constructor(replacement: (store: MemoryRoutingStore) => Partial<StoreOperations> = () => ({})) {
    const { clock, logger, observer, source, tierConfig } = this;
    const operations = replacement(this.store);
    this.intercept = (name, operation) => (operations[name] as StoreOperation | undefined) ?? operation;
    const store = interceptedStore(
      () => this.store,
      (name, operation) => this.intercept(name, operation),
    );
    this.reconciler = new Reconciler({ store, source, tierConfig, observer, logger, clock }, 1, new ReconcilerState(0));
  }

  resync(signal = never): Promise<RunResult> {
    return this.reconciler.resync(signal);
  }

  async call(callSid: string, ...chain: string[]): Promise<string> {
    const outcome = await this.store.calls.allocate({ callSid, merchantId: '', chain, knownMerchantConfig: null });
    if (outcome.kind !== 'allocated') throw new Error(`${callSid}: ${outcome.kind}`);
    return outcome.grant.podName;
  }

  async pods(): Promise<readonly PodView[]> {
    return (await this.store.reader.pods({ limit: 500 })).items;
  }

  /** Pod names by pool. */
  async layout(): Promise<Record<string, string[]>> {
    const layout: Record<string, string[]> = {};
    for (const { pool } of (await this.store.reader.fleetStats()).pools) layout[pool] = [];
    for (const { podName, pool } of await this.pods()) layout[pool]?.push(podName);
    return layout;
  }

  /** Whether the pod holds exactly these calls, and the store agrees about each. */
  async expectCalls(podName: string, ...callSids: string[]): Promise<void> {
    expect((await this.store.reader.pod(podName))?.calls).toEqual(callSids);
    for (const callSid of callSids) expect((await this.store.reader.call(callSid))?.podName).toBe(podName);
  }

  async stats(pool: string) {
    return (await this.store.reader.fleetStats()).pools.find((stats) => stats.pool === pool);
  }
}
