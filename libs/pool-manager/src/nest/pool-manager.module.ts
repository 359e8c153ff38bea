import { Module } from '@nestjs/common';
import type { Logger } from '@smart-router/logging';
import { LOGGER, LoggingModule } from '@smart-router/logging/nest';
import type { RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE, RoutingStoreModule } from '@smart-router/routing-store/nest';
import type { Settings } from '@smart-router/settings';
import { SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import { StartupManager, StartupModule } from '@smart-router/startup/nest';
import { TierConfigService } from '@smart-router/tier-config';
import { TierConfigModule } from '@smart-router/tier-config/nest';
import { systemClock } from '@smart-router/scheduling';
import type { Leadership } from '@smart-router/leader-election';
import { LEADERSHIP, LeaderElectionModule } from '@smart-router/leader-election/nest';
import { LeaderWork } from '../domain/leader-work';
import type { PodSupply } from '../domain/pod-supply';
import { kubernetesPods } from '../kubernetes-pods/kubernetes-pods';
import { leaderMetrics } from '../metrics/leader-metrics';
import { StaticPodSource } from '../static-pods/static-pod-source';

const POD_SUPPLY = Symbol('POD_SUPPLY');

const FILE_POLL_MS = 1_000;
const FIRST_PASS_TIMEOUT_MS = 5_000;

/**
 * `LeaderWork` under its class. It leads from the start, once the tier config has been looked for, to the shutdown,
 * before the store closes. The start waits for the first pass, but not for ever.
 */
@Module({
  imports: [SettingsModule, LoggingModule, RoutingStoreModule, TierConfigModule, LeaderElectionModule, StartupModule],
  providers: [
    {
      provide: POD_SUPPLY,
      inject: [SETTINGS, ROUTING_STORE, LOGGER],
      useFactory: buildPodSupply,
    },
    {
      provide: LeaderWork,
      inject: [SETTINGS, ROUTING_STORE, POD_SUPPLY, LEADERSHIP, TierConfigService, LOGGER],
      useFactory: buildLeaderWork,
    },
  ],
  exports: [LeaderWork],
})
export class PoolManagerModule {
  constructor(manager: StartupManager<null>, leaderWork: LeaderWork) {
    manager.register({
      name: 'leader_work',
      priority: 'HIGH',
      dependencies: ['store'],
      after: ['tier_config'],
      init: () => leaderWork.start(),
      cleanup: () => leaderWork.stop(),
    });
  }
}

function buildPodSupply(settings: Settings, store: RoutingStore, logger: Logger): PodSupply {
  const { pods } = settings;
  if (pods.source === 'kubernetes') return kubernetesPods(settings.kubernetes, store, logger);
  const source = new StaticPodSource({
    names: pods.names,
    file: pods.file,
    filePollMs: FILE_POLL_MS,
    clock: systemClock,
    logger,
  });
  return { source, duties: [] };
}

// eslint-disable-next-line max-params -- Nest injects into a factory one by one
function buildLeaderWork(
  { cleanupIntervalMs, reconcileIntervalMs }: Settings,
  store: RoutingStore,
  { duties, source }: PodSupply,
  leadership: Leadership,
  tierConfig: TierConfigService,
  logger: Logger,
): LeaderWork {
  return new LeaderWork(
    {
      store,
      source,
      leadership,
      tierConfig,
      duties,
      observer: leaderMetrics(),
      logger,
      clock: systemClock,
      random: Math.random,
    },
    { reconcileIntervalMs, cleanupIntervalMs, firstPassTimeoutMs: FIRST_PASS_TIMEOUT_MS },
  );
}
