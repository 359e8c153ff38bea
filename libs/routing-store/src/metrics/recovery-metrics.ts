import { counter, gauge } from '@smart-router/metrics';
import type { RecoveryObserver } from '../domain/recovery/store-recovery';

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
