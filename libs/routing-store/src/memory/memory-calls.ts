import {
  type AllocateCommand,
  type AllocateOutcome,
  type CallLedger,
  type CommandLimit,
  type EndCallCommand,
  type EndCallOutcome,
  type Grant,
  type HeartbeatOutcome,
  MAX_REQUESTS_LENGTH,
  type PoolAttempt,
  type ReleaseOutcome,
  type SkipReason,
} from '../domain/calls';
import { RELEASED_MARK_MS } from '../domain/routing-store';
import { type CallOwner, ownerOf } from '../domain/call-owners';
import { LateCommandError, StoreHeldError } from '../domain/errors';
import type { CallRecord, FleetState, PodRecord, PoolRecord } from './fleet-state';
import type { IndexedSet } from './indexed-set';
import type { MemoryGeneration } from './memory-generation';

/** Chooses one of several pods that are equally good; at least one is there. */
export type ChoosePod = (candidates: IndexedSet<string>) => string;

/** The rest is left to the next allocation. */
const MAX_DRAINS_ENDED = 10;

interface MemoryCallsParts {
  readonly state: FleetState;
  readonly generation: MemoryGeneration;
  readonly merchantConfigs: ReadonlyMap<string, string>;
  readonly choosePod: ChoosePod;
  /** See `MemoryStoreOptions.numberGrant`. */
  readonly numberGrant: (proposed: number) => number;
}

export class MemoryCalls implements CallLedger {
  private readonly state: FleetState;

  constructor(private readonly parts: MemoryCallsParts) {
    this.state = parts.state;
  }

  async allocate(command: AllocateCommand): Promise<AllocateOutcome> {
    this.admit(command.limit);
    const existing = this.state.calls.get(command.callSid);
    if (existing) return this.allocateAgain(existing, command);
    if (this.state.endMarks.isBarred(command.callSid, command.provider)) return { kind: 'call-ended' };
    const merchantConfig = this.parts.merchantConfigs.get(command.merchantId) ?? null;
    if (merchantConfig !== command.knownMerchantConfig) return { kind: 'merchant-config-changed', merchantConfig };

    const { pod, attempts } = this.walk(command.chain);
    if (!pod) {
      this.rememberRefusal(command, attempts);
      return { kind: 'no-capacity', attempts };
    }
    return { kind: 'allocated', grant: grantOf(this.grant(pod, command, attempts)), attempts };
  }

  private allocateAgain(call: CallRecord, { owners = [], request = '' }: AllocateCommand): AllocateOutcome {
    if (owners.length > 0 && !isOf(call, owners)) return { kind: 'foreign-call' };
    if (!this.state.hasTimeLeft(call)) this.state.renew(call);
    this.noteMet(call, request);
    return { kind: 'existing', grant: grantOf(call), provider: call.provider };
  }

  async release(callSid: string, limit?: CommandLimit): Promise<ReleaseOutcome> {
    this.admit(limit);
    return this.releaseNow(callSid, 'released');
  }

  async endCall(command: EndCallCommand): Promise<EndCallOutcome> {
    const { callSid, owners, limit } = command;
    this.admit(limit);
    const live = this.state.calls.get(callSid);
    if (!live) return this.endUnknown(command);
    return isOf(live, owners) ? this.endNow(callSid, owners) : { kind: 'foreign-call' };
  }

  private endUnknown({ callSid, owners, maxUnknown = Infinity }: EndCallCommand): EndCallOutcome {
    const { endMarks } = this.state;
    if (endMarks.areBarred(callSid, owners)) return { kind: 'unknown-call' };
    const isKnown = maxUnknown === Infinity || this.state.endedUpTo(callSid) !== undefined;
    if (!isKnown && !endMarks.admitUnknown(owners[0] as CallOwner, maxUnknown)) return { kind: 'too-many-unknown' };
    endMarks.bar(callSid, owners);
    return { kind: 'unknown-call' };
  }

  async heartbeat(callSid: string, limit?: CommandLimit): Promise<HeartbeatOutcome> {
    this.admit(limit);
    const call = this.state.calls.get(callSid);
    if (!call) return { kind: 'unknown-call' };
    this.state.renew(call);
    this.noteMet(call, '');
    return { kind: 'renewed', podName: call.podName, expiresAt: call.expiresAt };
  }

  /** See `note_met` in `includes/admission.lua`. */
  private noteMet(call: CallRecord, request: string): void {
    const isKnown =
      call.requests.length === 0 || request === '' || call.requests.join(' ').length > MAX_REQUESTS_LENGTH;
    call.requests = isKnown ? [] : [...call.requests, request];
    call.metAt = this.state.highestNumber();
  }

