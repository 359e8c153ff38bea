import { Test, type TestingModule } from '@nestjs/testing';
import { registry } from '@smart-router/metrics';
import { StoreUnavailableError, type RoutingStore } from '@smart-router/routing-store';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { withOperations } from '@smart-router/routing-store/testing';
import { ROUTING_STORE } from '@smart-router/routing-store/nest';
import { activateSettings, loadSettings } from '@smart-router/settings';
import { StartupManager } from '@smart-router/startup/nest';
import { LeaderController } from '../index';
import { PoolManagerModule } from './pool-manager.module';

const ENVIRONMENT = {
  TIER_CONFIG: '{"gold":1,"basic":1}',
  STATIC_PODS: 'pod-1,pod-2',
  LEADER_ELECTION_IDENTITY: 'here',
  LOG_LEVEL: 'fatal',
};

async function start(store: RoutingStore = new MemoryRoutingStore()): Promise<TestingModule> {
  activateSettings(loadSettings(ENVIRONMENT, 'smart-router'));
  const builder = Test.createTestingModule({ imports: [PoolManagerModule] });
  const module = await builder.overrideProvider(ROUTING_STORE).useValue(store).compile();
  const manager = module.get(StartupManager, { strict: false });
  await manager.start();
  await manager.settled();
  return module;
}

describe('PoolManagerModule', () => {
  it('has put the static pods into their tiers when the application is up', async () => {
    const store = new MemoryRoutingStore();
    const module = await start(store);
    const { items } = await store.reader.pods({ limit: 10 });
    expect(items.map(({ podName, pool }) => `${podName} ${pool}`)).toEqual(['pod-1 gold', 'pod-2 basic']);
    expect((await store.reader.fleetStats()).leader).toMatchObject({ identity: 'here', epoch: 1 });
    expect(module.get(LeaderController).isLeader()).toBe(true);
    expect(await registry.metrics()).toContain('smart_router_leader_status 1');
    await module.close();
  });

  it('has handed leadership over before the store closes', async () => {
    const store = new MemoryRoutingStore();
    const events: string[] = [];
    const resignLeader = async (): Promise<void> => void events.push('resigned');
    const observed = withOperations(store, { resignLeader });
    store.close = async () => void events.push('closed');
    const module = await start(observed);
    const leaderController = module.get(LeaderController);
    await module.close();
    expect(events).toEqual(['resigned', 'closed']);
    expect(leaderController.isLeader()).toBe(false);
  });

  it('is up although the first resync failed', async () => {
    const store = new MemoryRoutingStore();
    const fleetStats = (): Promise<never> => Promise.reject(new StoreUnavailableError('away'));
    const module = await start(withOperations(store, { fleetStats }));
    expect(module.get(LeaderController).isLeader()).toBe(true);
    await module.close();
  });
});
