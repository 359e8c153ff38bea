import type { RoutingStore } from './routing-store';

/** For health checks. @returns what an operator should know @throws StoreUnavailableError where it cannot be used */
export async function storeReadiness(
  store: Pick<RoutingStore, 'ping' | 'warnings'>,
): Promise<{ readonly warnings?: readonly string[] }> {
  await store.ping();
  const warnings = store.warnings();
  return warnings.length > 0 ? { warnings } : {};
}
