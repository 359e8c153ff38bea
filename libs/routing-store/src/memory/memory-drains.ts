import type { DrainOptions, DrainOutcome, PodDrains, UndrainOutcome } from '../domain/pods';
import type { FleetState, PodRecord } from './fleet-state';

export class MemoryDrains implements PodDrains {
  constructor(private readonly state: FleetState) {}

  async drain(podName: string, options: DrainOptions = {}): Promise<DrainOutcome> {
    const pod = this.state.pods.get(podName);
    if (!pod) return { kind: 'unknown-pod' };
    pod.drain = this.drainOf(pod, options);
    this.state.poolOf(pod.pool).draining.add(podName);
    this.state.settle(pod);
    return { kind: 'draining', activeCalls: pod.calls.size };
  }

  async undrain(podName: string): Promise<UndrainOutcome> {
    const pod = this.state.pods.get(podName);
    if (!pod) return { kind: 'unknown-pod' };
    this.state.clearDrain(pod);
    this.state.settle(pod);
    return { kind: 'undrained', activeCalls: pod.calls.size };
  }

  private drainOf(pod: PodRecord, { lasts, onlyProlong = false }: DrainOptions): NonNullable<PodRecord['drain']> {
    const now = this.state.now();
    const until = lasts === 'until-undrained' ? Infinity : now + (lasts ?? this.state.timings.drainMs);
    const before = this.state.isDraining(pod) ? pod.drain : null;
    if (before === null) return { since: now, until };
    return { since: before.since, until: onlyProlong ? Math.max(until, before.until) : until };
  }
}
