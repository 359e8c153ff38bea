import { Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '@smart-router/logging';
import { LOGGER, LoggingModule } from '@smart-router/logging/nest';
import { systemClock } from '@smart-router/scheduling';
import type { Settings } from '@smart-router/settings';
import { SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import type { StartupComponent } from '../component';
import { startupMetrics } from '../metrics/startup-metrics';
import { StartupLog, combineObservers } from '../startup-log';
import { StartupManager } from '../startup-manager';
import { startupPolicy } from './startup-policy';

/** A component of a Nest process: what it needs it has been injected. */
export type ProcessComponent<Resource = unknown> = StartupComponent<null, Resource>;

/**
 * The one `StartupManager` of the process. A module that owns something to be started injects it and registers a
 * component when it is built: building a module starts nothing.
 */
@Module({
  imports: [SettingsModule, LoggingModule],
  providers: [
    {
      provide: StartupManager,
      inject: [SETTINGS, LOGGER],
      useFactory: buildManager,
    },
  ],
  exports: [StartupManager],
})
export class StartupModule implements OnApplicationShutdown {
  constructor(private readonly manager: StartupManager<null>) {}

  /** For whoever closes the application without having stopped the components; else all of it is done already. */
  async onApplicationShutdown(): Promise<void> {
    await this.manager.shutdown();
  }
}

function buildManager(settings: Settings, logger: Logger): StartupManager<null> {
  const manager = new StartupManager<null>(null, startupPolicy(settings), {
    clock: systemClock,
    random: Math.random,
    wallClock: Date.now,
    observer: combineObservers(new StartupLog(logger), startupMetrics()),
  });
  // Read and checked before anything else: without settings there would be no manager. The others depend on it.
  manager.register({ name: 'config', priority: 'CRITICAL', maxRetries: 0, init: () => settings });
  return manager;
}
