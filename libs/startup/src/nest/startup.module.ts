import { Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '@smart-router/logging';
import { LOGGER, LoggingModule } from '@smart-router/logging/nest';
import { systemClock } from '@smart-router/scheduling';
import type { Settings } from '@smart-router/settings';
import { SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import { startupMetrics } from '../metrics/startup-metrics';
import { StartupLog, combineObservers } from '../startup-log';
import { StartupManager } from '../startup-manager';
import { PROFILE_POLICIES, type StartupPolicy } from '../startup-options';

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
  constructor(private readonly manager: StartupManager) {}

  /** For whoever closes the application without having stopped the components; else all of it is done already. */
  async onApplicationShutdown(): Promise<void> {
    await this.manager.shutdown();
  }
}

function buildManager(settings: Settings, logger: Logger): StartupManager {
  const manager = new StartupManager(startupPolicy(settings), {
    clock: systemClock,
    random: Math.random,
    wallClock: Date.now,
    observer: combineObservers(new StartupLog(logger), startupMetrics()),
  });
  // Read and checked before anything else: without settings there would be no manager. The others depend on it.
  manager.register({ name: 'config', priority: 'CRITICAL', maxRetries: 0, init: () => settings });
  return manager;
}

/** The part of a shutdown's time that one component may take, so that time is left for every other. */
const CLEANUP_SHARE = 0.06;

/** What the settings make of the profile. */
function startupPolicy({ startup, http }: Pick<Settings, 'startup' | 'http'>): StartupPolicy {
  const profile = PROFILE_POLICIES[startup.profile];
  return {
    ...profile,
    robust: startup.robust,
    degradedAllowed: startup.degradedAllowed,
    maxRetries: startup.maxRetries ?? profile.maxRetries,
    breakerThreshold: startup.breakerThreshold ?? profile.breakerThreshold,
    recoveryMs: startup.recoveryMs ?? profile.recoveryMs,
    deadlineMs: startup.deadlineMs ?? profile.deadlineMs,
    cleanupTimeoutMs: Math.ceil(http.shutdownTimeoutMs * CLEANUP_SHARE),
  };
}
