import { Module } from '@nestjs/common';
import type { Logger } from '@smart-router/logging';
import { LOGGER, LoggingModule } from '@smart-router/logging/nest';
import type { RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE, RoutingStoreModule } from '@smart-router/routing-store/nest';
import { systemClock } from '@smart-router/scheduling';
import type { Settings } from '@smart-router/settings';
import { SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import { StartupManager, StartupModule } from '@smart-router/startup/nest';
import { ChainResolver } from '../domain/chain-resolver';
import { initialTierConfig, isTierConfigGiven } from '../domain/initial-tier-config';
import { MerchantConfigs } from '../domain/merchant-configs';
import type { TierConfigObserver } from '../domain/observer';
import { TierConfigService } from '../domain/tier-config-service';
import { tierConfigMetrics } from '../metrics/tier-config-metrics';

const OBSERVER = Symbol('TIER_CONFIG_OBSERVER');

/** The store has no tier config that can be used, or was not read yet: the environment's is in force. */
class TierConfigNotAdoptedError extends Error {
  readonly code = 'TIER_CONFIG_NOT_ADOPTED';

  constructor() {
    super('the tier config of the environment is in force, as none was read from the store');
  }
}

/**
 * `TierConfigService`, `MerchantConfigs` and `ChainResolver` under their classes. The config follows the store from
 * the start to the shutdown: calls are served by the environment's meanwhile, and as long as the store has none that
 * can be used. A `TIER_CONFIG` that cannot be used stops the start.
 */
@Module({
  imports: [SettingsModule, LoggingModule, RoutingStoreModule, StartupModule],
  providers: [
    { provide: OBSERVER, useFactory: tierConfigMetrics },
    {
      provide: TierConfigService,
      inject: [ROUTING_STORE, SETTINGS, LOGGER, OBSERVER],
      useFactory: (store: RoutingStore, { tierConfig }: Settings, logger: Logger, observer: TierConfigObserver) =>
        new TierConfigService({
          store,
          initial: initialTierConfig(tierConfig.text),
          isInitialGiven: isTierConfigGiven(tierConfig.text),
          refreshMs: tierConfig.refreshMs,
          clock: systemClock,
          now: Date.now,
          logger,
          observer,
        }),
    },
    {
      provide: ChainResolver,
      inject: [TierConfigService, LOGGER, OBSERVER],
      useFactory: (tierConfig: TierConfigService, logger: Logger, observer: TierConfigObserver) =>
        new ChainResolver({ tierConfig, logger, observer }),
    },
    {
      provide: MerchantConfigs,
      inject: [ROUTING_STORE, TierConfigService],
      useFactory: (store: RoutingStore, tierConfig: TierConfigService) => new MerchantConfigs(store, tierConfig),
    },
  ],
  exports: [TierConfigService, ChainResolver, MerchantConfigs],
})
export class TierConfigModule {
  constructor(manager: StartupManager, tierConfig: TierConfigService) {
    manager.register({
      name: 'tier_config',
      priority: 'HIGH',
      dependencies: ['store'],
      init: () => tierConfig.start(),
      cleanup: () => tierConfig.stop(),
      healthCheck: async () => {
        if (tierConfig.adopted() === null) throw new TierConfigNotAdoptedError();
      },
    });
  }
}
