import type {
  AllocateCommand,
  AllocateOutcome,
  CallLedger,
  Grant,
  HeartbeatOutcome,
  PoolAttempt,
  ReleaseOutcome,
} from '../domain/calls';
import type { CallRecord, FleetState, PodRecord } from './fleet-state';
import type { IndexedSet } from './indexed-set';

/** Chooses one of several pods that are equally good; at least one is there. */
export type ChoosePod = (candidates: IndexedSet<string>) => string;

export class MemoryCalls implements CallLedger {
  constructor(
    private readonly state: FleetState,
    private readonly merchantConfigs: ReadonlyMap<string, string>,
    private readonly choosePod: ChoosePod,
  ) {}

  async allocate(command: AllocateCommand): Promise<AllocateOutcome> {
    if (this.state.hasCallEnded(command.callSid)) return { kind: 'call-ended' };
    const existing = this.state.calls.get(command.callSid);
    if (existing) {
      if (!this.state.hasTimeLeft(existing)) this.state.renew(existing);
      return { kind: 'existing', grant: grantOf(existing) };
    }
    const merchantConfig = this.merchantConfigs.get(command.merchantId) ?? null;
    if (merchantConfig !== command.knownMerchantConfig) return { kind: 'merchant-config-changed', merchantConfig };

    const { pod, attempts } = this.walk(command.chain);
    if (!pod) return { kind: 'no-capacity', attempts };
    return { kind: 'allocated', grant: grantOf(this.grant(pod, command, attempts)), attempts };
  }

  async release(callSid: string): Promise<ReleaseOutcome> {
    const call = this.state.calls.get(callSid);
    if (!call) return { kind: 'unknown-call' };
    this.state.endCall(call);
    const pod = this.state.pods.get(call.podName) as PodRecord;
    return {
      kind: 'released',
      podName: pod.podName,
      pool: pod.pool,
      wasDraining: this.state.isDraining(pod),
      grantNumber: call.number,
    };
  }

  async endCall(callSid: string): Promise<ReleaseOutcome> {
    this.forgetOldMarks();
    this.state.endedCalls.delete(callSid);
    this.state.endedCalls.set(callSid, this.state.now() + this.state.timings.endedCallMs);
    return this.release(callSid);
  }

  async heartbeat(callSid: string): Promise<HeartbeatOutcome> {
    const call = this.state.calls.get(callSid);
    if (!call) return { kind: 'unknown-call' };
    this.state.renew(call);
    return { kind: 'renewed', podName: call.podName, expiresAt: call.expiresAt };
  }

  private walk(chain: readonly string[]): { pod: PodRecord | null; attempts: PoolAttempt[] } {
    const attempts: PoolAttempt[] = [];
    for (const name of chain) {
      const pool = this.state.pools.get(name);
      const candidates = pool?.available.leastLoaded(pool.policy.maxConcurrent);
      if (candidates && candidates.size > 0) {
        attempts.push({ pool: name, outcome: 'granted' });
        return { pod: this.state.pods.get(this.choosePod(candidates)) as PodRecord, attempts };
      }
      attempts.push({ pool: name, outcome: pool && pool.assigned.size > 0 ? 'full' : 'no_pods' });
    }
    return { pod: null, attempts };
  }

  private grant(pod: PodRecord, command: AllocateCommand, attempts: readonly PoolAttempt[]): CallRecord {
    const call: CallRecord = {
      callSid: command.callSid,
      podName: pod.podName,
      pool: pod.pool,
      merchantId: command.merchantId,
      provider: command.provider ?? null,
      allocatedAtMs: this.state.now(),
      number: ++this.state.grants,
      expiresAt: this.state.leaseEnd(),
      attempts,
    };
    this.state.hold(pod, call);
    return call;
  }

  private forgetOldMarks(): void {
    for (const [callSid, until] of this.state.endedCalls) {
      if (until > this.state.now()) return;
      this.state.endedCalls.delete(callSid);
    }
  }
}

function grantOf(call: CallRecord): Grant {
  const { podName, pool, allocatedAtMs, number } = call;
  return { podName, pool, allocatedAt: Math.floor(allocatedAtMs / 1000), number };
}
