import { Inject, Module } from '@nestjs/common';
import type { Logger } from '@smart-router/logging';
import { LOGGER, LoggingModule } from '@smart-router/logging/nest';
import { type BackOffPolicy, PeriodicLoop, systemClock } from '@smart-router/scheduling';
import { type SecretFileObserver, type SecretSource, WatchedSecrets } from '@smart-router/settings';
import { SECRETS, SettingsModule } from '@smart-router/settings/nest';
import { StartupManager, StartupModule } from '@smart-router/startup/nest';
import { HealthModule } from '../health/health.module';
import { ReadinessChecks } from '../health/readiness-checks';
import { secretFileFacts, secretFileReports } from './secret-file-reports';

/** A content is in force after two looks. */
const POLL_MS = 1_000;
const BACK_OFF: BackOffPolicy = { firstMs: POLL_MS, maxMs: POLL_MS, jitter: 'half' };

/** Looks again and again at the files that secrets come from, where there are any. */
@Module({ imports: [SettingsModule, LoggingModule, StartupModule, HealthModule] })
export class SecretFilesModule {
  constructor(
    manager: StartupManager,
    readiness: ReadinessChecks,
    @Inject(SECRETS) secrets: SecretSource,
    @Inject(LOGGER) logger: Logger,
  ) {
    if (!(secrets instanceof WatchedSecrets) || secrets.files.length === 0) return;
    const observer = secretFileReports(secrets.files, logger);
    const loop = pollLoop(secrets, observer, logger);
    readiness.addDetail('secret_files', async () => secretFileFacts(secrets.problems));
    manager.register({
      name: 'secret_files',
      priority: 'LOW',
      dependencies: ['config'],
      init: () => void loop.start(),
      cleanup: () => loop.stop(),
    });
  }
}

function pollLoop(secrets: WatchedSecrets, observer: SecretFileObserver, logger: Logger): PeriodicLoop {
  return new PeriodicLoop(() => secrets.poll(observer), {
    intervalMs: POLL_MS,
    backOff: BACK_OFF,
    clock: systemClock,
    random: Math.random,
    onFailure: (error) => logger.error({ err: error }, 'secret files could not be looked at'),
  });
}
