import { setTimeout as sleep } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { rootLogger, type Logger } from '@smart-router/logging';
import { startMetricsServer, type MetricsServer } from '@smart-router/metrics';
import {
  activateSettings,
  InvalidSettingsError,
  loadProcessSettings,
  type AppName,
  type SettingCheck,
  type Settings,
} from '@smart-router/settings';
import { createApp, type AppContent } from './create-app';
import { DrainState } from './health/drain-state';
import { ReadinessChecks } from './health/readiness-checks';
import { StartupRecord } from './health/startup-record';
import { closeHttpServer } from './process/close-http-server';
import { listening, probePort } from './process/ports';
import { ProcessEnd, type Shutdown } from './process/process-end';
import { StartupClock } from './startup-clock';

export interface AppDefinition extends AppContent {
  readonly name: AppName;
  /** What the domains of this application have to say of its settings. */
  readonly settingChecks?: readonly SettingCheck[];
}

/**
 * Runs an application until the process is asked to end: checks the settings, builds the modules, listens, and shuts
 * down in order. It ends the process itself, with exit code 1 and the reason where the start fails.
 */
export async function startApp(definition: AppDefinition): Promise<void> {
  const clock = new StartupClock();
  const settings = readSettings(definition);
  clock.lap('settings');
  const root = rootLogger(settings);
  const end = new ProcessEnd(root, settings.http.shutdownTimeoutMs).watch();
  try {
    end.onceStarted(await launch(definition, settings, root.logger, clock));
  } catch (error) {
    end.fail(error, 'start failed');
  }
}

function readSettings({ name, settingChecks }: AppDefinition): Settings {
  try {
    const settings = loadProcessSettings(name, settingChecks);
    activateSettings(settings);
    return settings;
  } catch (error) {
    if (!(error instanceof InvalidSettingsError)) throw error;
    process.stderr.write(`${error.report}\n`);
    process.exit(1);
  }
}

async function launch(content: AppContent, settings: Settings, logger: Logger, clock: StartupClock): Promise<Shutdown> {
  const { host, port } = settings.http;
  await listening(port, 'HTTP_PORT', () => probePort(host, port));
  const metrics = await listening(settings.metricsPort, 'METRICS_PORT', () =>
    startMetricsServer(host, settings.metricsPort, (error) => logger.error({ err: error }, 'metrics failed')),
  );
  clock.lap('metrics_server');
  const app = await createApp(content, settings, logger);
  clock.lap('modules');
  await clock.check(app.get(ReadinessChecks).entries(), (component, error) =>
    logger.warn({ component, err: error }, 'a dependency is not usable yet'),
  );
  await listening(port, 'HTTP_PORT', () => app.listen(port, host));
  clock.lap('http_server');
  clock.writeTo(app.get(StartupRecord));
  const { port: httpPort } = app.getHttpServer().address() as AddressInfo;
  logger.info({ http_port: httpPort, metrics_port: metrics.port, started_in_ms: clock.elapsedMs }, 'ready');
  return () => stop(app, metrics, settings, logger);
}

/** Readiness first, then connections, then the modules: what they hold is needed until the last answer is out. */
async function stop(
  app: NestFastifyApplication,
  metrics: MetricsServer,
  settings: Settings,
  logger: Logger,
): Promise<void> {
  app.get(DrainState).begin();
  await sleep(settings.http.shutdownDelayMs);
  await closeHttpServer(app.getHttpServer());
  logger.info('all requests are answered');
  await app.close();
  await metrics.close();
}
