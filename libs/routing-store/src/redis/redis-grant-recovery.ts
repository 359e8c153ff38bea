import type { RedisConnection } from '@smart-router/redis';
import { StoreHeldError } from '../domain/errors';
import type {
  AbandonGrantCommand,
  AbandonGrantOutcome,
  GenerationReport,
  GenerationView,
  GrantRecovery,
  ReassertCallCommand,
  ReassertCallOutcome,
  ReassertEndCommand,
  ReassertReleaseCommand,
  ReassertReleaseOutcome,
  ReplayPhase,
} from '../domain/grant-recovery';
import type { StoreTimings } from '../domain/routing-store';
import { ownersText } from './owners-text';
import type { RedisStoreAccess } from './redis-store-access';

/** As the scripts count them. */
const PHASES: Readonly<Record<ReplayPhase, number>> = { nothing: 0, ends: 1, everything: 2, leaving: 3 };

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
    return this.store.run('reassertCall', this.store.keys.call(callSid), ...args);
  }

  async reassertRelease(command: ReassertReleaseCommand): Promise<ReassertReleaseOutcome> {
    const { callSid, isUnanswered = false, upToNumber } = command;
    const args = [callSid, upToNumber, isUnanswered ? 1 : 0];
    return this.store.run('reassertRelease', this.store.keys.call(callSid), ...args);
  }

  async reassertEnd({ callSid, upToNumber, owners }: ReassertEndCommand): Promise<ReassertReleaseOutcome> {
    const args = [callSid, this.timings.endedCallMs, Number.MAX_SAFE_INTEGER, upToNumber, ownersText(owners), ''];
    const reply = await this.store.run('endCall', this.store.keys.call(callSid), ...args);
    return { kind: reply.kind === 'released' ? 'released' : 'noted' };
  }

  async abandonGrant({ callSid, request }: AbandonGrantCommand): Promise<AbandonGrantOutcome> {
    const reply = await this.store.runConfirmed('abandonGrant', this.store.keys.call(callSid), callSid, request);
    if (reply.kind === 'held') throw new StoreHeldError();
    if (reply.kind === 'abandoned') return reply;
    return { kind: 'claimed', ...(reply.endedUpToNumber !== null && { endedUpToNumber: reply.endedUpToNumber }) };
  }

  async checkGeneration({ member, known, phase, liveMembers }: GenerationReport): Promise<GenerationView> {
    const { failoverHoldMs, failoverHoldMaxMs } = this.timings;
    const args = [member ?? '', known ?? '', PHASES[phase], failoverHoldMs, failoverHoldMaxMs, ...liveMembers];
    return this.store.run('checkGeneration', this.store.keys.generation, ...args);
  }

  onReconnect(listener: () => void): () => void {
    return this.connection.onReconnect(listener);
  }
}
