import { Module } from '@nestjs/common';
import type { Logger } from '@smart-router/logging';
import { LOGGER, LoggingModule } from '@smart-router/logging/nest';
import type { CallLedger, RoutingStore, StoreRecovery } from '@smart-router/routing-store';
import { ROUTING_STORE, RoutingStoreModule, STORE_RECOVERY } from '@smart-router/routing-store/nest';
import { systemClock } from '@smart-router/scheduling';
import type { Settings } from '@smart-router/settings';
import { SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import { ChainResolver } from '@smart-router/tier-config';
import { TierConfigModule } from '@smart-router/tier-config/nest';
import type { Tracer } from '@smart-router/tracing';
import { TRACER, TracingModule } from '@smart-router/tracing/nest';
import { CallAllocator } from '../domain/call-allocator';
import { CallReleaser } from '../domain/call-releaser';
import type { AllocatorObserver } from '../domain/observer';
import { DrainWaiter } from '../domain/drain-waiter';
import { PodDrainer } from '../domain/pod-drainer';
import { compileMediaAddress } from '../domain/ws-url-template';
import { allocatorMetrics } from '../metrics/allocator-metrics';
import { traceDecisions, tracedAddress } from '../tracing/traced-decisions';
import { recoverableCalls } from './recoverable-calls';

const OBSERVER = Symbol('ALLOCATOR_OBSERVER');
/** The store as callers are answered from it. */
const LEDGER = Symbol('CALL_LEDGER');

function openAllocator(
  calls: CallLedger,
  chains: ChainResolver,
  { wsUrl }: Settings,
  observer: AllocatorObserver,
  tracer: Tracer | null,
): CallAllocator {
  const mediaAddress = tracer ? tracedAddress(wsUrl, tracer) : compileMediaAddress(wsUrl);
  const allocator = new CallAllocator({ calls, chains, mediaAddress, observer, monotonicMs: () => performance.now() });
  return tracer ? traceDecisions(allocator, tracer) : allocator;
}

/**
 * `CallAllocator`, `CallReleaser`, `DrainWaiter` and `PodDrainer` under their classes. A `WS_URL_TEMPLATE` that cannot
 * be used stops the start.
 */
@Module({
  imports: [SettingsModule, LoggingModule, RoutingStoreModule, TierConfigModule, TracingModule],
  providers: [
    { provide: OBSERVER, useFactory: allocatorMetrics },
    {
      provide: LEDGER,
      inject: [SETTINGS, ROUTING_STORE, STORE_RECOVERY, LOGGER],
      useFactory: (settings: Settings, store: RoutingStore, recovery: StoreRecovery | null, logger: Logger) =>
        recoverableCalls(settings, store, recovery, logger),
    },
    {
      provide: CallAllocator,
      inject: [LEDGER, ChainResolver, SETTINGS, OBSERVER, TRACER],
      useFactory: openAllocator,
    },
    {
      provide: CallReleaser,
      inject: [LEDGER, OBSERVER],
      useFactory: (calls: CallLedger, observer: AllocatorObserver) => new CallReleaser(calls, observer),
    },
    {
      provide: DrainWaiter,
      inject: [ROUTING_STORE],
      useFactory: ({ reader }: RoutingStore) => new DrainWaiter(reader, systemClock),
    },
    {
      provide: PodDrainer,
      inject: [ROUTING_STORE, OBSERVER],
      useFactory: ({ drains }: RoutingStore, observer: AllocatorObserver) => new PodDrainer(drains, observer),
    },
  ],
  exports: [CallAllocator, CallReleaser, DrainWaiter, PodDrainer],
})
export class AllocatorModule {}
