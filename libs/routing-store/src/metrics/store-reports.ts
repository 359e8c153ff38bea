import type { EventLogger } from '@smart-router/logging';
import { counter, gauge } from '@smart-router/metrics';
import type { EvictionRisk, MemoryLimit, StoreObserver } from '../domain/store-observer';

/** So many different refusals are remembered, so that each is logged once and not with every request. */
const REMEMBERED_REASONS = 1_000;

/** Logs and counts what the store finds out about itself. */
export function storeReports(logger: EventLogger): StoreObserver {
  const foreignKeys = counter({
    name: 'smart_router_store_foreign_keys_total',
    help: 'Keys of another type under a name of the store: quarantined by the leader, or in the way of an operation',
    labelNames: ['result'],
  });
  const unconfirmed = counter({
    name: 'smart_router_store_unconfirmed_writes_total',
    help: 'Changes that too few replicas of Redis had in time; each was answered with 504',
  });
  const emptied = counter({
    name: 'smart_router_store_emptied_total',
    help: 'Times that this process found its Redis emptied: calls older than REDIS_REASSERT_WINDOW are unknown then',
  });
  for (const result of ['set_aside', 'refused']) foreignKeys.inc({ result }, 0);
  const logOnce = onceEach((reason, message) => logger.error({ reason }, message));
  return {
    writeUnconfirmed: () => unconfirmed.inc(),
    ...conditionReports(logger),
    ...hintReports(logger),
    keysQuarantined: (keys) => {
      foreignKeys.inc({ result: 'set_aside' }, keys.length);
      logger.error({ keys }, 'keys of another type were quarantined');
    },
    keyRefused: (reason) => {
      foreignKeys.inc({ result: 'refused' });
      logOnce(reason, 'a key of another type is in the way');
    },
    // The words of Redis: they name the command and never the password.
    storeEmptied: () => {
      emptied.inc();
      logger.error({}, STORE_EMPTIED);
    },
    writesRefused: (reason) => {
      if (reason === null) logger.info({}, 'redis takes writes again');
      else
        logger.error(
          { code: 'STORE_REFUSES_WRITES', reason },
          'redis refuses writes: no call gets a pod until it takes them',
        );
    },
    accessRefused: (reason) => logOnce(reason, 'redis refuses access: check its password and the rules of its user'),
  };
}

/** One line when hints begin to be refused and one when that is over, however many changes lie between. */
function hintReports(logger: EventLogger): Pick<StoreObserver, 'hintRefused' | 'hintSent'> {
  const refused = counter({
    name: 'smart_router_store_hints_refused_total',
    help: 'Changes that were stored and could not be announced to the other processes, which see them with their next look',
  });
  let isRefused = false;
  return {
    hintRefused: (reason) => {
      refused.inc();
      if (!isRefused) logger.warn({ code: 'HINTS_REFUSED', reason }, HINTS_REFUSED);
      isRefused = true;
    },
    hintSent: () => {
      if (isRefused) logger.info({}, 'redis takes announcements of changes again');
      isRefused = false;
    },
  };
}

const HINTS_REFUSED =
  'redis refuses to announce a change, which is in force: other processes follow late; allow PUBLISH and the channels';
const STORE_EMPTIED =
  'redis was emptied: calls granted longer ago than REDIS_REASSERT_WINDOW are unknown, their pods are offered again ' +
  'although they may be live, and merchant configs are lost';

function onceEach(log: (reason: string, message: string) => void): (reason: string, message: string) => void {
  const logged = new Set<string>();
  return (reason, message) => {
    if (logged.has(reason)) return;
    if (logged.size >= REMEMBERED_REASONS) logged.clear();
    logged.add(reason);
    log(reason, message);
  };
}

const EVICTION_MESSAGES: Readonly<Record<EvictionRisk, string>> = {
  unknown:
    'redis does not say whether it evicts keys: it may lose calls or double them unnoticed; allow INFO to its user',
  none: 'redis evicts no keys',
  'without-limit': 'redis would evict leases if it had a memory limit: set maxmemory-policy noeviction',
  possible: 'redis may evict leases, and calls be lost or doubled: set maxmemory-policy noeviction',
};

const EVICTION_VALUES: Readonly<Record<EvictionRisk, number>> = {
  unknown: NaN,
  none: 0,
  'without-limit': 0,
  possible: 1,
};

function conditionReports(
  logger: EventLogger,
): Pick<StoreObserver, 'evictionRisk' | 'waitBelowReplicas' | 'wrongStore'> {
  const eviction = gauge({
    name: 'smart_router_store_eviction_possible',
    help: '1 where Redis has a memory limit and a policy other than noeviction, 0 where not, NaN where it does not say',
  });
  eviction.set(NaN);
  let isSafe = true;
  const wrong = gauge({
    name: 'smart_router_store_wrong_instance',
    help: '1 while the store carries the mark of another installation and is not used, otherwise 0',
  });
  return {
    evictionRisk: (risk: EvictionRisk, { policy, maxBytes }: MemoryLimit) => {
      eviction.set(EVICTION_VALUES[risk]);
      const fields = { maxmemory_policy: policy, maxmemory_bytes: maxBytes };
      const wasSafe = isSafe;
      isSafe = risk === 'none';
      if (isSafe && wasSafe) return;
      if (risk === 'none') logger.info(fields, EVICTION_MESSAGES[risk]);
      else if (risk === 'possible' || risk === 'unknown') logger.error(fields, EVICTION_MESSAGES[risk]);
      else logger.warn(fields, EVICTION_MESSAGES[risk]);
    },
    waitBelowReplicas: (isBelow, { confirmedBy, replicas }) => {
      const fields = { code: 'WAIT_BELOW_REPLICAS', required_replicas: confirmedBy, replicas };
      if (isBelow)
        logger.warn(
          fields,
          'a failover to a replica that need not confirm may lose calls: set REDIS_WAIT_REPLICAS=all',
        );
      else logger.info({ required_replicas: confirmedBy, replicas }, 'every replica confirms what is acknowledged');
    },
    wrongStore: (isWrong, mark) => {
      wrong.set(isWrong ? 1 : 0);
      if (isWrong) logger.error({ mark }, 'the store is that of another installation, it is not used');
      else logger.info({ mark }, 'the store is the right one again');
    },
  };
}
