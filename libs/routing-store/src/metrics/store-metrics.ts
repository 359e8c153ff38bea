import { counter, gauge } from '@smart-router/metrics';
import type { ConnectionPurpose } from '@smart-router/redis';
import type { RecoveryObserver } from '../domain/recovery/store-recovery';

const PURPOSES: readonly ConnectionPurpose[] = ['commands', 'subscriptions'];

/** @returns what counts the connections that were opened again, in the registry of the process */
export function countReopens(): (purpose: ConnectionPurpose) => void {
  const reopens = counter({
    name: 'smart_router_redis_reopens_total',
    help: 'Connections to Redis that were opened again after they had been lost',
    labelNames: ['connection'],
  });
  // The series exist from the start, so that the first event is an increase.
  for (const connection of PURPOSES) reopens.inc({ connection }, 0);
  return (connection) => reopens.inc({ connection });
}

export function recoveryMetrics(): RecoveryObserver {
  const generations = counter({
    name: 'smart_router_store_era_changes_total',
    help: 'Times that the store may have lost what it acknowledged: failovers, restarts, lost data',
  });
  const held = gauge({
    name: 'smart_router_store_calls_held',
    help: '1 while calls are held after a loss until all processes have replayed what they know, otherwise 0',
  });
  return {
    generationChanged: () => generations.inc(),
    callsHeld: (isHeld) => held.set(isHeld ? 1 : 0),
  };
}
