import { randomBytes } from 'node:crypto';
import type { EventLogger } from '@smart-router/logging';
import { type CallLedger, commandTimeoutMs, type RoutingStore, type StoreRecovery } from '@smart-router/routing-store';
import { systemClock } from '@smart-router/scheduling';
import type { Settings } from '@smart-router/settings';
import { GrantJournal } from '../domain/recovery/grant-journal';
import { GrantReplay } from '../domain/recovery/grant-replay';
import { JournalingCallStore } from '../domain/recovery/journaling-call-store';
import { reportDropped } from '../domain/recovery/report-dropped';
import { OutcomeSettler } from '../domain/recovery/outcome-settler';
import { UnknownOutcomes } from '../domain/recovery/unknown-outcomes';
import { replayMetrics } from '../metrics/allocator-metrics';

/** Of each kind, for 2,000 calls a second: 23 MB of grants and 10 MB of either kind of ends, where there are so many. */
const MAX_ENTRIES = 65_536;
/** Of what was not answered; an outage under load must not fill the memory. */
const MAX_UNKNOWN_OUTCOMES = 20_000;

/**
 * The store as callers are answered from it, which takes part in the recovery of the store.
 * @param recovery `null` where the store cannot lose what it acknowledged
 */
export function recoverableCalls(
  { redis, timings, http }: Settings,
  store: Pick<RoutingStore, 'calls' | 'recovery'>,
  recovery: StoreRecovery | null,
  logger: EventLogger,
): CallLedger {
  if (!redis || !recovery) return store.calls;
  const clock = systemClock;
  const windowMs = redis.reassertWindowMs;
  const observer = replayMetrics();
  const onDropped = reportDropped(observer, logger);
  const journal = new GrantJournal({ windowMs, maxEntries: windowMs > 0 ? MAX_ENTRIES : 0, onDropped });
  const limits = { maxEntries: MAX_UNKNOWN_OUTCOMES, leaseMs: timings.leaseMs };
  const outcomes = new UnknownOutcomes(limits, () => observer.requestDropped());
  if (windowMs > 0) recovery.add(new GrantReplay({ store: store.recovery, journal, observer, logger, clock }));
  recovery.add(new OutcomeSettler({ store: store.recovery, outcomes, journal, observer, logger, clock }));
  const timeoutMs = commandTimeoutMs(http.requestDeadlineMs);
  // Short: Redis keeps it in the record of each call.
  const process = randomBytes(6).toString('base64url');
  const options = {
    process,
    commandTimeoutMs: timeoutMs,
    maxWaitMs: http.requestDeadlineMs - 2 * timeoutMs,
  };
  return new JournalingCallStore({ calls: store.calls, journal, outcomes, recovery, clock }, options);
}
