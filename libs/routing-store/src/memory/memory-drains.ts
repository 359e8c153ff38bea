import type { DrainOutcome, PodDrains, UndrainOutcome } from '../domain/pods';
import type { FleetState } from './fleet-state';

export class MemoryDrains implements PodDrains {
  constructor(private readonly state: FleetState) {}

  async drain(podName: string): Promise<DrainOutcome> {
    const pod = this.state.pods.get(podName);
    if (!pod) return { kind: 'unknown-pod' };
    pod.drainUntil = this.state.now() + this.state.timings.drainMs;
    this.state.poolOf(pod.pool).draining.add(podName);
    this.state.settle(pod);
    return { kind: 'draining', activeCalls: pod.calls.size };
  }

  async undrain(podName: string): Promise<UndrainOutcome> {
    const pod = this.state.pods.get(podName);
    if (!pod) return { kind: 'unknown-pod' };
    if (pod.terminating) return { kind: 'terminating' };
    this.state.clearDrain(pod);
    this.state.settle(pod);
    return { kind: 'undrained', activeCalls: pod.calls.size };
  }
}
