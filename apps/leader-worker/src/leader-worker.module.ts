import { Inject, Module } from '@nestjs/common';
import { FleetModule } from '@smart-router/fleet/nest';
import { leadershipFacts, LeaderWork } from '@smart-router/pool-manager';
import { PoolManagerModule } from '@smart-router/pool-manager/nest';
import { type RoutingStore, storeReadiness } from '@smart-router/routing-store';
import { ROUTING_STORE, RoutingStoreModule } from '@smart-router/routing-store/nest';
import { HealthModule, ReadinessChecks } from '@smart-router/runtime';

const leadership = { imports: [PoolManagerModule], token: LeaderWork };

@Module({ imports: [RoutingStoreModule, PoolManagerModule, FleetModule.forRoot(leadership), HealthModule] })
export class LeaderWorkerModule {
  constructor(readiness: ReadinessChecks, @Inject(ROUTING_STORE) store: RoutingStore, work: LeaderWork) {
    readiness.add('store', () => storeReadiness(store));
    readiness.addDetail('leadership', async () => leadershipFacts(work));
  }
}
