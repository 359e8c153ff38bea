import { Inject, Module } from '@nestjs/common';
import { CallAllocator, CallOwners, CallReleaser } from '@smart-router/allocator';
import { AllocatorModule } from '@smart-router/allocator/nest';
import type { SecretSource, Settings, WebhookSettings } from '@smart-router/settings';
import { SECRETS, SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import { StartupManager, StartupModule } from '@smart-router/startup/nest';
import { CallCleanups } from '../domain/call-cleanups';
import { OwnedCalls } from '../domain/owned-calls';
import type { Provider } from '../domain/provider';
import type { ProviderSettings } from '../domain/provider-settings';
import { createProviders } from '../domain/registry';
import { WebhookHandler } from '../domain/webhook-handler';
import { cleanupMetrics, webhookMetrics } from '../metrics/webhook-metrics';
import { startTimer } from './start-timer';

/** The providers by name, of type `ReadonlyMap<string, Provider>`. */
export const PROVIDERS = Symbol('PROVIDERS');

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
      provide: OwnedCalls,
      inject: [SETTINGS, PROVIDERS, CallAllocator, CallReleaser, CallOwners],
      useFactory: buildOwnedCalls,
    },
    {
      provide: CallCleanups,
      inject: [SETTINGS, OwnedCalls],
      useFactory: ({ http }: Settings, calls: OwnedCalls) =>
        new CallCleanups({
          endCall: calls.endCall.bind(calls),
          onResult: cleanupMetrics(),
          startTimer,
          tryMs: http.requestDeadlineMs,
        }),
    },
    {
      provide: WebhookHandler,
      inject: [SETTINGS, PROVIDERS, OwnedCalls, CallCleanups],
      useFactory: buildWebhookHandler,
    },
  ],
  exports: [PROVIDERS, WebhookHandler],
})
export class ProvidersModule {
  constructor(manager: StartupManager<null>, cleanups: CallCleanups, @Inject(SETTINGS) { http }: Settings) {
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

function buildOwnedCalls(
  { webhooks }: Settings,
  providers: ReadonlyMap<string, Provider>,
  allocator: CallAllocator,
  releaser: CallReleaser,
  owners: CallOwners,
): OwnedCalls {
  return new OwnedCalls({
    calls: {
      allocate: allocator.allocate.bind(allocator),
      endCall: releaser.endCall.bind(releaser),
      ownerOf: owners.ownerOf.bind(owners),
    },
    isTrusted: (name) => webhooks.acceptUnverified === 'all' || providers.get(name)?.verifies === true,
  });
}

function buildWebhookHandler(
  { http, webhooks }: Settings,
  providers: ReadonlyMap<string, Provider>,
  calls: OwnedCalls,
  cleanups: CallCleanups,
): WebhookHandler {
  return new WebhookHandler(calls, cleanups, webhookMetrics(providers.values()), {
    publicUrl: webhooks,
    acceptUnverified: webhooks.acceptUnverified,
    storeDown: webhooks.storeDown,
    deadlineMs: http.requestDeadlineMs * SHARE_OF_DEADLINE,
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
