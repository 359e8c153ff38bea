import { Inject, Module } from '@nestjs/common';
import { HttpApiModule } from '@smart-router/http-api';
import type { KubernetesConnection } from '@smart-router/kubernetes';
import { KUBERNETES, KubernetesModule } from '@smart-router/kubernetes/nest';
import { leadershipFacts, LeaderController } from '@smart-router/pool-manager';
import { PoolManagerModule } from '@smart-router/pool-manager/nest';
import { HealthModule, ReadinessChecks } from '@smart-router/runtime';

const leadership = { imports: [PoolManagerModule], token: LeaderController };

@Module({ imports: [HttpApiModule.forRoot(leadership), KubernetesModule, PoolManagerModule, HealthModule] })
export class SmartRouterModule {
  constructor(readiness: ReadinessChecks, work: LeaderController, @Inject(KUBERNETES) cluster: KubernetesConnection) {
    readiness.addDetail('leadership', async () => leadershipFacts(work));
    readiness.addDetail('kubernetes', async () => cluster.facts());
  }
}
