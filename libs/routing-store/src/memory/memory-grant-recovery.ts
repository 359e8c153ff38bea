import type {
  GrantRecovery,
  ReassertCallCommand,
  ReassertCallOutcome,
  ReassertReleaseCommand,
  ReassertReleaseOutcome,
} from '../domain/grant-recovery';
import type { FleetState, PodRecord } from './fleet-state';

/** What is in the memory of this process is lost only with the process: there is one era. */
const ONLY_ERA = 'memory';

export class MemoryGrantRecovery implements GrantRecovery {
  constructor(private readonly state: FleetState) {}

  async reassertCall(command: ReassertCallCommand): Promise<ReassertCallOutcome> {
    const { callSid, grant } = command;
    if (this.hasEnded(command)) return { kind: 'ended' };
    const live = this.state.calls.get(callSid);
    if (live) {
      const isSame = live.podName === grant.podName && live.number === grant.number;
      return isSame ? { kind: 'kept' } : { kind: 'superseded', podName: live.podName };
    }
    return this.bringBack(command);
  }

  async reassertRelease({ callSid, grantNumber }: ReassertReleaseCommand): Promise<ReassertReleaseOutcome> {
    const live = this.state.calls.get(callSid);
    if (live?.number === grantNumber) {
      this.state.endCall(live);
      return { kind: 'released' };
    }
    this.state.noteEnd(callSid, grantNumber);
    return { kind: 'noted' };
  }

  async observeEra(): Promise<string> {
    return ONLY_ERA;
  }

  onReconnect(): () => void {
    return () => undefined;
  }

  private bringBack(command: ReassertCallCommand): ReassertCallOutcome {
    const { grant } = command;
    const pod = this.state.pods.get(grant.podName);
    if (!pod) return { kind: 'unknown-pod' };
    if (pod.calls.size >= this.state.poolOf(pod.pool).policy.maxConcurrent) {
      return { kind: 'conflict', calls: [...pod.calls] };
    }
    this.restore(pod, command);
    return { kind: 'restored', pool: pod.pool };
  }

  private hasEnded({ callSid, grant }: ReassertCallCommand): boolean {
    return this.state.hasCallEnded(callSid) || this.state.hasGrantEnded(callSid, grant.number);
  }

  private restore(pod: PodRecord, { callSid, grant, merchantId, provider }: ReassertCallCommand): void {
    this.state.grants = Math.max(this.state.grants, grant.number);
    this.state.hold(pod, {
      callSid,
      podName: pod.podName,
      pool: grant.pool,
      merchantId,
      provider: provider ?? null,
      allocatedAtMs: grant.allocatedAt * 1_000,
      number: grant.number,
      expiresAt: this.state.leaseEnd(),
      attempts: [{ pool: grant.pool, outcome: 'granted' }],
    });
    this.orderByGrant(pod);
  }

  /** An older grant may come back after a newer one, and one that lost its number to another beside that. */
  private orderByGrant(pod: PodRecord): void {
    const numberOf = (callSid: string): number => this.state.calls.get(callSid)?.number ?? 0;
    const ordered = [...pod.calls].sort().sort((a, b) => numberOf(a) - numberOf(b));
    pod.calls.clear();
    for (const callSid of ordered) pod.calls.add(callSid);
  }
}
