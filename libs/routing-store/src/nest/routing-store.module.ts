import { randomUUID } from 'node:crypto';
import { Inject, Module } from '@nestjs/common';
import type { Logger } from '@smart-router/logging';
import { LOGGER, LoggingModule } from '@smart-router/logging/nest';
import { openRedis } from '@smart-router/redis';
import { systemClock } from '@smart-router/scheduling';
import type { Settings } from '@smart-router/settings';
import { SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import { StartupManager, StartupModule } from '@smart-router/startup/nest';
import type { RoutingStore } from '../domain/routing-store';
import { storeReadiness } from '../domain/store-readiness';
import { MemoryRoutingStore } from '../memory/memory-routing-store';
import { countReopens } from '../metrics/connection-metrics';
import { storeReports } from '../metrics/store-reports';
import { KeyNames } from '../redis/key-names';
import { RedisRoutingStore } from '../redis/redis-routing-store';

/** The store of this process, of type `RoutingStore`. */
export const ROUTING_STORE = Symbol('ROUTING_STORE');

/** No request makes more round trips than this, so each of them may take that part of the request's deadline. */
const ROUND_TRIPS_PER_REQUEST = 3;

/** What the first commands on a fresh connection may take, so that the reason is told by the store itself. */
const WARM_UP_MS = 5_000;

function openStore(settings: Settings, logger: Logger): RoutingStore {
  if (!settings.redis) {
    logger.warn({}, 'embedded store: calls and pods live in this process only and are lost when it ends');
    return new MemoryRoutingStore({ timings: settings.timings });
  }
  const { url, mode, sentinel, keyPrefix, tlsCa, connectTimeoutMs, startTimeoutMs, auditLength } = settings.redis;
  const commandTimeoutMs = Math.floor(settings.http.requestDeadlineMs / ROUND_TRIPS_PER_REQUEST);
  const connectionName = settings.app;
  const connection = openRedis({
    ...{ url, mode, connectTimeoutMs, startTimeoutMs, commandTimeoutMs, connectionName },
    ...(sentinel && { sentinel }),
    ...(tlsCa !== null && { tlsCa }),
    probeKey: new KeyNames(keyPrefix).probe,
    onReopen: countReopens(),
    logger,
  });
  return new RedisRoutingStore(connection, {
    ...{ keyPrefix, timings: settings.timings, auditLength },
    replication: settings.redis.replication,
    observer: storeReports(logger),
    watch: { clock: systemClock, random: Math.random, required: settings.redis.instanceId, newMark: randomUUID },
  });
}

/** The store, and its connection as a component of the start, without which nothing can be served. */
@Module({
  imports: [SettingsModule, LoggingModule, StartupModule],
  providers: [{ provide: ROUTING_STORE, inject: [SETTINGS, LOGGER], useFactory: openStore }],
  exports: [ROUTING_STORE],
})
export class RoutingStoreModule {
  constructor(
    manager: StartupManager<null>,
    @Inject(ROUTING_STORE) store: RoutingStore,
    @Inject(SETTINGS) { redis }: Settings,
  ) {
    manager.register({
      name: 'store',
      priority: 'CRITICAL',
      dependencies: ['config'],
      // The client tries again by itself, sooner than a new attempt would.
      maxRetries: 0,
      timeoutMs: (redis?.startTimeoutMs ?? 0) + WARM_UP_MS,
      init: (_, signal) => store.connect(signal),
      cleanup: () => store.close(),
      healthCheck: () => storeReadiness(store),
    });
  }
}
