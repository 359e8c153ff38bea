import type { RedisConnection } from '@smart-router/redis';
import type {
  GrantRecovery,
  ReassertCallCommand,
  ReassertCallOutcome,
  ReassertReleaseCommand,
  ReassertReleaseOutcome,
} from '../domain/grant-recovery';
import type { StoreTimings } from '../domain/routing-store';
import type { RedisStoreAccess } from './redis-store-access';

export class RedisGrantRecovery implements GrantRecovery {
  constructor(
    private readonly connection: RedisConnection,
    private readonly store: RedisStoreAccess,
    private readonly timings: StoreTimings,
  ) {}

  async reassertCall({ callSid, grant, merchantId, provider }: ReassertCallCommand): Promise<ReassertCallOutcome> {
    const { podName, pool, allocatedAt, number } = grant;
    const { leaseMs, callInfoMs } = this.timings;
    const args = [callSid, podName, pool, merchantId, provider ?? '', allocatedAt, number, leaseMs, callInfoMs];
    const reply = await this.store.run('reassertCall', this.store.keys.call(callSid), ...args);
    const kind = reply.kind as ReassertCallOutcome['kind'];
    if (kind === 'restored') return { kind, pool: reply.text(1) };
    if (kind === 'superseded') return { kind, podName: reply.text(1) };
    if (kind === 'conflict') return { kind, calls: reply.texts(1) };
    return { kind };
  }

  async reassertRelease({ callSid, grantNumber }: ReassertReleaseCommand): Promise<ReassertReleaseOutcome> {
    const reply = await this.store.run('reassertRelease', this.store.keys.call(callSid), callSid, grantNumber);
    return { kind: reply.kind as ReassertReleaseOutcome['kind'] };
  }

  async observeEra(known: string | null): Promise<string> {
    const { failoverHoldMs } = this.timings;
    return (await this.store.run('observeEra', this.store.keys.era, known ?? '', failoverHoldMs)).text(1);
  }

  onReconnect(listener: () => void): () => void {
    return this.connection.onReconnect(listener);
  }
}
