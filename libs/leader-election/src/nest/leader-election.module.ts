import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import type { KubernetesConnection } from '@smart-router/kubernetes';
import { KUBERNETES, KubernetesModule } from '@smart-router/kubernetes/nest';
import type { Logger } from '@smart-router/logging';
import { LOGGER, LoggingModule } from '@smart-router/logging/nest';
import type { RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE, RoutingStoreModule } from '@smart-router/routing-store/nest';
import { systemClock } from '@smart-router/scheduling';
import type { Settings } from '@smart-router/settings';
import { SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import type { Leadership } from '../domain/leadership';
import { LeaderElector } from '../domain/leader-elector';
import type { ResourceLock } from '../domain/lease-record';
import { StaticLeadership } from '../domain/static-leadership';
import { KubernetesResourceLock } from '../kubernetes/kubernetes-resource-lock';
import { electionMetrics } from '../metrics/election-metrics';
import { StoreResourceLock } from '../store/store-resource-lock';

export const LEADERSHIP = Symbol('LEADERSHIP');

/** The `Leadership` that the settings ask for. Nothing is asked for or connected before it is run. */
@Module({
  imports: [SettingsModule, LoggingModule, RoutingStoreModule, KubernetesModule],
  providers: [
    {
      provide: LEADERSHIP,
      inject: [SETTINGS, ROUTING_STORE, KUBERNETES, LOGGER],
      useFactory: buildLeadership,
    },
  ],
  exports: [LEADERSHIP],
})
export class LeaderElectionModule {}

function buildLeadership(
  settings: Settings,
  store: RoutingStore,
  { api }: KubernetesConnection,
  logger: Logger,
): Leadership {
  const { election, identity, lease, timings } = settings.leader;
  const common = { store, clock: systemClock, random: Math.random, logger };
  if (election === 'none') return new StaticLeadership({ ...common, identity });
  const records: ResourceLock =
    election === 'redis' ? new StoreResourceLock(store.lease) : new KubernetesResourceLock({ api, ...lease });
  // Differs between any two lives of any two processes, even where two are called the same by mistake.
  const holderIdentity = `${identity}_${randomUUID()}`;
  return new LeaderElector(
    { ...common, records, observer: electionMetrics(), wallClock: Date.now },
    { identity, holderIdentity, timings },
  );
}
