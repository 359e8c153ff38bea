import { counter } from '@smart-router/metrics';
import type { ConnectionPurpose } from '@smart-router/redis';

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
