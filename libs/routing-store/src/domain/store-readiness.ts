import { StoreUnavailableError, WrongStoreError } from './errors';
import type { RoutingStore } from './routing-store';

/**
 * For health checks. @returns what an operator should know
 * @throws where the store cannot be used; a StoreUnavailableError says since when
 */
export async function storeReadiness(
  store: Pick<RoutingStore, 'probe' | 'outage' | 'writeRefusal' | 'warnings'>,
): Promise<{ readonly warnings?: readonly string[] }> {
  const askedAtMs = Date.now();
  try {
    await store.probe();
  } catch (error) {
    if (!(error instanceof StoreUnavailableError) || error instanceof WrongStoreError) throw error;
    const outage = store.outage() ?? store.writeRefusal();
    // A store that hangs counts as connected until its silence is noticed: it is away since it was asked, at the latest.
    const since = new Date(outage?.sinceMs ?? askedAtMs).toISOString();
    throw new StoreUnavailableError(error.cause, error.mayHaveTakenEffect, {
      since,
      ...(outage && { reason: outage.code }),
    });
  }
  const warnings = store.warnings();
  return warnings.length > 0 ? { warnings } : {};
}