  /** Ends the call, and bars these owners. */
  endNow(callSid: string, owners: readonly CallOwner[]): ReleaseOutcome {
    this.state.endMarks.bar(callSid, owners);
    return this.releaseNow(callSid, 'provider_ended');
  }

  /** @throws LateCommandError, StoreHeldError */
  private admit(limit: CommandLimit | undefined): void {
    if (limit && this.state.now() > limit.notAfterMs) throw new LateCommandError(this.state.now());
    if (this.parts.generation.isHeld) throw new StoreHeldError();
  }

  private releaseNow(callSid: string, reason: 'released' | 'provider_ended'): ReleaseOutcome {
    const call = this.state.calls.get(callSid);
    const notesUnknown = reason === 'released';
    if (!call) {
      if (notesUnknown) this.noteUnknownRelease(callSid);
      return { kind: 'unknown-call', ...(notesUnknown && { upToNumber: this.state.highestNumber() }) };
    }
    this.state.endCall(call, reason);
    const pod = this.state.pods.get(call.podName) as PodRecord;
    return {
      kind: 'released',
      podName: pod.podName,
      pool: pod.pool,
      wasDraining: this.state.isDraining(pod),
      grantNumber: call.number,
    };
  }

  /** A grant that was lost cannot be named: all until now are meant. */
  private noteUnknownRelease(callSid: string): void {
    const { now } = this.state;
    if (now() - this.parts.generation.sinceMs <= RELEASED_MARK_MS)
      this.state.noteEnd(callSid, this.state.highestNumber());
  }

  private walk(chain: readonly string[]): { pod: PodRecord | null; attempts: PoolAttempt[] } {
    const attempts: PoolAttempt[] = [];
    for (const name of chain) {
      const pool = this.state.pools.get(name);
      const find = () => pool?.available.leastLoaded(pool.policy.maxConcurrent);
      let candidates = find();
      if (pool && !candidates?.size && this.state.endDueDrains(MAX_DRAINS_ENDED).length > 0) candidates = find();
      if (candidates && candidates.size > 0) {
        attempts.push({ pool: name, outcome: 'granted' });
        return { pod: this.state.pods.get(this.parts.choosePod(candidates)) as PodRecord, attempts };
      }
      attempts.push({ pool: name, outcome: skipReason(pool) });
    }
    return { pod: null, attempts };
  }

  private rememberRefusal({ callSid, merchantId, provider }: AllocateCommand, attempts: readonly PoolAttempt[]): void {
    const refusedAt = Math.floor(this.state.now() / 1000);
    const call = { callSid, merchantId, provider: provider ?? null, refusedAt, attempts };
    this.state.past.remember({ kind: 'refused', call });
  }

  private grant(pod: PodRecord, command: AllocateCommand, attempts: readonly PoolAttempt[]): CallRecord {
    const call: CallRecord = {
      callSid: command.callSid,
      podName: pod.podName,
      pool: pod.pool,
      merchantId: command.merchantId,
      provider: command.provider || null,
      allocatedAtMs: this.state.now(),
      number: this.number(),
      requests: command.request ? [command.request] : [],
      metAt: 0,
      expiresAt: this.state.leaseEnd(),
      attempts,
    };
    this.state.hold(pod, call);
    return call;
  }

  private number(): number {
    this.state.grants = this.parts.numberGrant(this.state.nextGrantNumber());
    return this.state.grants;
  }
}

/** Whether the call belongs to one of these owners. */
export function isOf(call: CallRecord, owners: readonly CallOwner[]): boolean {
  return owners.includes(ownerOf(call.provider));
}

function grantOf(call: CallRecord): Grant {
  const { podName, pool, allocatedAtMs, number } = call;
  return { podName, pool, allocatedAt: Math.floor(allocatedAtMs / 1000), number };
}

/** Why a pool gave no pod, from its counts alone. See `includes/skip-reasons.lua`. */
function skipReason(pool: PoolRecord | undefined): SkipReason {
  if (!pool) return 'unknown_pool';
  const { policy, assigned, draining, available, activeCalls } = pool;
  if (assigned.size === 0) return 'no_pods';
  if (draining.size >= assigned.size) return 'draining';
  if (available.size > 0) return 'full';
  if (policy.type === 'shared' || activeCalls === 0) return 'not_ready';
  return activeCalls > draining.size ? 'full' : 'unknown';
}
