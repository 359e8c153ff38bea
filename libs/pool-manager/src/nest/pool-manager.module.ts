import { Inject, Module } from '@nestjs/common';
import type { KubernetesConnection } from '@smart-router/kubernetes';
import { KUBERNETES, KUBERNETES_COMPONENT, KubernetesModule } from '@smart-router/kubernetes/nest';
import type { Logger } from '@smart-router/logging';
import { LOGGER, LoggingModule } from '@smart-router/logging/nest';
import type { RoutingStore, StoreRecovery } from '@smart-router/routing-store';
import { ROUTING_STORE, RoutingStoreModule, STORE_RECOVERY } from '@smart-router/routing-store/nest';
import type { Settings } from '@smart-router/settings';
import { SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import type { ComponentDefinition } from '@smart-router/startup';
import { StartupManager, StartupModule } from '@smart-router/startup/nest';
import { TierConfigService } from '@smart-router/tier-config';
import { TierConfigModule } from '@smart-router/tier-config/nest';
import { systemClock } from '@smart-router/scheduling';
import type { Leadership } from '@smart-router/leader-election';
import { LEADERSHIP, LeaderElectionModule } from '@smart-router/leader-election/nest';
import { LeaderController, type LeaderControllerPorts } from '../domain/leader-controller';
import { PodReplay } from '../domain/pod-replay';
import { kubernetesPods } from '../kubernetes-pods/kubernetes-pods';
import { leaderMetrics, podFileMetrics } from '../metrics/pool-manager-metrics';
import { StaticPodSource } from '../static-pods/static-pod-source';

const FILE_POLL_MS = 1_000;
const FIRST_RESYNC_TIMEOUT_MS = 5_000;
/** The part of a shutdown's time that ending the work and handing leadership over may take. */
const HAND_OVER_SHARE = 0.3;

/**
 * `LeaderController` under its class. It leads from the start, once the tier config has been looked for, to the shutdown,
 * before the store closes. The start waits for the first resync, but not for ever.
 */
@Module({
  imports: [
    SettingsModule,
    LoggingModule,
    RoutingStoreModule,
    TierConfigModule,
    KubernetesModule,
    LeaderElectionModule,
    StartupModule,
  ],
  providers: [
    {
      provide: LeaderController,
      inject: [SETTINGS, ROUTING_STORE, KUBERNETES, LEADERSHIP, TierConfigService, LOGGER],
      useFactory: buildLeaderController,
    },
  ],
  exports: [LeaderController],
})
export class PoolManagerModule {
  constructor(
    manager: StartupManager,
    leaderController: LeaderController,
    @Inject(SETTINGS) settings: Settings,
    @Inject(STORE_RECOVERY) recovery: StoreRecovery | null,
  ) {
    recovery?.add(new PodReplay(leaderController, systemClock));
    manager.register({
      name: 'leader_work',
      priority: 'HIGH',
      ...predecessorsFor(settings),
      init: (signal) => leaderController.start(signal),
      cleanup: () => leaderController.stop(),
      // Handing over asks the store and the Kubernetes API, each with its own time limit.
      cleanupTimeoutMs: settings.http.shutdownTimeoutMs * HAND_OVER_SHARE,
    });
  }
}

/**
 * No process can lead without the Lease. Where leadership comes from elsewhere, calls whose lease ran out are ended and
 * pools are repaired without the cluster, too.
 */
function predecessorsFor({ leader, pods }: Settings): Pick<ComponentDefinition, 'dependencies' | 'after'> {
  if (leader.election === 'kubernetes')
    return { dependencies: ['store', KUBERNETES_COMPONENT], after: ['tier_config'] };
  const after = pods.source === 'kubernetes' ? ['tier_config', KUBERNETES_COMPONENT] : ['tier_config'];
  return { dependencies: ['store'], after };
}

/** Where pods come from, and what the leader does for them there. */
function podPorts(
  { kubernetes, pods }: Settings,
  { api }: KubernetesConnection,
  store: RoutingStore,
  logger: Logger,
): Pick<LeaderControllerPorts, 'source' | 'tasks'> {
  if (pods.source === 'kubernetes') return kubernetesPods(kubernetes, api, store.reader, logger);
  const source = new StaticPodSource({
    names: pods.names,
    file: pods.file,
    filePollMs: FILE_POLL_MS,
    clock: systemClock,
    logger,
    onRejected: podFileMetrics(),
  });
  return { source, tasks: [] };
}

// eslint-disable-next-line max-params -- Nest injects into a factory one by one
function buildLeaderController(
  settings: Settings,
  store: RoutingStore,
  connection: KubernetesConnection,
  leadership: Leadership,
  tierConfig: TierConfigService,
  logger: Logger,
): LeaderController {
  const { cleanupIntervalMs, massExpiryHoldMs, reconcileIntervalMs } = settings;
  return new LeaderController(
    {
      ...podPorts(settings, connection, store, logger),
      store,
      leadership,
      tierConfig,
      observer: leaderMetrics(),
      logger,
      clock: systemClock,
      random: Math.random,
    },
    { reconcileIntervalMs, cleanupIntervalMs, massExpiryHoldMs, firstResyncTimeoutMs: FIRST_RESYNC_TIMEOUT_MS },
  );
}
