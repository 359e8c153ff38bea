import { type RedisProcess, startRedis } from '@smart-router/testbed';
import { MERCHANT_HISTORIES_KEPT, MERCHANT_VERSIONS_KEPT } from '../domain/merchant-documents';
import { setMerchantConfig } from '../testing/configuration';
import { openRedisHarness, type RedisHarness } from '../testing/redis-harness';

let redis: RedisProcess;
let harness: RedisHarness;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis?.stop());
beforeEach(async () => {
  harness = await openRedisHarness(redis.url);
});
afterEach(() => harness.close());

const byHand = async (text: string | null) => {
  const key = `${harness.prefix}merchant:config`;
  const { client } = harness.connection;
  await (text === null ? client.hdel(key, 'acme') : client.hset(key, 'acme', text));
};
const versions = async () =>
  (await harness.store.documents.merchantConfigHistory('acme')).map(({ version, text, storedAtMs }) => [
    version,
    text,
    storedAtMs === null ? 'by hand' : 'stored',
  ]);

describe('a config of a merchant that was written by hand', () => {
  it('counts as the version after the last one', async () => {
    await byHand('{ "tier": "gold" }');
    expect(await versions()).toEqual([[1, '{ "tier": "gold" }', 'by hand']]);
    await setMerchantConfig(harness.store, 'acme', '{}');
    await byHand('line\nbreak');
    expect(await harness.store.documents.readMerchantConfig('acme')).toEqual({
      version: 3,
      text: 'line\nbreak',
      storedAtMs: null,
    });
  });

  it('becomes a version of its own when the next one is stored', async () => {
    await setMerchantConfig(harness.store, 'acme', '{}');
    await byHand('by hand');
    await setMerchantConfig(harness.store, 'acme', null);
    await byHand('again');
    await byHand(null);
    await setMerchantConfig(harness.store, 'acme', '{"tier":"gold"}');
    expect(await versions()).toEqual([
      [4, '{"tier":"gold"}', 'stored'],
      [3, null, 'stored'],
      [2, 'by hand', 'by hand'],
      [1, '{}', 'stored'],
    ]);
    const [change] = (await harness.store.changeLog.changes({ limit: 9 })).items.slice(1);
    expect(change).toMatchObject({ version: 3, before: 'by hand', after: null });
  });

  it('is removed by hand as a version, too', async () => {
    await setMerchantConfig(harness.store, 'acme', '{}');
    await byHand(null);
    expect(await versions()).toEqual([
      [2, null, 'by hand'],
      [1, '{}', 'stored'],
    ]);
  });

  it('is no state that somebody expects who saw another one', async () => {
    await setMerchantConfig(harness.store, 'acme', '{}');
    const expected = await harness.store.documents.readMerchantConfig('acme');
    await byHand('by hand');
    const note = { action: 'merchant.put', actor: 'ops', requestId: '', clientAddress: '' } as const;
    const change = { merchantId: 'acme', text: 'new', expected, note };
    expect(await harness.store.documents.changeMerchantConfig(change)).toMatchObject({
      kind: 'conflict',
      current: { version: 2, text: 'by hand' },
    });
  });
});

describe('what Redis holds of a merchant', () => {
  it('is a bounded number of versions', async () => {
    for (let i = 1; i <= MERCHANT_VERSIONS_KEPT + 3; i++) await setMerchantConfig(harness.store, 'acme', `text ${i}`);
    const { client } = harness.connection;
    expect(await client.llen(`${harness.prefix}merchant:config:history:acme`)).toBe(MERCHANT_VERSIONS_KEPT);
    expect(await client.zcard(`${harness.prefix}merchant:config:changed`)).toBe(1);
  });

  it('is nothing of those that were changed longest ago, once there are too many', async () => {
    const { client } = harness.connection;
    const old = Array.from({ length: MERCHANT_HISTORIES_KEPT }, (_, index) => [index, `old-${index}`]).flat();
    await client.zadd(`${harness.prefix}merchant:config:changed`, ...old);
    for (const id of ['old-0', 'old-1']) await client.rpush(`${harness.prefix}merchant:config:history:${id}`, '1 1 {}');
    await setMerchantConfig(harness.store, 'acme', '{}');
    const kept = await Promise.all(
      ['old-0', 'old-1', 'acme'].map((id) => client.exists(`${harness.prefix}merchant:config:history:${id}`)),
    );
    expect(kept).toEqual([0, 1, 1]);
    expect(await client.zcard(`${harness.prefix}merchant:config:changed`)).toBe(MERCHANT_HISTORIES_KEPT);
  });
});

describe('a history that was spoilt by hand', () => {
  it('shows what can be read of it, and continues', async () => {
    const key = `${harness.prefix}merchant:config:history:acme`;
    await setMerchantConfig(harness.store, 'acme', '{}');
    await harness.connection.client.lpush(key, 'spoilt', `${'9'.repeat(40)} 1 {}`);
    expect((await versions()).map(([, text]) => text)).toContain('{}');
    expect(await setMerchantConfig(harness.store, 'acme', '{"tier":"gold"}')).toMatchObject({ kind: 'changed' });
    expect((await harness.store.documents.readMerchantConfig('acme')).text).toBe('{"tier":"gold"}');
  });
});
