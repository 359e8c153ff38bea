import { extendLines, rootLogger, type Logger, type RootLogger } from '@smart-router/logging';
import { counter } from '@smart-router/metrics';
import {
  activateSettings,
  InvalidSettingsError,
  loadProcessSettings,
  misspeltSettings,
  type AppName,
  type SecretSource,
  type SettingCheck,
  type Settings,
} from '@smart-router/settings';
import { startupTable } from '@smart-router/startup';
import { StartupManager } from '@smart-router/startup/nest';
import { openTracing, type Tracing } from '@smart-router/tracing';
import { createApp, type AppContent } from './create-app';
import { listening, probePort } from './process/ports';
import { Liveness } from './health/liveness';
import { httpComponent, metricsServerComponent, type TakenPorts } from './process/process-components';
import { obeyCommandLine } from './process/command-line';
import { ProcessLifecycle } from './process/process-lifecycle';

/** The part of a shutdown's time that the last spans may take on their way to the collector. */
const SPANS_SHARE = 0.1;

interface AppDefinition extends AppContent {
  readonly name: AppName;
  /** What the domains of this application have to say of its settings. */
  readonly settingChecks?: readonly SettingCheck[];
}

/**
 * Runs an application until the process is asked to end: checks the settings, builds the modules, starts the components
 * that they and this library registered, and stops them in reverse. It ends the process itself, with exit code 1 and
 * the reason where the start fails, and with 2 where it was given an argument that it does not know.
 */
export async function startApp(definition: AppDefinition): Promise<void> {
  obeyCommandLine(definition.name);
  const { settings, secrets } = readSettings(definition);
  const root = rootLogger(settings);
  warnOfMisspeltSettings(root.logger);
  showLostLines(root);
  const end = new ProcessLifecycle(root, settings.http.shutdownTimeoutMs).watch();
  try {
    const tracing = await openTracing(settings, secrets, root.logger);
    const logger = tracing ? withTraceIds(settings, tracing) : root.logger;
    await launch(definition, settings, logger, end, tracing);
  } catch (error) {
    end.fail(error, 'start failed');
  }
}

/** A line each: what stands in its place is a default that nobody asked for. */
function warnOfMisspeltSettings(logger: Logger): void {
  for (const { hint, ...fields } of misspeltHints()) logger.warn(fields, hint);
}

function misspeltHints(): readonly { readonly variable: string; readonly setting: string; readonly hint: string }[] {
  return misspeltSettings().map(({ name, meant }) => ({
    ...{ variable: name, setting: meant, hint: `${name} is no setting; did you mean ${meant}?` },
  }));
}

function showLostLines({ lostLines }: RootLogger): void {
  counter({
    name: 'smart_router_log_lines_dropped_total',
    help: 'Log lines that were dropped since nobody reads them, or the disk is full',
    collect() {
      this.reset();
      this.inc(lostLines());
    },
  });
}

function readSettings({ name, settingChecks }: AppDefinition): { settings: Settings; secrets: SecretSource } {
  try {
    const { settings, secrets } = loadProcessSettings(name, settingChecks);
    activateSettings(settings, secrets);
    return { settings, secrets };
  } catch (error) {
    if (!(error instanceof InvalidSettingsError)) throw error;
    const hints = misspeltHints().map(({ hint }) => `${hint}\n`);
    process.stderr.write(`${error.report}\n${hints.join('')}`);
    process.exit(1);
  }
}

async function launch(
  content: AppContent,
  settings: Settings,
  logger: Logger,
  end: ProcessLifecycle,
  tracing: Tracing | null,
): Promise<void> {
  const { host, port } = settings.http;
  await listening(port, 'HTTP_PORT', () => probePort(host, port));
  const app = await createApp(content, settings, logger);
  const manager = app.get(StartupManager);
  const ports: TakenPorts = { http: null, metrics: null };
  manager.register(metricsServerComponent(settings, logger, ports, app.get(Liveness)));
  manager.register(httpComponent(app, settings, manager, ports));
  end.onceStarted(async () => {
    await manager.shutdown();
    await app.close();
    await tracing?.close(settings.http.shutdownTimeoutMs * SPANS_SHARE);
  });
  const outcome = await manager.start();
  if (outcome.kind === 'stopped') return;
  report(manager, settings, logger);
  if (outcome.kind === 'failed') throw outcome.error;
  const startedInMs = Math.round(process.uptime() * 1000);
  logger.info({ http_port: ports.http, metrics_port: ports.metrics, started_in_ms: startedInMs }, 'ready');
}

/** A line that is written for a request names its trace. */
function withTraceIds(settings: Settings, { tracer }: Tracing): Logger {
  return extendLines(settings, () => {
    const traceId = tracer.traceId();
    return traceId === undefined ? undefined : { trace_id: traceId };
  });
}

/** Once, when it is decided how the start went: as a table for people, as fields for machines. */
function report(manager: StartupManager, { log }: Settings, logger: Logger): void {
  const startup = manager.report();
  if (log.format === 'console') logger.info({}, `startup report\n${startupTable(startup)}`);
  else logger.info({ startup }, 'startup report');
}
