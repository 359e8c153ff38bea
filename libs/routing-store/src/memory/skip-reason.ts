import type { SkipReason } from '../domain/calls';
import type { PoolRecord } from './fleet-state';

/** Why a pool gave no pod, from its counts alone. See `includes/skip-reasons.lua`. */
export function skipReason(pool: PoolRecord | undefined): SkipReason {
  if (!pool) return 'unknown_pool';
  const { policy, assigned, draining, available, activeCalls } = pool;
  if (assigned.size === 0) return 'no_pods';
  if (draining.size >= assigned.size) return 'draining';
  if (available.size > 0) return 'full';
  if (policy.type === 'shared' || activeCalls === 0) return 'not_ready';
  return activeCalls > draining.size ? 'full' : 'unknown';
}
