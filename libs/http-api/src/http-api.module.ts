import { type DynamicModule, Inject, Module } from '@nestjs/common';
import { AllocatorModule } from '@smart-router/allocator/nest';
import { FleetStatusReader } from '@smart-router/fleet';
import { FleetModule, type LeadershipSource } from '@smart-router/fleet/nest';
import { LoggingModule } from '@smart-router/logging/nest';
import { type RoutingStore, storeReadiness } from '@smart-router/routing-store';
import { ROUTING_STORE, RoutingStoreModule } from '@smart-router/routing-store/nest';
import { HealthModule, Liveness, ReadinessChecks } from '@smart-router/runtime';
import { SettingsModule } from '@smart-router/settings/nest';
import { StartupModule } from '@smart-router/startup/nest';
import { tierConfigFacts, TierConfigService } from '@smart-router/tier-config';
import { TierConfigModule } from '@smart-router/tier-config/nest';
import { AuditController } from './audit/audit.controller';
import { AllocateController } from './calls/allocate.controller';
import { CallsController } from './calls/calls.controller';
import { ReleaseController } from './calls/release.controller';
import { ComponentsController } from './components/components.controller';
import { MerchantVersionsController } from './merchants/merchant-versions.controller';
import { MerchantsController } from './merchants/merchants.controller';
import { DepartureController } from './pods/departure.controller';
import { DrainController } from './pods/drain.controller';
import { PodsController } from './pods/pods.controller';
import { ReconcileController } from './reconcile/reconcile.controller';
import { StatusController } from './status/status.controller';
import { TierConfigController } from './tier-config/tier-config.controller';
import { PublicWebhooksModule, webhookPrefixModule, WebhooksModule } from './webhooks/webhooks.module';

/** All routes of the API, and the store as what they need to be ready. */
@Module({})
export class HttpApiModule {
  constructor(
    readiness: ReadinessChecks,
    liveness: Liveness,
    @Inject(ROUTING_STORE) store: RoutingStore,
    tierConfig: TierConfigService,
    fleet: FleetStatusReader,
  ) {
    readiness.add('store', () => storeReadiness(store));
    readiness.addDetail('tier_config', async () => tierConfigFacts(tierConfig));
    readiness.addDetail('leader', () => fleet.leaderFacts());
    liveness.watchStore(() => store.outage());
  }

  /** @param leadership where to find out whether this process leads; left out in a process that never does */
  static forRoot(leadership?: LeadershipSource): DynamicModule {
    return {
      module: HttpApiModule,
      imports: [
        LoggingModule,
        SettingsModule,
        StartupModule,
        HealthModule,
        RoutingStoreModule,
        TierConfigModule,
        AllocatorModule,
        FleetModule.forRoot(leadership),
        WebhooksModule,
        PublicWebhooksModule,
        webhookPrefixModule,
      ],
      controllers: [
        AllocateController,
        ReleaseController,
        DepartureController,
        DrainController,
        StatusController,
        PodsController,
        CallsController,
        MerchantsController,
        MerchantVersionsController,
        TierConfigController,
        ReconcileController,
        AuditController,
        ComponentsController,
      ],
    };
  }
}
