import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '@smart-router/logging';
import { LOGGER, LoggingModule } from '@smart-router/logging/nest';
import { connectRedis } from '@smart-router/redis';
import type { Settings } from '@smart-router/settings';
import { SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import type { RoutingStore } from '../domain/routing-store';
import { MemoryRoutingStore } from '../memory/memory-routing-store';
import { storeReports } from '../metrics/store-reports';
import { RedisRoutingStore } from '../redis/redis-routing-store';

/** The store of this process, of type `RoutingStore`. */
export const ROUTING_STORE = Symbol('ROUTING_STORE');

/** No request makes more round trips than this, so each of them may take that part of the request's deadline. */
const ROUND_TRIPS_PER_REQUEST = 3;

async function openStore(settings: Settings, logger: Logger): Promise<RoutingStore> {
  if (!settings.redis) {
    logger.warn({}, 'embedded store: calls and pods live in this process only and are lost when it ends');
    return new MemoryRoutingStore({ timings: settings.timings });
  }
  const { url, mode, sentinel, keyPrefix, connectTimeoutMs, startTimeoutMs, auditLength } = settings.redis;
  const commandTimeoutMs = Math.floor(settings.http.requestDeadlineMs / ROUND_TRIPS_PER_REQUEST);
  const connectionName = settings.app;
  const connection = await connectRedis({
    ...{ url, mode, connectTimeoutMs, startTimeoutMs, commandTimeoutMs, connectionName },
    ...(sentinel && { sentinel }),
    logger,
  });
  return new RedisRoutingStore(connection, {
    ...{ keyPrefix, timings: settings.timings, auditLength },
    replication: settings.redis.replication,
    observer: storeReports(logger),
  });
}

/** Connects before the application starts; closes when everything that uses the store has stopped. */
@Module({
  imports: [SettingsModule, LoggingModule],
  providers: [{ provide: ROUTING_STORE, inject: [SETTINGS, LOGGER], useFactory: openStore }],
  exports: [ROUTING_STORE],
})
export class RoutingStoreModule implements OnApplicationShutdown {
  constructor(@Inject(ROUTING_STORE) private readonly store: RoutingStore) {}

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}
