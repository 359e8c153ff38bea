import type {
  AllocateCommand,
  AllocateOutcome,
  CallLedger,
  Grant,
  HeartbeatOutcome,
  ReleaseOutcome,
} from '../domain/calls';
import { FailoverHoldError } from '../domain/errors';
import type { StoreTimings } from '../domain/routing-store';
import { parseDecision } from './decision-text';
import type { RedisStoreAccess, Reply } from './redis-store-access';

export class RedisCalls implements CallLedger {
  constructor(
    private readonly store: RedisStoreAccess,
    private readonly timings: StoreTimings,
  ) {}

  async allocate(command: AllocateCommand): Promise<AllocateOutcome> {
    const { callSid, merchantId, knownMerchantConfig, provider, chain } = command;
    const { leaseMs, callInfoMs } = this.timings;
    const args = [callSid, merchantId, knownMerchantConfig ?? '', provider ?? '', leaseMs, callInfoMs, ...chain];
    return allocateOutcome(await this.store.runConfirmed('allocate', this.store.keys.call(callSid), ...args));
  }

  async release(callSid: string): Promise<ReleaseOutcome> {
    return releaseOutcome(await this.store.runConfirmed('release', this.store.keys.call(callSid), callSid));
  }

  async endCall(callSid: string): Promise<ReleaseOutcome> {
    const key = this.store.keys.call(callSid);
    return releaseOutcome(await this.store.runConfirmed('endCall', key, callSid, this.timings.endedCallMs));
  }

  async heartbeat(callSid: string): Promise<HeartbeatOutcome> {
    const { leaseMs, callInfoMs } = this.timings;
    const reply = await this.store.runConfirmed(
      'heartbeat',
      this.store.keys.call(callSid),
      callSid,
      leaseMs,
      callInfoMs,
    );
    if (reply.kind === 'unknown-call') return { kind: 'unknown-call' };
    return { kind: 'renewed', podName: reply.text(1), expiresAt: reply.number(2) };
  }
}

function allocateOutcome(reply: Reply): AllocateOutcome {
  if (reply.kind === 'held') throw new FailoverHoldError();
  const kind = reply.kind as AllocateOutcome['kind'];
  switch (kind) {
    case 'call-ended':
      return { kind };
    case 'merchant-config-changed':
      return { kind, merchantConfig: reply.text(1) === '' ? null : reply.text(1) };
    case 'no-capacity':
      return { kind, attempts: parseDecision(reply.text(1)) };
    case 'existing':
      return { kind, grant: grantOf(reply) };
    case 'allocated':
      return { kind, grant: grantOf(reply), attempts: parseDecision(reply.text(4)) };
  }
}

function grantOf(reply: Reply): Grant {
  return { podName: reply.text(1), pool: reply.text(2), allocatedAt: reply.number(3), number: reply.number(5) };
}

function releaseOutcome(reply: Reply): ReleaseOutcome {
  if (reply.kind === 'unknown-call') return { kind: 'unknown-call' };
  return {
    kind: 'released',
    podName: reply.text(1),
    pool: reply.text(2),
    wasDraining: reply.flag(3),
    grantNumber: reply.number(4),
  };
}
