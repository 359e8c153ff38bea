import { Inject, Module } from '@nestjs/common';
import { CallAllocator, CallReleaser } from '@smart-router/allocator';
import { AllocatorModule } from '@smart-router/allocator/nest';
import { systemClock } from '@smart-router/scheduling';
import type { SecretSource, Settings, WebhookSettings } from '@smart-router/settings';
import { SECRETS, SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import { StartupManager, StartupModule } from '@smart-router/startup/nest';
import { AddressLimit } from '../domain/address-limit';
import { EndCallRetryQueue } from '../domain/end-call-retry-queue';
import type { CallOperations } from '../domain/call-operations';
import type { Provider } from '../domain/provider';
import type { ProviderSettings } from '../domain/provider-settings';
import { createProviders } from '../domain/registry';
import { WebhookHandler } from '../domain/webhook-handler';
import { cleanupMetrics, webhookMetrics } from '../metrics/webhook-metrics';

/** The providers by name, of type `ReadonlyMap<string, Provider>`. */
export const PROVIDERS = Symbol('PROVIDERS');

/** What webhooks need of the allocation core, of type `CallOperations`. */
const CALLS = Symbol('PROVIDER_CALLS');

/** Webhooks answer a little before the server gives any request up, so that the answer is the provider's own. */
const SHARE_OF_DEADLINE = 0.9;

/** `PROVIDERS`, and `WebhookHandler` under its class. */
@Module({
  imports: [SettingsModule, AllocatorModule, StartupModule],
  providers: [
    {
      provide: PROVIDERS,
      inject: [SETTINGS, SECRETS],
      useFactory: ({ webhooks }: Settings, secrets: SecretSource) =>
        createProviders(providerSettings(webhooks, secrets)),
    },
    {
      provide: CALLS,
      inject: [CallAllocator, CallReleaser],
      useFactory: (allocator: CallAllocator, releaser: CallReleaser): CallOperations => ({
        allocate: (call) => allocator.allocate(call),
        endCall: (call) => releaser.endCall(call),
      }),
    },
    {
      provide: EndCallRetryQueue,
      inject: [SETTINGS, CALLS],
      useFactory: ({ http }: Settings, { endCall }: CallOperations) =>
        new EndCallRetryQueue({
          endCall,
          onResult: cleanupMetrics(),
          clock: systemClock,
          tryMs: http.requestDeadlineMs,
        }),
    },
    {
      provide: WebhookHandler,
      inject: [SETTINGS, PROVIDERS, CALLS, EndCallRetryQueue],
      useFactory: buildWebhookHandler,
    },
  ],
  exports: [PROVIDERS, WebhookHandler],
})
export class ProvidersModule {
  constructor(manager: StartupManager, cleanups: EndCallRetryQueue, @Inject(SETTINGS) { http }: Settings) {
    manager.register({
      name: 'webhook_cleanups',
      // They cannot fail to start; the port opens after them, so that they stop when all requests are answered.
      priority: 'HIGH',
      dependencies: ['store'],
      init: () => cleanups.resume(),
      cleanup: () => cleanups.stop(),
      cleanupTimeoutMs: http.requestDeadlineMs,
    });
  }
}

function buildWebhookHandler(
  { access, http, webhooks }: Settings,
  providers: ReadonlyMap<string, Provider>,
  calls: CallOperations,
  cleanups: EndCallRetryQueue,
): WebhookHandler {
  return new WebhookHandler(calls, cleanups, webhookMetrics(providers.values()), {
    publicUrl: webhooks,
    acceptUnverified: webhooks.acceptUnverified,
    storeDown: webhooks.storeDown,
    maxUnknownEnds: webhooks.maxUnknownEnds,
    unknownEnds: new AddressLimit({
      max: webhooks.maxUnknownEndsPerAddress,
      windowMs: access.rateLimits.windowMs,
      now: () => performance.now(),
    }),
    deadlineMs: http.requestDeadlineMs * SHARE_OF_DEADLINE,
    clock: systemClock,
  });
}

function providerSettings(webhooks: WebhookSettings, secrets: SecretSource): ProviderSettings {
  return {
    spoken: { noCapacity: webhooks.spokenNoCapacity, failure: webhooks.spokenFailure },
    strictIds: webhooks.strictIds,
    twilio: { authTokens: () => secrets.current.twilioAuthTokens },
    plivo: { authTokens: () => secrets.current.plivoAuthTokens, acceptV2: webhooks.plivoAcceptV2 },
    exotel: { webhookTokens: () => secrets.current.exotelTokens },
  };
}
