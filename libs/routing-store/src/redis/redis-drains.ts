import type { DrainOutcome, PodDrains, UndrainOutcome } from '../domain/pods';
import type { StoreTimings } from '../domain/routing-store';
import type { RedisStoreAccess } from './redis-store-access';

export class RedisDrains implements PodDrains {
  constructor(
    private readonly store: RedisStoreAccess,
    private readonly timings: StoreTimings,
  ) {}

  async drain(podName: string): Promise<DrainOutcome> {
    const reply = await this.store.runConfirmed('drain', this.store.keys.pod(podName), podName, this.timings.drainMs);
    if (reply.kind === 'unknown-pod') return { kind: 'unknown-pod' };
    return { kind: 'draining', activeCalls: reply.number(1) };
  }

  async undrain(podName: string): Promise<UndrainOutcome> {
    const reply = await this.store.runConfirmed('undrain', this.store.keys.pod(podName), podName);
    const { kind } = reply;
    if (kind === 'unknown-pod' || kind === 'terminating') return { kind };
    return { kind: 'undrained', activeCalls: reply.number(1) };
  }
}
