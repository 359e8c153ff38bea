import type { ChangeAction, ChangeAuthor } from '../domain/change-log';
import type { DrainOptions, DrainOutcome, PodDrains, UndrainOutcome } from '../domain/pods';
import type { FleetState, PodRecord } from './fleet-state';
import type { MemoryChangeLog } from './memory-change-log';

export class MemoryDrains implements PodDrains {
  constructor(
    private readonly state: FleetState,
    private readonly changeLog: MemoryChangeLog,
  ) {}

  async drain(podName: string, options: DrainOptions = {}): Promise<DrainOutcome> {
    const pod = this.state.pods.get(podName);
    if (!pod) return { kind: 'unknown-pod' };
    this.record('pod.drain', pod, true, options.by);
    pod.drain = this.drainOf(pod, options);
    this.state.poolOf(pod.pool).draining.add(podName);
    this.state.settle(pod);
    return { kind: 'draining', activeCalls: pod.calls.size };
  }

  async undrain(podName: string, { by }: Pick<DrainOptions, 'by'> = {}): Promise<UndrainOutcome> {
    const pod = this.state.pods.get(podName);
    if (!pod) return { kind: 'unknown-pod' };
    if (pod.terminating) return { kind: 'terminating' };
    this.record('pod.undrain', pod, false, by);
    this.state.clearDrain(pod);
    this.state.settle(pod);
    return { kind: 'undrained', activeCalls: pod.calls.size };
  }

  private record(action: ChangeAction, pod: PodRecord, isDraining: boolean, by: ChangeAuthor | undefined): void {
    const wasDraining = this.state.isDraining(pod);
    if (by === undefined || wasDraining === isDraining) return;
    const state = (drains: boolean): string => JSON.stringify({ is_draining: drains });
    const content = { version: null, before: state(wasDraining), after: state(isDraining) };
    this.changeLog.write({ ...by, action }, { subject: pod.podName, ...content });
  }

  private drainOf(pod: PodRecord, { lasts, onlyProlong = false }: DrainOptions): NonNullable<PodRecord['drain']> {
    const now = this.state.now();
    const until = lasts === 'until-undrained' ? Infinity : now + (lasts ?? this.state.timings.drainMs);
    const before = this.state.isDraining(pod) ? pod.drain : null;
    if (before === null) return { since: now, until };
    return { since: before.since, until: onlyProlong ? Math.max(until, before.until) : until };
  }
}
