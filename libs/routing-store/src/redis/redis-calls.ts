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

/** Of a script that was not carried out. */
type Undone = Extract<Reply<'allocate'>, { kind: 'held' | 'late' }>;

export class RedisCalls implements CallLedger {
  constructor(
    private readonly store: RedisStoreAccess,
    private readonly timings: StoreTimings,
  ) {}

  async allocate(command: AllocateCommand): Promise<AllocateOutcome> {
    const {
      callSid,
      merchantId,
      knownMerchantConfig,
      provider = '',
      chain,
      limit,
      request = '',
      owners = [],
    } = command;
    const { keys } = this.store;
    const { leaseMs, callInfoMs } = this.timings;
    const times = [leaseMs, callInfoMs, notAfterMs(limit)];
    const args = [
      callSid,
      merchantId,
      knownMerchantConfig ?? '',
      provider,
      ...times,
      request,
      ownersText(owners),
      ...chain,
    ];
    return allocateOutcome(done(await this.store.runConfirmed('allocate', keys.call(callSid), ...args)));
  }

  async release(callSid: string, limit?: CommandLimit): Promise<ReleaseOutcome> {
    const { keys } = this.store;
    const reply = done(await this.store.runConfirmed('release', keys.call(callSid), callSid, notAfterMs(limit)));
    if (reply.kind === 'released') return reply;
    return { kind: 'unknown-call', ...(reply.upToNumber > 0 && { upToNumber: reply.upToNumber }) };
  }

  async endCall({ callSid, owners, limit, maxUnknown }: EndCallCommand): Promise<EndCallOutcome> {
    const { keys } = this.store;
    const args = [callSid, this.timings.endedCallMs, notAfterMs(limit), '', ownersText(owners), maxUnknown ?? ''];
    return done(await this.store.runConfirmed('endCall', keys.call(callSid), ...args));
  }

  async heartbeat(callSid: string, limit?: CommandLimit): Promise<HeartbeatOutcome> {
    const { keys } = this.store;
    const args = [callSid, this.timings.leaseMs, this.timings.callInfoMs, notAfterMs(limit)];
    return done(await this.store.runConfirmed('heartbeat', keys.call(callSid), ...args));
  }
}

/** @throws StoreHeldError, LateCommandError where the script was not carried out */
function done<Outcome extends { readonly kind: string }>(reply: Outcome | Undone): Exclude<Outcome, Undone> {
  if (reply.kind === 'held') throw new StoreHeldError();
  if (reply.kind === 'late') throw new LateCommandError((reply as Extract<Undone, { kind: 'late' }>).storeTimeMs);
  return reply as Exclude<Outcome, Undone>;
}

function notAfterMs(limit: CommandLimit | undefined): number {
  return limit ? Math.floor(limit.notAfterMs) : Number.MAX_SAFE_INTEGER;
}

function allocateOutcome(reply: Exclude<Reply<'allocate'>, Undone>): AllocateOutcome {
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
