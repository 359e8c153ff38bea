import type { EventLogger } from '@smart-router/logging';
import type { CallLedger, RoutingStore } from '@smart-router/routing-store';
import { systemClock } from '@smart-router/scheduling';
import type { Settings } from '@smart-router/settings';
import { GrantMemory } from '../domain/recovery/grant-memory';
import { GrantReassertion } from '../domain/recovery/grant-reassertion';
import { RememberingLedger } from '../domain/recovery/remembering-ledger';
import { reassertionMetrics } from '../metrics/reassertion-metrics';

/** Some 20 MB at most, for 2,000 calls a second. */
const MAX_ENTRIES = 65_536;

export interface Recovery {
  readonly ledger: CallLedger;
  readonly reassertion: GrantReassertion;
}

/** @returns `null` where the store cannot lose what it acknowledged, or nobody wants it told again */
export function openRecovery({ redis }: Settings, store: RoutingStore, logger: EventLogger): Recovery | null {
  if (!redis || redis.reassertWindowMs === 0) return null;
  const clock = systemClock;
  const memory = new GrantMemory({ windowMs: redis.reassertWindowMs, maxEntries: MAX_ENTRIES });
  const observer = reassertionMetrics();
  const reassertion = new GrantReassertion({ store, memory, observer, logger, clock, random: Math.random });
  const settled = (): Promise<void> => reassertion.settled();
  const ledger = new RememberingLedger({ calls: store, memory, monotonicMs: () => clock.now(), settled });
  return { ledger, reassertion };
}
