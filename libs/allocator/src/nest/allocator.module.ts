import { Module } from '@nestjs/common';
import type { RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE, RoutingStoreModule } from '@smart-router/routing-store/nest';
import type { Settings } from '@smart-router/settings';
import { SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import { ChainResolver } from '@smart-router/tier-config';
import { TierConfigModule } from '@smart-router/tier-config/nest';
import { CallAllocator } from '../domain/call-allocator';
import { CallReleaser } from '../domain/call-releaser';
import type { AllocatorObserver } from '../domain/observer';
import { PodDrainer } from '../domain/pod-drainer';
import { compileWsUrlTemplate } from '../domain/ws-url-template';
import { allocatorMetrics } from '../metrics/allocator-metrics';

const OBSERVER = Symbol('ALLOCATOR_OBSERVER');

/**
 * `CallAllocator`, `CallReleaser` and `PodDrainer` under their classes. A `WS_URL_TEMPLATE` that cannot be used stops
 * the start.
 */
@Module({
  imports: [SettingsModule, RoutingStoreModule, TierConfigModule],
  providers: [
    { provide: OBSERVER, useFactory: allocatorMetrics },
    {
      provide: CallAllocator,
      inject: [ROUTING_STORE, ChainResolver, SETTINGS, OBSERVER],
      useFactory: (calls: RoutingStore, chains: ChainResolver, { wsUrl }: Settings, observer: AllocatorObserver) =>
        new CallAllocator({
          calls,
          chains,
          wsUrl: compileWsUrlTemplate(wsUrl.template, wsUrl.baseUrl),
          observer,
          monotonicMs: () => performance.now(),
        }),
    },
    {
      provide: CallReleaser,
      inject: [ROUTING_STORE, OBSERVER],
      useFactory: (calls: RoutingStore, observer: AllocatorObserver) => new CallReleaser(calls, observer),
    },
    {
      provide: PodDrainer,
      inject: [ROUTING_STORE, OBSERVER],
      useFactory: (pods: RoutingStore, observer: AllocatorObserver) => new PodDrainer(pods, observer),
    },
  ],
  exports: [CallAllocator, CallReleaser, PodDrainer],
})
export class AllocatorModule {}
