import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Inject, Module } from '@nestjs/common';
import type { Logger } from '@smart-router/logging';
import { LOGGER, LoggingModule } from '@smart-router/logging/nest';
import { openRedis } from '@smart-router/redis';
import { systemClock } from '@smart-router/scheduling';
import type { SecretSource, Settings } from '@smart-router/settings';
import { SECRETS, SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import { StartupManager, StartupModule } from '@smart-router/startup/nest';
import type { Tracer } from '@smart-router/tracing';
import { TRACER, TracingModule } from '@smart-router/tracing/nest';
import { commandTimeoutMs } from '../domain/command-timeout';
import { StoreRecovery } from '../domain/recovery/store-recovery';
import type { RoutingStore } from '../domain/routing-store';
import { storeReadiness } from '../domain/store-readiness';
import { MemoryRoutingStore } from '../memory/memory-routing-store';
import { countReopens, recoveryMetrics } from '../metrics/store-metrics';
import { storeReports } from '../metrics/store-reports';
import { keyNames } from '../redis/key-names';
import { followCredentials, redisCredentials } from '../redis/redis-credentials';
import { RedisRoutingStore } from '../redis/redis-routing-store';
import { traceOperations } from '../tracing/traced-operations';

/** The store of this process, of type `RoutingStore`. */
export const ROUTING_STORE = Symbol('ROUTING_STORE');

/** What this process does when the store may have lost something, of type `StoreRecovery | null`; add participants to it. */
export const STORE_RECOVERY = Symbol('STORE_RECOVERY');

/** What the first commands on a fresh connection may take, so that the store itself gives the reason. */
const WARM_UP_MS = 5_000;

/** A store that nobody has used before holds calls for a moment; who starts during a failover does not wait for its end. */
const LONGEST_FIRST_HOLD_MS = 2_500;

function openStore(settings: Settings, secrets: SecretSource, logger: Logger): RoutingStore {
  if (!settings.redis) {
    logger.warn({}, 'embedded store: calls and pods live in this process only and are lost when it ends');
    return new MemoryRoutingStore({ timings: settings.timings });
  }
  const { mode, keyPrefix, connectTimeoutMs, startTimeoutMs, auditLength } = settings.redis;
  const connectionName = settings.app;
  const connection = openRedis({
    ...redisCredentials(settings.redis, secrets.current),
    ...{ mode, connectTimeoutMs, startTimeoutMs, connectionName },
    commandTimeoutMs: commandTimeoutMs(settings.http.requestDeadlineMs),
    probeKey: keyNames(keyPrefix).probe,
    onReopen: countReopens(),
    logger,
  });
  followCredentials(connection, settings.redis, secrets);
  return new RedisRoutingStore(connection, {
    ...{ keyPrefix, timings: settings.timings, auditLength },
    replication: settings.redis.replication,
    observer: storeReports(logger),
    watch: { clock: systemClock, random: Math.random, required: settings.redis.instanceId, newMark: randomUUID },
  });
}

function openTracedStore(
  settings: Settings,
  secrets: SecretSource,
  logger: Logger,
  tracer: Tracer | null,
): RoutingStore {
  const store = openStore(settings, secrets, logger);
  return tracer ? traceOperations(store, tracer) : store;
}

/** `null` where the store cannot lose what it acknowledged, as it ends with its process. */
function openRecovery(settings: Settings, store: RoutingStore, logger: Logger): StoreRecovery | null {
  if (!settings.redis) return null;
  const ports = { store: store.recovery, observer: recoveryMetrics(), logger, clock: systemClock, random: Math.random };
  return new StoreRecovery(ports, `${hostname()}-${randomUUID()}`);
}

/** The store, and its connection as a component of the start, without which nothing can be served. */
@Module({
  imports: [SettingsModule, LoggingModule, StartupModule, TracingModule],
  providers: [
    { provide: ROUTING_STORE, inject: [SETTINGS, SECRETS, LOGGER, TRACER], useFactory: openTracedStore },
    { provide: STORE_RECOVERY, inject: [SETTINGS, ROUTING_STORE, LOGGER], useFactory: openRecovery },
  ],
  exports: [ROUTING_STORE, STORE_RECOVERY],
})
export class RoutingStoreModule {
  constructor(
    manager: StartupManager,
    @Inject(ROUTING_STORE) store: RoutingStore,
    @Inject(STORE_RECOVERY) recovery: StoreRecovery | null,
    @Inject(SETTINGS) { redis }: Settings,
  ) {
    manager.register({
      name: 'store',
      priority: 'CRITICAL',
      dependencies: ['config'],
      // The client tries again by itself, sooner than a new attempt would.
      maxRetries: 0,
      timeoutMs: (redis?.startTimeoutMs ?? 0) + WARM_UP_MS,
      init: (signal) => store.connect(signal),
      cleanup: () => store.close(),
      healthCheck: () => storeReadiness(store),
    });
    if (!recovery) return;
    manager.register({
      name: 'store_recovery',
      // It cannot fail to start; the port opens after it, when calls can be placed.
      priority: 'HIGH',
      dependencies: ['store'],
      init: async () => {
        recovery.start();
        await recovery.whenReady(LONGEST_FIRST_HOLD_MS);
      },
      cleanup: () => recovery.stop(),
    });
  }
}
