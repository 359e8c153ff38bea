import type { FleetStatus, PoolStatus } from '@smart-router/fleet';
import { isoTime, type LeaderView } from '@smart-router/routing-store';
import type { LeaderBody, PoolStatusBody, StatusResponse } from './status.dto';

export function statusBody(fleet: FleetStatus): StatusResponse {
  return {
    status: fleet.status,
    pools: fleet.pools && Object.fromEntries([...fleet.pools].map(([name, pool]) => [name, poolBody(pool)])),
    active_calls: fleet.activeCalls,
    warnings: [...fleet.warnings],
    is_leader: fleet.isLeader,
    leader: fleet.leader && leaderBody(fleet.leader),
    tier_config_version: fleet.tierConfigVersion,
    store: { kind: fleet.store.kind, latency_ms: rounded(fleet.store.latencyMs) },
  };
}

/** To hundredths: what is beyond them is noise of the clock. */
function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 100) / 100;
}

function poolBody(pool: PoolStatus): PoolStatusBody {
  return {
    type: pool.type,
    assigned: pool.assigned,
    available: pool.available,
    active_calls: pool.activeCalls,
    capacity: pool.capacity,
    target: pool.target,
    draining: pool.draining,
    ...(pool.maxConcurrent === undefined ? {} : { max_concurrent: pool.maxConcurrent }),
  };
}

function leaderBody({ identity, epoch, since }: LeaderView): LeaderBody {
  return { identity, epoch, since: isoTime(since) };
}
