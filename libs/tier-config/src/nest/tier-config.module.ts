import { type BeforeApplicationShutdown, Module, type OnModuleInit } from '@nestjs/common';
import type { Logger } from '@smart-router/logging';
import { LOGGER, LoggingModule } from '@smart-router/logging/nest';
import type { RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE, RoutingStoreModule } from '@smart-router/routing-store/nest';
import type { Settings } from '@smart-router/settings';
import { SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import { ChainResolver } from '../domain/chain-resolver';
import { initialTierConfig } from '../domain/initial-tier-config';
import { MerchantConfigs } from '../domain/merchant-configs';
import type { TierConfigObserver } from '../domain/observer';
import { TierConfigService } from '../domain/tier-config-service';
import { tierConfigMetrics } from '../metrics/tier-config-metrics';
import { systemTimers } from './system-timers';

const OBSERVER = Symbol('TIER_CONFIG_OBSERVER');

/**
 * `TierConfigService`, `MerchantConfigs` and `ChainResolver` under their classes. The config follows the store from
 * the start of the module to the shutdown; a `TIER_CONFIG` that cannot be used stops the start.
 */
@Module({
  imports: [SettingsModule, LoggingModule, RoutingStoreModule],
  providers: [
    { provide: OBSERVER, useFactory: tierConfigMetrics },
    {
      provide: TierConfigService,
      inject: [ROUTING_STORE, SETTINGS, LOGGER, OBSERVER],
      useFactory: (store: RoutingStore, { tierConfig }: Settings, logger: Logger, observer: TierConfigObserver) =>
        new TierConfigService({
          store,
          initial: initialTierConfig(tierConfig.text),
          refreshMs: tierConfig.refreshMs,
          timers: systemTimers,
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
export class TierConfigModule implements OnModuleInit, BeforeApplicationShutdown {
  constructor(private readonly tierConfig: TierConfigService) {}

  /** Awaited, so that the first call meets the stored config; does not fail without a store. */
  onModuleInit(): Promise<void> {
    return this.tierConfig.start();
  }

  /** Before the store closes its connections, which it does after this hook. */
  beforeApplicationShutdown(): Promise<void> {
    return this.tierConfig.stop();
  }
}
