import { Module } from '@nestjs/common';
import { HttpApiModule } from '@smart-router/http-api';
import { LeaderWork } from '@smart-router/pool-manager';
import { PoolManagerModule } from '@smart-router/pool-manager/nest';

const leadership = { imports: [PoolManagerModule], token: LeaderWork };

@Module({ imports: [HttpApiModule.forRoot(leadership), PoolManagerModule] })
export class SmartRouterModule {}
