import { Module } from '@nestjs/common';
import { HttpApiModule } from '@smart-router/http-api';
import { leadershipFacts, LeaderWork } from '@smart-router/pool-manager';
import { PoolManagerModule } from '@smart-router/pool-manager/nest';
import { HealthModule, ReadinessChecks } from '@smart-router/runtime';

const leadership = { imports: [PoolManagerModule], token: LeaderWork };

@Module({ imports: [HttpApiModule.forRoot(leadership), PoolManagerModule, HealthModule] })
export class SmartRouterModule {
  constructor(readiness: ReadinessChecks, work: LeaderWork) {
    readiness.addDetail('leadership', async () => leadershipFacts(work));
  }
}
