import { type RedisProcess, startRedis } from '@smart-router/testbed';
import { openRedisHarness } from '../testing/redis-harness';
import { describeRoutingStoreContract } from '../testing/store-contract';

let redis: RedisProcess;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

describeRoutingStoreContract('Redis', () => openRedisHarness(redis.url));
