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
} from '../domain/grant-recovery';
import type { CallRecord, FleetState, PodRecord } from './fleet-state';
import { isOf, type MemoryCalls } from './memory-calls';
import type { MemoryGeneration } from './memory-generation';

export class MemoryGrantRecovery implements GrantRecovery {
  constructor(
    private readonly state: FleetState,
    private readonly generation: MemoryGeneration,
    private readonly calls: MemoryCalls,
  ) {}

  async reassertCall(command: ReassertCallCommand): Promise<ReassertCallOutcome> {
    const { callSid, grant } = command;
    if (this.hasEnded(command)) return { kind: 'ended' };
    const live = this.state.calls.get(callSid);
    if (live && live.podName === grant.podName && live.number === grant.number) {
      live.requests = [];
      return { kind: 'kept' };
    }
    if (live && live.number >= grant.number) return { kind: 'superseded', podName: live.podName };
    return this.bringBack(command, live);
  }

  async reassertRelease(command: ReassertReleaseCommand): Promise<ReassertReleaseOutcome> {
    const { callSid, isUnanswered = false, upToNumber } = command;
    const live = this.state.calls.get(callSid);
    const isMeant = live !== undefined && live.number <= upToNumber;
    if (isMeant && isUnanswered && live.metAt >= upToNumber) return { kind: 'kept' };
    if (isMeant) this.state.endCall(live, 'released');
    if (!this.state.hasGrantEnded(callSid, upToNumber)) this.state.noteEnd(callSid, upToNumber);
    this.state.grants = Math.max(this.state.grants, upToNumber);
    return { kind: isMeant ? 'released' : 'noted' };
  }

  async reassertEnd({ callSid, upToNumber, owners }: ReassertEndCommand): Promise<ReassertReleaseOutcome> {
    const live = this.state.calls.get(callSid);
    if (live && !isOf(live, owners)) {
      this.state.endMarks.bar(callSid, owners);
      return { kind: 'noted' };
    }
    if (live && live.number > upToNumber) return { kind: 'noted' };
    return { kind: this.calls.endNow(callSid, owners).kind === 'released' ? 'released' : 'noted' };
  }

  async abandonGrant({ callSid, request }: AbandonGrantCommand): Promise<AbandonGrantOutcome> {
    if (this.generation.isHeld) throw new StoreHeldError();
    const live = this.state.calls.get(callSid);
    if (!live?.requests.includes(request)) {
      const endedUpToNumber = this.state.endedUpTo(callSid);
      return { kind: 'claimed', ...(endedUpToNumber !== undefined && { endedUpToNumber }) };
    }
    live.requests = live.requests.filter((one) => one !== request);
    if (live.requests.length > 0) return { kind: 'claimed' };
    this.state.endCall(live, 'not_answered');
    return { kind: 'abandoned', grantNumber: live.number };
  }

  async checkGeneration(report: GenerationReport): Promise<GenerationView> {
    return this.generation.check(report);
  }

  onReconnect(): () => void {
    return () => undefined;
  }

  private bringBack(command: ReassertCallCommand, older: CallRecord | undefined): ReassertCallOutcome {
    const { callSid, grant } = command;
    const pod = this.state.pods.get(grant.podName);
    if (!pod) return { kind: 'unknown-pod' };
    // A call has one grant at a time, so the end of the older one was lost.
    if (older) this.state.endCall(older, 'superseded');
    if (pod.calls.size >= this.state.poolOf(pod.pool).policy.maxConcurrent) {
      const outcome = this.outcomeOnFullPod(pod, command);
      if (outcome.kind === 'ended') this.state.noteEnd(callSid, grant.number);
      if (outcome.kind !== 'restored') return outcome;
    }
    this.restore(pod, command);
    return { kind: 'restored', pool: pod.pool };
  }

  /** See `reassert-call.lua`. `restored`: the one call that is there had ended, and gives way. */
  private outcomeOnFullPod(pod: PodRecord, { grant }: ReassertCallCommand): ReassertCallOutcome {
    const calls = [...pod.calls].map((callSid) => this.state.calls.get(callSid) as CallRecord);
    const isExclusive = this.state.poolOf(pod.pool).policy.maxConcurrent === 1 && calls.length === 1;
    const { isHeld, sinceMs } = this.generation;
    const wasFollowed = calls.every(({ number }) => number > grant.number && number < sinceMs * 1_000);
    if ((isExclusive || !isHeld) && wasFollowed) return { kind: 'ended' };
    const [only] = calls;
    if (!isExclusive || !isHeld || !only || only.number >= grant.number)
      return { kind: 'conflict', calls: [...pod.calls] };
    this.state.endCall(only, 'superseded');
    return { kind: 'restored', pool: pod.pool };
  }

  private hasEnded({ callSid, grant, provider }: ReassertCallCommand): boolean {
    return this.state.endMarks.isBarred(callSid, provider) || this.state.hasGrantEnded(callSid, grant.number);
  }

  private restore(pod: PodRecord, { callSid, grant, merchantId, provider }: ReassertCallCommand): void {
    this.state.grants = Math.max(this.state.grants, grant.number);
    this.state.hold(pod, {
      callSid,
      podName: pod.podName,
      pool: grant.pool,
      merchantId,
      provider: provider || null,
      allocatedAtMs: grant.allocatedAt * 1_000,
      number: grant.number,
      requests: [],
      metAt: 0,
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
