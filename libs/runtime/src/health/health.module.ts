import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { LoggingModule } from '@smart-router/logging/nest';
import { SettingsModule } from '@smart-router/settings/nest';
import { StartupModule } from '@smart-router/startup/nest';
import { DrainState } from './drain-state';
import { HealthController, RootHealthController } from './health.controller';
import { Liveness } from './liveness';
import { LivenessController, RootLivenessController } from './liveness.controller';
import { ReadinessChecks } from './readiness-checks';

/** The health routes. Every application has them; import it to inject `ReadinessChecks` or `Liveness`. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), LoggingModule, SettingsModule, StartupModule],
  controllers: [LivenessController, RootLivenessController, HealthController, RootHealthController],
  providers: [DrainState, Liveness, ReadinessChecks],
  exports: [DrainState, Liveness, ReadinessChecks],
})
export class HealthModule {}
