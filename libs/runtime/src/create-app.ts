import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpAdapter, installHttp } from '@smart-router/http';
import type { Logger } from '@smart-router/logging';
import { NestLogAdapter } from '@smart-router/logging/nest';
import { gauge } from '@smart-router/metrics';
import { MetricsModule } from '@smart-router/metrics/nest';
import type { SecretSource, Settings } from '@smart-router/settings';
import { SECRETS } from '@smart-router/settings/nest';
import { activeTracer } from '@smart-router/tracing';
import { isOpenRoute, isProbe, usePrefix } from './api-prefix';
import { DrainState } from './health/drain-state';
import { HealthModule } from './health/health.module';
import { SecretFilesModule } from './secret-files/secret-files.module';

/** What an application consists of besides the health and metrics routes that all have. */
export interface AppContent {
  readonly module: Type | DynamicModule;
  /** Runs before the routes are built, as for API documentation. */
  readonly configure?: (app: NestFastifyApplication) => void | Promise<void>;
}

class AppModule {}

/**
 * Builds the application and all its modules; it does not listen yet. Settings have to be active before.
 * @throws what a module throws while it is built, as for a store that cannot be reached
 */
export async function createApp(
  content: AppContent,
  settings: Settings,
  logger: Logger,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    {
      module: AppModule,
      imports: [HealthModule, SecretFilesModule, MetricsModule.forRoot(settings.http.metricsEnabled), content.module],
    },
    createHttpAdapter(settings.http),
    { bodyParser: false, abortOnError: false, logger: new NestLogAdapter(logger) },
  );
  exposeBuild(settings);
  const drain = app.get(DrainState);
  const { requestDeadlineMs, maxConnections, maxEventLoopLagMs } = settings.http;
  const { rateLimits } = settings.access;
  const secrets = app.get<SecretSource>(SECRETS, { strict: false });
  const access = { keys: () => secrets.current.apiKeys, isOpenRoute };
  await installHttp(app, {
    logger,
    access,
    isProbe,
    rateLimits,
    requestDeadlineMs,
    maxConnections,
    maxEventLoopLagMs,
    tracer: activeTracer(),
    isDraining: () => drain.isDraining,
  });
  usePrefix(app, settings.webhooks.prefix);
  await content.configure?.(app);
  await app.init();
  return app;
}

/** The series that every process has from its start: alerts and dashboards find by it which processes are ours. */
function exposeBuild({ app, version }: Settings): void {
  gauge({
    name: 'smart_router_build_info',
    help: '1, with what this process runs as its labels',
    labelNames: ['app', 'version', 'node_version'],
  }).set({ app, version, node_version: process.version }, 1);
}
