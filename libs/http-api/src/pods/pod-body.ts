import type { PodView } from '@smart-router/routing-store';
import type { PodDetail } from './pod.dto';

export function podDetail(pod: PodView): PodDetail {
  return {
    pod_name: pod.podName,
    pool: pod.pool,
    tier: pod.pool,
    is_draining: pod.isDraining,
    draining_since: isoTime(pod.drain?.sinceMs),
    drain_ends_at: isoTime(pod.drain?.endsMs),
    has_active_lease: pod.leaseCallSid !== null,
    lease_call_sid: pod.leaseCallSid,
    status: pod.status,
    calls: pod.calls,
    incarnation: pod.incarnation,
    ready: pod.ready,
    terminating: pod.terminating,
  };
}

function isoTime(unixMs: number | null | undefined): string | null {
  return unixMs === null || unixMs === undefined ? null : new Date(unixMs).toISOString();
}
