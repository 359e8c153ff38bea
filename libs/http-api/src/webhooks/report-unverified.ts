import type { EventLogger } from '@smart-router/logging';
import type { Provider } from '@smart-router/providers';
import type { WebhookSettings } from '@smart-router/settings';

/** Says at the start which providers have no secret, so that nobody runs without verification unawares. */
export function reportUnverified(
  providers: Iterable<Pick<Provider, 'name' | 'verifies'>>,
  { acceptUnverified }: Pick<WebhookSettings, 'acceptUnverified'>,
  logger: EventLogger,
): void {
  const unverified = [...providers].filter(({ verifies }) => !verifies).map(({ name }) => name);
  if (unverified.length === 0) return;
  if (acceptUnverified) {
    logger.warn(
      { providers: unverified },
      'WEBHOOKS ARE NOT VERIFIED: these providers have no secret, so that anybody may send their webhooks',
    );
  } else {
    logger.info({ providers: unverified }, 'webhooks of providers without a secret are refused');
  }
}
