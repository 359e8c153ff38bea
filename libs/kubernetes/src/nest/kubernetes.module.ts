import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { systemClock } from '@smart-router/scheduling';
import type { Settings } from '@smart-router/settings';
import { SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import { StartupManager, StartupModule } from '@smart-router/startup/nest';
import { connectKubernetes, type KubernetesConnection } from '../connection/connect';
import { checkCluster } from './cluster-health';
import { reachCluster } from './reach-cluster';

/** The one connection of this process to the Kubernetes API, of type `KubernetesConnection`. */
export const KUBERNETES = Symbol('KUBERNETES');

/** The component of the start. It is registered only where something in this process asks the cluster. */
export const KUBERNETES_COMPONENT = 'kubernetes';

/** An attempt must not hold up for long what waits for it to be over. */
const ATTEMPT_MS = 5_000;
/** No process leads without the cluster, so it is asked again sooner than other components are. */
const RECOVERY_MS = 5_000;

/** The connection, which opens with its first use, and the check whether the API answers there. */
@Module({
  imports: [SettingsModule, StartupModule],
  providers: [
    {
      provide: KUBERNETES,
      inject: [SETTINGS],
      useFactory: ({ kubernetes }: Settings): KubernetesConnection => connectKubernetes(kubernetes, systemClock),
    },
  ],
  exports: [KUBERNETES],
})
export class KubernetesModule implements OnApplicationShutdown {
  constructor(
    manager: StartupManager,
    @Inject(KUBERNETES) private readonly connection: KubernetesConnection,
    @Inject(SETTINGS) settings: Settings,
  ) {
    if (settings.pods.source !== 'kubernetes' && settings.leader.election !== 'kubernetes') return;
    manager.register({
      name: KUBERNETES_COMPONENT,
      priority: 'MEDIUM',
      dependencies: ['config'],
      maxRetries: 0,
      timeoutMs: ATTEMPT_MS,
      recoveryMs: RECOVERY_MS,
      init: (signal) => reachCluster(connection.api, settings, signal),
      healthCheck: async () => checkCluster(connection.facts()),
    });
  }

  /** All who used it have stopped before. */
  onApplicationShutdown(): void {
    this.connection.close();
  }
}
