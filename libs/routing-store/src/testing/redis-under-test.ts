import { type RedisProcess, startRedis } from '@smart-router/testbed';
import type { RedisConnection } from '@smart-router/redis';
import { openRedisHarness, type RedisHarness } from './redis-harness';
import { keyViolations } from './redis-integrity';
import { StoreUnderTest } from './store-harness';

/** The store of the current test, in the Redis of the file. */
export class RedisUnderTest extends StoreUnderTest<RedisHarness> {
  server!: RedisProcess;

  get connection(): RedisConnection {
    return this.harness.connection;
  }

  get client(): RedisConnection['client'] {
    return this.harness.connection.client;
  }

  get prefix(): string {
    return this.harness.prefix;
  }

  /** @returns the whole name of a key */
  key(name: string): string {
    return this.prefix + name;
  }
}

interface RedisTestOptions {
  /** Whether the keys must agree with each other at the end of each test. */
  readonly checksKeys?: boolean;
  readonly auditLength?: number;
}

/**
 * One Redis for the tests of a file, and in it a store of its own for each test.
 * @param prepare is run on the new store before each test
 */
export function useRedis(
  prepare: (t: RedisUnderTest) => Promise<unknown>,
  { checksKeys = false, auditLength = 0 }: RedisTestOptions = {},
): RedisUnderTest {
  const t = new RedisUnderTest();
  beforeAll(async () => {
    t.server = await startRedis();
  });
  afterAll(() => t.server.stop());
  beforeEach(async () => {
    await t.begin(await openRedisHarness(t.server.url, auditLength));
    await prepare(t);
  });
  afterEach(async () => {
    if (checksKeys) expect(await keyViolations(t.connection, t.prefix)).toEqual([]);
    await t.close();
  });
  return t;
}
