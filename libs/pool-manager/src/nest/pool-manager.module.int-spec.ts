import { OPERATOR } from '@smart-router/routing-store/testing';
import { Test, type TestingModule } from '@nestjs/testing';
import type { RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE } from '@smart-router/routing-store/nest';
import { activateSettings, loadSettings } from '@smart-router/settings';
import { StartupManager } from '@smart-router/startup/nest';
import { askRedis, PATIENT_LIMITS, type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import { TierConfigService } from '@smart-router/tier-config';
import { LeaderController } from '../index';
import { PoolManagerModule } from './pool-manager.module';

/** The leader half of the product on a real Redis. */
class LeaderProcess {
  private constructor(
    private readonly module: TestingModule,
    readonly store: RoutingStore,
    readonly tierConfig: TierConfigService,
    readonly work: LeaderController,
  ) {}

  static async start(
    redis: RedisProcess,
    { identity = 'here', tierConfig = '{"gold":1,"overflow":1}' } = {},
  ): Promise<LeaderProcess> {
    const environment = {
      REDIS_URL: redis.url,
      TIER_CONFIG: tierConfig,
      STATIC_PODS: 'pod-1,pod-2,pod-3',
      LEADER_ELECTION_IDENTITY: identity,
      LOG_LEVEL: 'fatal',
      ...PATIENT_LIMITS,
    };
    activateSettings(loadSettings(environment, 'leader-worker'));
    const module = await Test.createTestingModule({ imports: [PoolManagerModule] }).compile();
    const manager = module.get(StartupManager, { strict: false });
    await manager.start();
    await manager.settled();
    const store = module.get<RoutingStore>(ROUTING_STORE, { strict: false });
    return new LeaderProcess(
      module,
      store,
      module.get(TierConfigService, { strict: false }),
      module.get(LeaderController),
    );
  }

  stop(): Promise<void> {
    return this.module.close();
  }

  /** Starts a component anew. @returns the statuses of all afterwards */
  async reinitialize(component: string): Promise<readonly string[]> {
    const manager = this.module.get(StartupManager, { strict: false });
    await manager.reinitialize(component);
    return Object.values(manager.report().components).map(({ status }) => status);
  }

  async call(callSid: string, ...chain: string[]): Promise<string> {
    const outcome = await this.store.calls.allocate({ callSid, merchantId: '', chain, knownMerchantConfig: null });
    if (outcome.kind !== 'allocated') throw new Error(`${callSid}: ${outcome.kind}`);
    return outcome.grant.podName;
  }

  /** Of each pool its type, how many pods it has, and how many of them can take a call. */
  async pools(): Promise<Record<string, string>> {
    const { pools } = await this.store.reader.fleetStats();
    return Object.fromEntries(
      pools.map(({ pool, policy, assigned, available }) => [pool, `${policy.type}, ${available} of ${assigned}`]),
    );
  }

  async becomes(pools: Record<string, string>): Promise<void> {
    const wanted = JSON.stringify(pools);
    await waitFor(async () => JSON.stringify(await this.pools()) === wanted, {
      description: wanted,
      timeoutMs: 15_000,
    });
  }

  /** Asks for a reconcile until the pools are as wanted: a hint that comes before the subscription is lost. */
  async reconcilesTo(pools: Record<string, string>): Promise<void> {
    const wanted = JSON.stringify(pools);
    const ask = async () => {
      await this.store.hints.publish('reconcile-requested');
      return JSON.stringify(await this.pools()) === wanted;
    };
    await waitFor(ask, { description: wanted });
  }
}

describe('PoolManagerModule on Redis', () => {
  let redis: RedisProcess;
  let leader: LeaderProcess;

  beforeEach(async () => {
    redis = await startRedis();
    leader = await LeaderProcess.start(redis);
  });

  afterEach(async () => {
    await leader.stop();
    await redis.stop();
  });

  it('fills a flushed Redis again by itself, and stores its tier config there', async () => {
    await leader.tierConfig.replace({ silver: 3 }, { version: 1 }, OPERATOR);
    await leader.becomes({ silver: 'exclusive, 3 of 3' });
    const { text } = await leader.store.documents.readTierConfig();
    await askRedis(redis.port, 'FLUSHALL');
    await leader.becomes({ silver: 'exclusive, 3 of 3' });
    expect(await leader.store.documents.readTierConfig()).toEqual({ text, lastVersion: 2 });
  });

  it('stores a deleted tier config again', async () => {
    const { text } = await leader.store.documents.readTierConfig();
    await askRedis(redis.port, 'DEL voice:tier:config');
    const stored = async () => {
      await leader.store.hints.publish('reconcile-requested');
      return (await leader.store.documents.readTierConfig()).text === text;
    };
    await waitFor(stored, { description: 'the tier config' });
  });

  it('takes the last good config, not that of its environment, when it starts with a broken one', async () => {
    await leader.tierConfig.replace({ silver: 3 }, { version: 1 }, OPERATOR);
    await leader.becomes({ silver: 'exclusive, 3 of 3' });
    await askRedis(redis.port, 'SET voice:tier:config {broken');
    await leader.stop();
    leader = await LeaderProcess.start(redis);
    expect(leader.tierConfig.adopted()?.version).toBe(2);
    expect(await leader.pools()).toEqual({ silver: 'exclusive, 3 of 3' });
  });

  it('leaves the pools as they are when it starts with a broken config and no history, until that is repaired', async () => {
    const pools = await leader.pools();
    await askRedis(redis.port, 'SET voice:tier:config {broken');
    await askRedis(redis.port, 'DEL voice:tier:config:history');
    await leader.stop();
    leader = await LeaderProcess.start(redis, { tierConfig: '{"bronze":3}' });
    expect(leader.work.isLeader()).toBe(true);
    expect(await leader.pools()).toEqual(pools);
    expect(await leader.call('call-1', 'gold')).toMatch(/^pod-/);
    await askRedis(redis.port, `SET voice:tier:config '{"silver":3}'`);
    await leader.becomes({ silver: 'exclusive, 2 of 3' });
  });

  it('puts a member right that was removed by hand', async () => {
    // Again and again, since a resync that is under way may repair it before it was seen.
    await waitFor(
      async () => {
        await askRedis(redis.port, 'DEL voice:pool:gold:available voice:pool:overflow:available');
        return JSON.stringify(await leader.pools()) === '{"gold":"exclusive, 0 of 1","overflow":"exclusive, 0 of 2"}';
      },
      { description: 'pods that no call is given' },
    );
    await leader.reconcilesTo({ gold: 'exclusive, 1 of 1', overflow: 'exclusive, 2 of 2' });
  });

  it.each(['config', 'store', 'tier_config', 'leader_work'])(
    'loses nothing when %s is started anew, and follows what happens then',
    async (component) => {
      const podName = await leader.call('call-1', 'gold');
      expect(new Set(await leader.reinitialize(component))).toEqual(new Set(['SUCCESS']));
      expect(await leader.store.reader.call('call-1')).toMatchObject({ podName });
      expect(leader.work.isLeader()).toBe(true);
      await leader.tierConfig.replace({ silver: 3 }, { version: 1 }, OPERATOR);
      await leader.becomes({ silver: 'exclusive, 2 of 3' });
      await askRedis(redis.port, 'DEL voice:pool:silver:available');
      await leader.reconcilesTo({ silver: 'exclusive, 2 of 3' });
    },
  );

  it('hands leadership over when its work is started anew', async () => {
    const epoch = leader.work.epoch() ?? 0;
    await leader.reinitialize('leader_work');
    expect(leader.work.epoch()).toBeGreaterThan(epoch);
  });

  it('leaves the work to another process when that takes over, and serves on', async () => {
    const second = await LeaderProcess.start(redis, { identity: 'there' });
    const askAndLook = async () => {
      await leader.store.hints.publish('reconcile-requested');
      return !leader.work.isLeader();
    };
    await waitFor(askAndLook, { description: 'the end of the first term' });
    expect(second.work.isLeader()).toBe(true);
    expect((await leader.store.reader.fleetStats()).leader?.identity).toBe('there');
    expect(await leader.call('call-1', 'gold')).toMatch(/^pod-/);
    await second.stop();
  });

  it('leads when it is started after Redis was flushed under a leader of a higher epoch', async () => {
    for (let restarts = 0; restarts < 2; restarts++) {
      await leader.stop();
      leader = await LeaderProcess.start(redis);
    }
    await askRedis(redis.port, 'FLUSHALL');
    await leader.reconcilesTo({ gold: 'exclusive, 1 of 1', overflow: 'exclusive, 2 of 2' });
    await leader.stop();
    leader = await LeaderProcess.start(redis);
    expect(leader.work.isLeader()).toBe(true);
  });
});
