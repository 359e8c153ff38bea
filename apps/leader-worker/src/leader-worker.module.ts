import { Inject, Module } from '@nestjs/common';
import { FleetStatusReader } from '@smart-router/fleet';
import { FleetModule } from '@smart-router/fleet/nest';
import type { KubernetesConnection } from '@smart-router/kubernetes';
import { KUBERNETES, KubernetesModule } from '@smart-router/kubernetes/nest';
import { leadershipFacts, LeaderController } from '@smart-router/pool-manager';
import { PoolManagerModule } from '@smart-router/pool-manager/nest';
import { type RoutingStore, storeReadiness } from '@smart-router/routing-store';
import { ROUTING_STORE, RoutingStoreModule } from '@smart-router/routing-store/nest';
import { HealthModule, Liveness, ReadinessChecks } from '@smart-router/runtime';
import { tierConfigFacts, TierConfigService } from '@smart-router/tier-config';
import { TierConfigModule } from '@smart-router/tier-config/nest';

const leadership = { imports: [PoolManagerModule], token: LeaderController };

@Module({ imports: [TierConfigModule, HealthModule] })
class TierConfigHealthModule {
  constructor(readiness: ReadinessChecks, tierConfig: TierConfigService) {
    readiness.addDetail('tier_config', async () => tierConfigFacts(tierConfig));
  }
}

const fleetModule = FleetModule.forRoot(leadership);

@Module({ imports: [fleetModule, HealthModule] })
class LeaderHealthModule {
  constructor(readiness: ReadinessChecks, fleet: FleetStatusReader) {
    readiness.addDetail('leader', () => fleet.leaderFacts());
  }
}

@Module({
  imports: [
    RoutingStoreModule,
    KubernetesModule,
    PoolManagerModule,
    TierConfigHealthModule,
    fleetModule,
    LeaderHealthModule,
    HealthModule,
  ],
})
export class LeaderWorkerModule {
  constructor(
    readiness: ReadinessChecks,
    liveness: Liveness,
    @Inject(ROUTING_STORE) store: RoutingStore,
    work: LeaderController,
    @Inject(KUBERNETES) cluster: KubernetesConnection,
  ) {
    readiness.add('store', () => storeReadiness(store));
    liveness.watchStore(() => store.outage());
    readiness.addDetail('leadership', async () => leadershipFacts(work));
    readiness.addDetail('kubernetes', async () => cluster.facts());
  }
}
