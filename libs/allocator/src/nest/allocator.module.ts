import { Inject, Module } from '@nestjs/common';
import type { Logger } from '@smart-router/logging';
import { LOGGER, LoggingModule } from '@smart-router/logging/nest';
import type { CallLedger, RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE, RoutingStoreModule } from '@smart-router/routing-store/nest';
import { systemClock } from '@smart-router/scheduling';
import type { Settings } from '@smart-router/settings';
import { SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import { StartupManager, StartupModule } from '@smart-router/startup/nest';
import { ChainResolver } from '@smart-router/tier-config';
import { TierConfigModule } from '@smart-router/tier-config/nest';
import { CallAllocator } from '../domain/call-allocator';
import { CallOwners } from '../domain/call-owners';
import { CallReleaser } from '../domain/call-releaser';
import type { AllocatorObserver } from '../domain/observer';
import { PodDeparture } from '../domain/pod-departure';
import { PodDrainer } from '../domain/pod-drainer';
import { compileMediaAddress } from '../domain/ws-url-template';
import { allocatorMetrics } from '../metrics/allocator-metrics';
import { openRecovery, type Recovery } from './open-recovery';

const OBSERVER = Symbol('ALLOCATOR_OBSERVER');
const RECOVERY = Symbol('GRANT_RECOVERY');
/** The store as callers are answered from it. */
const LEDGER = Symbol('CALL_LEDGER');

/**
 * `CallAllocator`, `CallOwners`, `CallReleaser`, `PodDeparture` and `PodDrainer` under their classes. A `WS_URL_TEMPLATE` that cannot
 * be used stops the start.
 */
@Module({
  imports: [SettingsModule, LoggingModule, RoutingStoreModule, TierConfigModule, StartupModule],
  providers: [
    { provide: OBSERVER, useFactory: allocatorMetrics },
    {
      provide: RECOVERY,
      inject: [SETTINGS, ROUTING_STORE, LOGGER],
      useFactory: (settings: Settings, store: RoutingStore, logger: Logger) => openRecovery(settings, store, logger),
    },
    {
      provide: LEDGER,
      inject: [ROUTING_STORE, RECOVERY],
      useFactory: (store: RoutingStore, recovery: Recovery | null): CallLedger => recovery?.ledger ?? store,
    },
    {
      provide: CallAllocator,
      inject: [LEDGER, ChainResolver, SETTINGS, OBSERVER],
      useFactory: (calls: CallLedger, chains: ChainResolver, { wsUrl }: Settings, observer: AllocatorObserver) =>
        new CallAllocator({
          calls,
          chains,
          mediaAddress: compileMediaAddress(wsUrl),
          observer,
          monotonicMs: () => performance.now(),
        }),
    },
    {
      provide: CallReleaser,
      inject: [LEDGER, OBSERVER],
      useFactory: (calls: CallLedger, observer: AllocatorObserver) => new CallReleaser(calls, observer),
    },
    {
      provide: CallOwners,
      inject: [ROUTING_STORE],
      useFactory: (store: RoutingStore) => new CallOwners(store),
    },
    {
      provide: PodDeparture,
      inject: [ROUTING_STORE],
      useFactory: (store: RoutingStore) => new PodDeparture(store, systemClock),
    },
    {
      provide: PodDrainer,
      inject: [ROUTING_STORE, OBSERVER],
      useFactory: (pods: RoutingStore, observer: AllocatorObserver) => new PodDrainer(pods, observer),
    },
  ],
  exports: [CallAllocator, CallOwners, CallReleaser, PodDeparture, PodDrainer],
})
export class AllocatorModule {
  constructor(manager: StartupManager<null>, @Inject(RECOVERY) recovery: Recovery | null) {
    if (!recovery) return;
    manager.register({
      name: 'grant_reassertion',
      // It cannot fail to start; the port opens after it.
      priority: 'HIGH',
      dependencies: ['store'],
      init: () => recovery.reassertion.start(),
      cleanup: () => recovery.reassertion.stop(),
    });
  }
}
