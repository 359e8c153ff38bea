import { counter, gauge, histogram } from '@smart-router/metrics';
import type { CallEndReason, LeaderObserver, ReconcileAction } from '../domain/leader-observer';

const ACTIONS: readonly ReconcileAction[] = [
  'registered',
  'drained',
  'removed',
  'rehomed',
  'rebalanced',
  'repaired',
  'evicted',
  'retired',
];
const OUTCOMES = ['completed', 'failed'] as const;
const REASONS: readonly CallEndReason[] = ['lease-expired', 'pod-removed', 'pod-restarted', 'record-deleted'];

/** The metrics of this library, in the one registry of the process. */
export function leaderMetrics(): LeaderObserver {
  const status = gauge({ name: 'smart_router_leader_status', help: '1 while this process leads, otherwise 0' });
  const epoch = gauge({ name: 'smart_router_leader_epoch', help: 'Epoch of the term of this process, 0 for none' });
  const duration = histogram({
    name: 'smart_router_reconcile_duration_seconds',
    help: 'How long a comparison of pods and store took, with what it put right',
    labelNames: ['outcome'],
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60],
  });
  const drift = counter({
    name: 'smart_router_reconcile_drift_pods_total',
    help: 'Pods and pools in the store that were not as they should be and were put right',
    labelNames: ['action'],
  });
  const zombies = counter({
    name: 'smart_router_zombies_recovered_total',
    help: 'Calls that ended because their lease ran out',
  });
  const ended = counter({
    name: 'smart_router_leader_ended_calls_total',
    help: 'Calls that the leader ended',
    labelNames: ['reason'],
  });
  const heldBack = gauge({
    name: 'smart_router_held_back_calls',
    help: 'Calls that are kept although their lease ran out, since the clock of the store may have jumped',
  });
  heldBack.set(0);
  // The series exist from the start, so that the first event is an increase.
  for (const outcome of OUTCOMES) duration.zero({ outcome });
  for (const action of ACTIONS) drift.inc({ action }, 0);
  for (const reason of REASONS) ended.inc({ reason }, 0);
  return {
    leading: (current) => {
      status.set(current === null ? 0 : 1);
      epoch.set(current ?? 0);
      if (current === null) heldBack.set(0);
    },
    reconciled: (outcome, durationMs) => duration.observe({ outcome }, durationMs / 1000),
    corrected: (action, count) => drift.inc({ action }, count),
    callsEnded: (reason, count) => {
      ended.inc({ reason }, count);
      if (reason === 'lease-expired') zombies.inc(count);
    },
    callsHeldBack: (count) => heldBack.set(count),
  };
}

/** @returns counts a content of the file of static pods that was not taken over */
export function podFileMetrics(): () => void {
  const rejected = counter({
    name: 'smart_router_pod_file_rejections_total',
    help: 'Contents of the file of static pods that were not valid, so that the last names stayed',
  });
  rejected.inc(0);
  return () => rejected.inc();
}
