import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '@smart-router/logging';
import { startMetricsServer, type MetricsServer } from '@smart-router/metrics';
import type { Settings } from '@smart-router/settings';
import type { ComponentDefinition } from '@smart-router/startup';
import type { StartupManager } from '@smart-router/startup/nest';
import { DrainState } from '../health/drain-state';
import type { Liveness } from '../health/liveness';
import { listening, openServer } from './ports';

/** The part of a shutdown's time that requests in flight may take, so that what they use is closed in time after them. */
const REQUESTS_SHARE = 0.4;

/** Kept connections become idle one by one, as their last answers end. */
const IDLE_SWEEP_MS = 100;

/** The ports that were really taken. */
export interface TakenPorts {
  http: number | null;
  metrics: number | null;
}

/** A taken port must not keep calls from being served: it is tried again in the background. */
export function metricsServerComponent(
  { http: { host }, metricsPort }: Settings,
  logger: Logger,
  ports: TakenPorts,
  liveness: Liveness,
): ComponentDefinition<MetricsServer> {
  const onError = (error: unknown): void => logger.error({ err: error }, 'metrics failed');
  return {
    name: 'metrics_server',
    priority: 'LOW',
    dependencies: ['config'],
    init: async () => {
      const server = await listening(metricsPort, 'METRICS_PORT', () =>
        startMetricsServer(host, metricsPort, { onError, isLost: () => liveness.isLost }),
      );
      ports.metrics = server.port;
      return server;
    },
    cleanup: (server) => server.close(),
  };
}

/**
 * The API's port, last of all: what it needs has started, and what it can do without has had its chance. Stopped first:
 * readiness turns 503, new connections end after a delay, and requests in flight are answered. The same where it is
 * started anew with what it needs: no other replica gets calls that this one could not answer.
 */
export function httpComponent(
  app: NestFastifyApplication,
  { http }: Settings,
  manager: StartupManager,
  ports: TakenPorts,
): ComponentDefinition<void> {
  const { host, port, shutdownDelayMs, shutdownTimeoutMs } = http;
  const open = opener(app);
  return {
    name: 'http',
    priority: 'CRITICAL',
    dependencies: manager.names('CRITICAL'),
    after: manager.names('HIGH'),
    maxRetries: 0,
    cleanupTimeoutMs: shutdownTimeoutMs,
    init: async () => {
      await listening(port, 'HTTP_PORT', () => open(ports.http ?? port, host));
      ports.http = (app.getHttpServer().address() as AddressInfo).port;
      app.get(DrainState).end();
    },
    cleanup: async () => {
      app.get(DrainState).begin();
      await sleep(shutdownDelayMs);
      await closeHttpServer(app.getHttpServer(), (shutdownTimeoutMs - shutdownDelayMs) * REQUESTS_SHARE);
    },
  };
}

/** Opens the port, as often as it was closed: the framework counts an application that ever listened as listening. */
function opener(app: NestFastifyApplication): (port: number, host: string) => Promise<void> {
  let isPrepared = false;
  return async (port, host) => {
    if (!isPrepared) await app.listen(port, host);
    else await openServer(app.getHttpServer(), { port, host });
    isPrepared = true;
  };
}

/**
 * Stops accepting connections and waits for the requests in flight. Idle kept connections are closed all along:
 * waiting for their own timeout would outlast the time that a shutdown has. What is open after `limitMs` is cut, such as
 * a request that a client never finishes: the server's own limits end with it.
 */
async function closeHttpServer(server: Server, limitMs: number): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  const limit = setTimeout(() => server.closeAllConnections(), limitMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearInterval(sweep);
  clearTimeout(limit);
}
