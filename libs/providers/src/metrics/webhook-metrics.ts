import { counter, gauge } from '@smart-router/metrics';
import type { CleanupResult } from '../domain/end-call-retry-queue';
import type { Provider } from '../domain/provider';
import type { WebhookObserver } from '../domain/webhook-outcome';

const CLEANUP_RESULTS: readonly CleanupResult[] = ['released', 'unknown_call', 'given_up', 'dropped'];

/** The metrics of this library, in the one registry of the process. Providers, results and reasons are fixed sets. */
export function webhookMetrics(providers: Iterable<Provider>): WebhookObserver {
  const webhooks = counter({
    name: 'smart_router_webhooks_total',
    help: 'Webhooks and status callbacks by what became of them',
    labelNames: ['provider', 'result'],
  });
  const signatureFailures = counter({
    name: 'smart_router_signature_failures_total',
    help: 'Webhooks that were refused since their sender could not be verified',
    labelNames: ['provider', 'reason'],
  });
  const verification = gauge({
    name: 'smart_router_webhook_verification_enabled',
    help: 'Whether the webhooks of a provider are verified: 0 where no secret is configured',
    labelNames: ['provider'],
  });
  for (const { name, verifies } of providers) {
    verification.set({ provider: name }, verifies ? 1 : 0);
  }
  return {
    answered: (provider, result) => webhooks.inc({ provider, result }),
    refused: (provider, reason) => signatureFailures.inc({ provider, reason }),
  };
}

/** Counts the calls that were ended in the background after their webhook failed. */
export function cleanupMetrics(): (result: CleanupResult) => void {
  const cleanups = counter({
    name: 'smart_router_webhook_cleanups_total',
    help: 'Calls to be ended in the background after the store failed their webhook, by what became of them',
    labelNames: ['result'],
  });
  // The series exist from the start, so that the first event is an increase.
  for (const result of CLEANUP_RESULTS) cleanups.inc({ result }, 0);
  return (result) => cleanups.inc({ result });
}
