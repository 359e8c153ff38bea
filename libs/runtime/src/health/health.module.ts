import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { StartupModule } from '@smart-router/startup/nest';
import { DrainState } from './drain-state';
import { HealthController, RootHealthController } from './health.controller';
import { ReadinessChecks } from './readiness-checks';

/** The health routes. Every application has them; import it to inject `ReadinessChecks`. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), StartupModule],
  controllers: [HealthController, RootHealthController],
  providers: [DrainState, ReadinessChecks],
  exports: [DrainState, ReadinessChecks],
})
export class HealthModule {}
