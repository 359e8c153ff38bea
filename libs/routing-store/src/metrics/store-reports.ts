import type { EventLogger } from '@smart-router/logging';
import { counter } from '@smart-router/metrics';
import type { StoreObserver } from '../domain/store-observer';

/** So many different refusals are remembered, so that each is logged once and not with every request. */
const REMEMBERED_REASONS = 1_000;

/** Logs and counts what the store finds out about itself. */
export function storeReports(logger: EventLogger): StoreObserver {
  const foreignKeys = counter({
    name: 'smart_router_store_foreign_keys_total',
    help: 'Keys of another type under a name of the store: put aside by the leader, or in the way of an operation',
    labelNames: ['result'],
  });
  const unconfirmed = counter({
    name: 'smart_router_store_unconfirmed_writes_total',
    help: 'Changes that too few replicas of Redis had in time; each was answered with 503',
  });
  for (const result of ['set_aside', 'refused']) foreignKeys.inc({ result }, 0);
  const logged = new Set<string>();
  return {
    writeUnconfirmed: () => unconfirmed.inc(),
    keysSetAside: (keys) => {
      foreignKeys.inc({ result: 'set_aside' }, keys.length);
      logger.error({ keys }, 'keys of another type were put aside');
    },
    keyRefused: (reason) => {
      foreignKeys.inc({ result: 'refused' });
      if (logged.has(reason)) return;
      if (logged.size >= REMEMBERED_REASONS) logged.clear();
      logged.add(reason);
      logger.error({ reason }, 'a key of another type is in the way');
    },
  };
}
