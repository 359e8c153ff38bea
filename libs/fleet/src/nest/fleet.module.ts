import { type DynamicModule, type InjectionToken, Module, type ModuleMetadata } from '@nestjs/common';
import { registry } from '@smart-router/metrics';
import type { RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE, RoutingStoreModule } from '@smart-router/routing-store/nest';
import { TierConfigService } from '@smart-router/tier-config';
import { TierConfigModule } from '@smart-router/tier-config/nest';
import { FleetStatusReader } from '../domain/fleet-status-reader';
import { registerFleetGauges } from '../metrics/fleet-gauges';

/** Where the module finds out whether this process leads. */
export interface LeadershipSource {
  readonly imports: NonNullable<ModuleMetadata['imports']>;
  /** The value behind it has the shape of `LeadershipView`. */
  readonly token: InjectionToken;
}

export interface LeadershipView {
  isLeader(): boolean;
}

const LEADERSHIP = Symbol('LEADERSHIP');

const NEVER_LEADER: LeadershipView = { isLeader: () => false };

/** Gives `FleetStatusReader`, and registers the gauges of the fleet when it is built. Import it once per process. */
@Module({})
export class FleetModule {
  /** @param leadership left out in a process that never leads */
  static forRoot(leadership?: LeadershipSource): DynamicModule {
    return {
      module: FleetModule,
      imports: [RoutingStoreModule, TierConfigModule, ...(leadership?.imports ?? [])],
      providers: [
        leadership
          ? { provide: LEADERSHIP, useExisting: leadership.token }
          : { provide: LEADERSHIP, useValue: NEVER_LEADER },
        {
          provide: FleetStatusReader,
          useFactory: buildFleetStatusReader,
          inject: [ROUTING_STORE, TierConfigService, LEADERSHIP],
        },
      ],
      exports: [FleetStatusReader],
    };
  }
}

function buildFleetStatusReader(
  store: RoutingStore,
  tierConfig: TierConfigService,
  leadership: LeadershipView,
): FleetStatusReader {
  const reader = new FleetStatusReader({
    store,
    tierConfig: () => tierConfig.current(),
    isLeader: () => leadership.isLeader(),
    now: () => performance.now(),
  });
  registerFleetGauges(registry, reader);
  return reader;
}
