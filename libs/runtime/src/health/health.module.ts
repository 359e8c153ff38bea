import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DrainState } from './drain-state';
import { HealthController, RootHealthController } from './health.controller';
import { ReadinessChecks } from './readiness-checks';
import { StartupRecord } from './startup-record';

/** The health routes. Every application has them; import it to inject `ReadinessChecks`. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController, RootHealthController],
  providers: [DrainState, ReadinessChecks, StartupRecord],
  exports: [DrainState, ReadinessChecks, StartupRecord],
})
export class HealthModule {}
