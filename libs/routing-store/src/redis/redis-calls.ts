import type {
  AllocateCommand,
  AllocateOutcome,
  CallLedger,
  CommandLimit,
  EndCallCommand,
  EndCallOutcome,
  Grant,
  HeartbeatOutcome,
  ReleaseOutcome,
} from '../domain/calls';
import { LateCommandError, StoreHeldError } from '../domain/errors';
import type { StoreTimings } from '../domain/routing-store';
import { parseDecision } from './decision-text';
import { ownersText } from './owners-text';
import type { RedisStoreAccess, Reply } from './redis-store-access';

export class RedisCalls implements CallLedger {
  constructor(
    private readonly store: RedisStoreAccess,
    private readonly timings: StoreTimings,
  ) {}

  async allocate(command: AllocateCommand): Promise<AllocateOutcome> {
    const { callSid, merchantId, knownMerchantConfig, provider = '', chain, limit } = command;
    const { request = '', owners = [] } = command;
    const { leaseMs, callInfoMs } = this.timings;
    const config = knownMerchantConfig ?? '';
    const args = [callSid, merchantId, config, provider, leaseMs, callInfoMs, notAfterMs(limit), request];
    return allocateOutcome(await this.run('allocate', callSid, [...args, ownersText(owners), ...chain]));
  }

  async release(callSid: string, limit?: CommandLimit): Promise<ReleaseOutcome> {
    return releaseOutcome(await this.run('release', callSid, [callSid, notAfterMs(limit)]));
  }

  async endCall({ callSid, owners, limit, maxUnknown }: EndCallCommand): Promise<EndCallOutcome> {
    const args = [callSid, this.timings.endedCallMs, notAfterMs(limit), '', ownersText(owners), maxUnknown ?? ''];
    const reply = await this.run('endCall', callSid, args);
    const { kind } = reply;
    return kind === 'foreign-call' || kind === 'too-many-unknown' ? { kind } : releaseOutcome(reply);
  }

  async heartbeat(callSid: string, limit?: CommandLimit): Promise<HeartbeatOutcome> {
    const { leaseMs, callInfoMs } = this.timings;
    const reply = await this.run('heartbeat', callSid, [callSid, leaseMs, callInfoMs, notAfterMs(limit)]);
    if (reply.kind === 'unknown-call') return { kind: 'unknown-call' };
    return { kind: 'renewed', podName: reply.text(1), expiresAt: reply.number(2) };
  }

  /** @throws StoreHeldError, LateCommandError */
  private async run(
    name: 'allocate' | 'release' | 'endCall' | 'heartbeat',
    callSid: string,
    args: readonly (string | number)[],
  ): Promise<Reply> {
    const reply = await this.store.runConfirmed(name, this.store.keys.call(callSid), ...args);
    if (reply.kind === 'held') throw new StoreHeldError();
    if (reply.kind === 'late') throw new LateCommandError(reply.number(1));
    return reply;
  }
}

function notAfterMs(limit: CommandLimit | undefined): number {
  return limit ? Math.floor(limit.notAfterMs) : Number.MAX_SAFE_INTEGER;
}

function allocateOutcome(reply: Reply): AllocateOutcome {
  const kind = reply.kind as AllocateOutcome['kind'];
  switch (kind) {
    case 'call-ended':
    case 'foreign-call':
      return { kind };
    case 'merchant-config-changed':
      return { kind, merchantConfig: reply.text(1) === '' ? null : reply.text(1) };
    case 'no-capacity':
      return { kind, attempts: parseDecision(reply.text(1)) };
    case 'existing':
      return { kind, grant: grantOf(reply), provider: reply.text(6) === '' ? null : reply.text(6) };
    case 'allocated':
      return { kind, grant: grantOf(reply), attempts: parseDecision(reply.text(4)) };
  }
}

function grantOf(reply: Reply): Grant {
  return { podName: reply.text(1), pool: reply.text(2), allocatedAt: reply.number(3), number: reply.number(5) };
}

function releaseOutcome(reply: Reply): ReleaseOutcome {
  if (reply.kind === 'unknown-call')
    return { kind: 'unknown-call', ...(reply.number(1) > 0 && { upToNumber: reply.number(1) }) };
  return {
    kind: 'released',
    podName: reply.text(1),
    pool: reply.text(2),
    wasDraining: reply.flag(3),
    grantNumber: reply.number(4),
  };
}
