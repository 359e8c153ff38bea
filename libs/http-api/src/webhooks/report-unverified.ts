import type { EventLogger } from '@smart-router/logging';
import type { Provider } from '@smart-router/providers';
import type { WebhookSettings } from '@smart-router/settings';

/**
 * Says at the start which providers have no secret, so that nobody runs without verification unawares, and which of
 * them could not use the addresses that calls are sent to.
 */
export function reportUnverified(
  providers: Iterable<Pick<Provider, 'name' | 'verifies'>>,
  { acceptUnverified, mediaAddressProblems }: Pick<WebhookSettings, 'acceptUnverified' | 'mediaAddressProblems'>,
  logger: EventLogger,
): void {
  const unverified = [...providers].filter(({ verifies }) => !verifies).map(({ name }) => name);
  const isOpen = (name: string): boolean => acceptUnverified === 'all' || acceptUnverified.includes(name);
  const open = unverified.filter(isOpen);
  const refused = unverified.filter((name) => !isOpen(name));
  if (open.length > 0) {
    logger.warn(
      { providers: open },
      'WEBHOOKS ARE NOT VERIFIED: these providers have no secret, so that anybody may send their webhooks',
    );
  }
  for (const { provider, problem } of mediaAddressProblems) {
    if (isOpen(provider)) logger.warn({ provider, problem }, 'calls of this provider will not reach their pods');
  }
  if (refused.length > 0) {
    logger.info({ providers: refused }, 'webhooks of providers without a secret are refused');
  }
}
