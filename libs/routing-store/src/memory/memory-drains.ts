import type { DrainOptions, DrainOutcome, PodDrains, UndrainOutcome } from '../domain/pods';
import type { FleetState } from './fleet-state';

export class MemoryDrains implements PodDrains {
  constructor(private readonly state: FleetState) {}

  async drain(podName: string, { lasts, onlyProlong = false }: DrainOptions = {}): Promise<DrainOutcome> {
    const pod = this.state.pods.get(podName);
    if (!pod) return { kind: 'unknown-pod' };
    const now = this.state.now();
    const until = lasts === 'until-undrained' ? Infinity : now + (lasts ?? this.state.timings.drainMs);
    const before = this.state.isDraining(pod) ? pod.drain : null;
    pod.drain = {
      since: before?.since ?? now,
      until: onlyProlong ? Math.max(until, before?.until ?? until) : until,
    };
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
}
