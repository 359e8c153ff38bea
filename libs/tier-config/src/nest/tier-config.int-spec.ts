import { OPERATOR } from '@smart-router/routing-store/testing';
import { Test, type TestingModule } from '@nestjs/testing';
import { PATIENT_LIMITS, type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import { activateSettings, loadSettings } from '@smart-router/settings';
import { StartupManager } from '@smart-router/startup/nest';
import { Redis } from 'ioredis';
import { TierConfigService } from '../index';
import { TierConfigModule } from './tier-config.module';

const KEY = 'voice:tier:config';

describe('tier config of replicas on one Redis', () => {
  let redis: RedisProcess;
  /** What an operator types. */
  let operator: Redis;
  const replicas: TestingModule[] = [];

  const startReplica = async (refresh: string, tierConfig = '{"bronze":1}'): Promise<TierConfigService> => {
    const environment = {
      REDIS_URL: redis.url,
      TIER_CONFIG: tierConfig,
      TIER_CONFIG_REFRESH_INTERVAL: refresh,
      LOG_LEVEL: 'fatal',
      ...PATIENT_LIMITS,
    };
    activateSettings(loadSettings(environment, 'api'));
    const module = await Test.createTestingModule({ imports: [TierConfigModule] }).compile();
    replicas.push(module);
    const manager = module.get(StartupManager, { strict: false });
    await manager.start();
    await manager.settled();
    return module.get(TierConfigService);
  };

  const serves = (service: TierConfigService, tier: string): Promise<boolean> =>
    waitFor(() => service.current().tiers.has(tier), { description: `the tier ${tier} to be in force` });

  beforeEach(async () => {
    redis = await startRedis();
    operator = new Redis(redis.url);
  });

  afterEach(async () => {
    redis.resume();
    await Promise.all(replicas.splice(0).map((replica) => replica.close()));
    operator.disconnect();
    await redis.kill();
  });

  it('is that of the replica that started first', async () => {
    await startReplica('30s', '{"bronze":1}');
    const second = await startReplica('30s', '{"iron":1}');

    expect([...second.current().tiers.keys()]).toEqual(['bronze']);
    expect(JSON.parse((await operator.get(KEY)) ?? '')).toMatchObject({ version: 1, tiers: { bronze: { target: 1 } } });
  });

  it('changes on every replica at once when one replaces it', async () => {
    const [first, second] = [await startReplica('30s'), await startReplica('30s')];
    await first.replace({ gold: 1 }, { version: 1 }, OPERATOR);

    await serves(second, 'gold');
    expect(second.current().version).toBe(2);
  });

  it('can be rolled back by another replica than the one that replaced it', async () => {
    const [first, second] = [await startReplica('30s'), await startReplica('30s')];
    await first.replace({ gold: 1 }, { version: 1 }, OPERATOR);

    expect(await second.rollback(1, { version: 2 }, OPERATOR)).toMatchObject({
      kind: 'replaced',
      config: { version: 3 },
    });
    await serves(first, 'bronze');
  });

  it('follows a change by hand, and passes over one that cannot be used', async () => {
    const service = await startReplica('100ms');
    await operator.set(KEY, '{"tiers":{"gold":1},"default_chain":["nickel","gold"]}');
    await serves(service, 'gold');
    await operator.set(KEY, '{broken');
    await service.refresh();
    expect([...service.current().tiers.keys()]).toEqual(['gold']);

    await operator.set(KEY, '{"silver":1}');
    await serves(service, 'silver');
  });

  it('stays when the key is deleted and when Redis does not answer', async () => {
    const service = await startReplica('30s');
    const config = service.current();
    await operator.del(KEY);
    await service.refresh();
    expect(service.current()).toBe(config);

    redis.pause();
    await service.refresh();
    expect(service.current()).toBe(config);
  });
});
