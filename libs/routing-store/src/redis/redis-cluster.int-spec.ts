import { type RedisCluster, startRedisCluster } from '@smart-router/testbed';
import { openRedisHarness } from '../testing/redis-harness';
import { describeRoutingStoreContract } from '../testing/store-contract';

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster({ nodes: 3 });
}, 60_000);
afterAll(() => cluster.stop());

describeRoutingStoreContract('a Redis cluster', () => openRedisHarness(cluster.url));
