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
import { ownersText } from './owners-text';
import type { RedisStoreAccess } from './redis-store-access';
import type { Reply } from './script-replies';

type CallScript = 'allocate' | 'release' | 'endCall' | 'heartbeat';
/** Of a script that was carried out. */
type Done<Name extends CallScript> = Exclude<Reply<Name>, { kind: 'held' | 'late' }>;

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
    const reply = await this.run('release', callSid, [callSid, notAfterMs(limit)]);
    if (reply.kind === 'released') return reply;
    return { kind: 'unknown-call', ...(reply.upToNumber > 0 && { upToNumber: reply.upToNumber }) };
  }

  endCall({ callSid, owners, limit, maxUnknown }: EndCallCommand): Promise<EndCallOutcome> {
    const args = [callSid, this.timings.endedCallMs, notAfterMs(limit), '', ownersText(owners), maxUnknown ?? ''];
    return this.run('endCall', callSid, args);
  }

  heartbeat(callSid: string, limit?: CommandLimit): Promise<HeartbeatOutcome> {
    const { leaseMs, callInfoMs } = this.timings;
    return this.run('heartbeat', callSid, [callSid, leaseMs, callInfoMs, notAfterMs(limit)]);
  }

  /** @throws StoreHeldError, LateCommandError */
  private async run<Name extends CallScript>(
    name: Name,
    callSid: string,
    args: readonly (string | number)[],
  ): Promise<Done<Name>> {
    const reply = await this.store.runConfirmed(name, this.store.keys.call(callSid), ...args);
    refuseUndone(reply as Reply<CallScript>);
    return reply as Done<Name>;
  }
}

function refuseUndone(reply: Reply<CallScript>): void {
  if (reply.kind === 'held') throw new StoreHeldError();
  if (reply.kind === 'late') throw new LateCommandError(reply.storeTimeMs);
}

function notAfterMs(limit: CommandLimit | undefined): number {
  return limit ? Math.floor(limit.notAfterMs) : Number.MAX_SAFE_INTEGER;
}

function allocateOutcome(reply: Done<'allocate'>): AllocateOutcome {
  switch (reply.kind) {
    case 'allocated':
      return { kind: reply.kind, grant: grantOf(reply), attempts: reply.attempts };
    case 'existing':
      return { kind: reply.kind, grant: grantOf(reply), provider: reply.provider };
    default:
      return reply;
  }
}

function grantOf({ podName, pool, allocatedAt, number }: Grant): Grant {
  return { podName, pool, allocatedAt, number };
}
