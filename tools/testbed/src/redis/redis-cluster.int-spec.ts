import { Cluster } from 'ioredis';
import { type RedisCluster, startRedisCluster } from './redis-cluster';

describe('startRedisCluster', () => {
  let cluster: RedisCluster;

  beforeAll(async () => {
    cluster = await startRedisCluster({ nodes: 3 });
  });

  afterAll(() => cluster.stop());

  it('returns nodes that share all keys', async () => {
    const client = new Cluster([...cluster.urls]);
    const keys = Array.from({ length: 30 }, (_, index) => `key-${index}`);

    await Promise.all(keys.map((key) => client.set(key, key)));

    const owned = await Promise.all(client.nodes('master').map((node) => node.dbsize()));
    expect(owned).toHaveLength(3);
    expect(owned.every((count) => count > 0)).toBe(true);
    expect(owned.reduce((sum, count) => sum + count)).toBe(keys.length);
    client.disconnect();
  });
});
