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
    const reply = await this.store.run('reassertCall', this.store.keys.call(callSid), ...args);
    const kind = reply.kind as ReassertCallOutcome['kind'];
    if (kind === 'restored') return { kind, pool: reply.text(1) };
    if (kind === 'superseded') return { kind, podName: reply.text(1) };
    if (kind === 'conflict') return { kind, calls: reply.texts(1) };
    return { kind };
  }

  async reassertRelease(command: ReassertReleaseCommand): Promise<ReassertReleaseOutcome> {
    const { callSid, isUnanswered = false, upToNumber } = command;
    const args = [callSid, upToNumber, isUnanswered ? 1 : 0];
    const reply = await this.store.run('reassertRelease', this.store.keys.call(callSid), ...args);
    return { kind: reply.kind as ReassertReleaseOutcome['kind'] };
  }

  async reassertEnd({ callSid, upToNumber, owners }: ReassertEndCommand): Promise<ReassertReleaseOutcome> {
    const args = [callSid, this.timings.endedCallMs, Number.MAX_SAFE_INTEGER, upToNumber, ownersText(owners), ''];
    const reply = await this.store.run('endCall', this.store.keys.call(callSid), ...args);
    return { kind: reply.kind === 'released' ? 'released' : 'noted' };
  }

  async abandonGrant({ callSid, request }: AbandonGrantCommand): Promise<AbandonGrantOutcome> {
    const reply = await this.store.runConfirmed('abandonGrant', this.store.keys.call(callSid), callSid, request);
    if (reply.kind === 'held') throw new StoreHeldError();
    if (reply.kind === 'abandoned') return { kind: 'abandoned', grantNumber: reply.number(1) };
    return { kind: 'claimed', ...(reply.number(1) > 0 && { endedUpToNumber: reply.number(1) }) };
  }

  async checkGeneration({ member, known, phase, liveMembers }: GenerationReport): Promise<GenerationView> {
    const { failoverHoldMs, failoverHoldMaxMs } = this.timings;
    const args = [member ?? '', known ?? '', PHASES[phase], failoverHoldMs, failoverHoldMaxMs, ...liveMembers];
    const reply = await this.store.run('checkGeneration', this.store.keys.generation, ...args);
    return {
      generation: reply.text(1),
      isHeld: reply.flag(2),
      areEndsIn: reply.flag(3),
      storeTimeUs: reply.number(4),
      liveMembers: reply.texts(5),
      highestNumber: reply.number(6),
    };
  }

  onReconnect(listener: () => void): () => void {
    return this.connection.onReconnect(listener);
  }
}
