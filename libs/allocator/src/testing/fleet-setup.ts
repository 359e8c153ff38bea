import type { PoolName, PoolPolicy } from '@smart-router/routing-store';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import type { AllocatorObserver, ObservedAllocation, ObservedRefusal, ObservedRelease } from '../domain/observer';

const EXCLUSIVE: PoolPolicy = { type: 'exclusive', maxConcurrent: 1 };

/** A store in memory with one ready pod for each name. */
export async function storeWith(pods: Readonly<Record<string, PoolName>>): Promise<MemoryRoutingStore> {
  const store = new MemoryRoutingStore();
  const epoch = await store.leadership.claimEpoch();
  for (const [podName, pool] of Object.entries(pods)) {
    await store.pods.configurePool(epoch, pool, EXCLUSIVE);
    await store.pods.registerPod(epoch, { podName, incarnation: 'first', ready: true, pool });
  }
  return store;
}

/** Keeps what was observed. */
export class RecordingObserver implements AllocatorObserver {
  readonly allocations: ObservedAllocation[] = [];
  readonly refusals: ObservedRefusal[] = [];
  readonly releases: ObservedRelease[] = [];
  drains = 0;

  allocationFinished(allocation: ObservedAllocation): void {
    this.allocations.push(allocation);
  }

  callRefused(refusal: ObservedRefusal): void {
    this.refusals.push(refusal);
  }

  releaseFinished(release: ObservedRelease): void {
    this.releases.push(release);
  }

  podDrained(): void {
    this.drains += 1;
  }
}
