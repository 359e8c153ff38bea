import { type TierConfig, type TierConfigChange, waitFor } from '@smart-router/testbed';
import type { Redis } from 'ioredis';
import { type DistributedFleet, startDistributedFleet } from './fleet/fleet';
import { resetFleet } from './fleet/reset';
import { openKeys, scoresOf } from './fleet/stored-keys';

/** Targets for all five pods, since pods that no pool wants stay where they are. */
const TIERS = {
  gold: { type: 'exclusive', target: 1 },
  standard: { type: 'exclusive', target: 1 },
  basic: { type: 'shared', target: 3, max_concurrent: 3 },
} as const;

describe('the tier config while the fleet runs', () => {
  let fleet: DistributedFleet;
  let redis: Redis;

  beforeAll(async () => {
    fleet = await startDistributedFleet({ env: { TIER_CONFIG: JSON.stringify(TIERS) } });
    redis = openKeys(fleet.redis.url);
  });

  afterEach(async () => {
    await resetFleet(fleet.first);
    await replace({ version: await current(), tiers: TIERS });
    await assigned({ gold: 1, standard: 1, basic: 3 });
  });

  afterAll(async () => {
    redis?.disconnect();
    await fleet?.stop();
  });

  const replace = async (change: TierConfigChange): Promise<TierConfig> => {
    const { status, body } = await fleet.first.putTierConfig(change);
    expect({ status, body }).toMatchObject({ status: 200, body: { tiers: change.tiers } });
    return body;
  };

  const current = async (): Promise<number> => (await fleet.first.tierConfig()).body.version;

  /** Waits until the leader has brought the pools into this shape, as the other process sees it. */
  const assigned = (expected: Readonly<Record<string, number>>): Promise<unknown> =>
    waitFor(
      async () => {
        const { pools } = (await fleet.second.status()).body;
        const names = new Set([...Object.keys(pools), ...Object.keys(expected)]);
        return [...names].every((name) => pools[name]?.assigned === expected[name]);
      },
      { timeoutMs: 20_000, description: `pools of ${JSON.stringify(expected)}` },
    );

  it('is the one of the environment at first', async () => {
    const { body } = await fleet.second.tierConfig();
    expect(body).toEqual({
      version: 1,
      updated_at: expect.any(String),
      tiers: TIERS,
      default_chain: ['gold', 'standard', 'basic'],
      default_tier: 'standard',
    });
    expect(JSON.parse((await redis.get('voice:tier:config')) ?? '')).toEqual(body);
  });

  it('is seen by the other process and by the leader at once when it is replaced', async () => {
    const version = await current();
    const tiers = { ...TIERS, gold: { type: 'exclusive', target: 2 }, basic: { ...TIERS.basic, target: 2 } } as const;
    const replaced = await replace({ version, tiers });
    expect(replaced.version).toBe(version + 1);
    await waitFor(async () => (await fleet.second.status()).body.tier_config_version === version + 1, {
      description: 'the other process to take it over',
    });
    await assigned({ gold: 2, standard: 1, basic: 2 });
  });

  it('is replaced by one of many that try at once', async () => {
    const version = await current();
    const { first, second } = fleet;
    const tries = Array.from({ length: 6 }, (_, index) =>
      (index % 2 ? first : second).putTierConfig({
        version,
        // None of them what is in force: that makes no new version.
        tiers: { ...TIERS, gold: { type: 'exclusive', target: 10 + index } },
      }),
    );
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409, 409, 409, 409, 409]);
    expect(await current()).toBe(version + 1);
  });

  it('is not changed by a dry run, which reports what would be', async () => {
    const version = await current();
    await fleet.first.putMerchant('basic-merchant', { tier: 'basic' });
    await fleet.first.allocated('dry-1', 'basic-merchant');
    const before = await redis.get('voice:tier:config');
    const { status, body } = await fleet.first.dryRunTierConfig({
      tiers: { gold: { type: 'exclusive', target: 3 }, basic: { type: 'exclusive', target: 3 } },
    });
    expect({ status, body }).toMatchObject({ status: 200, body: { valid: true, current_version: version } });
    expect(body.moves.find(({ pool }) => pool === 'gold')).toMatchObject({ deficit: 2, surplus: 0 });
    expect(body.type_changes).toEqual([expect.objectContaining({ pool: 'basic', active_calls: 1 })]);
    expect(body.removed_pools).toEqual([expect.objectContaining({ pool: 'standard', assigned: 1 })]);
    expect(await redis.get('voice:tier:config')).toBe(before);
    expect((await fleet.first.dryRunTierConfig({ tiers: { gold: { type: 'exclusive', target: -1 } } })).status).toBe(
      422,
    );
  });

  it('comes back by a rollback, as a new version', async () => {
    const version = await current();
    await replace({ version, tiers: { ...TIERS, standard: { type: 'exclusive', target: 3 } } });
    const { status, body } = await fleet.second.rollbackTierConfig(version, version + 1);
    expect({ status, body }).toMatchObject({ status: 200, body: { version: version + 2, tiers: TIERS } });
    expect((await fleet.second.rollbackTierConfig(version, version + 1)).status).toBe(409);
    expect((await fleet.second.rollbackTierConfig(10_000, version + 2)).status).toBe(404);
    const { items } = (await fleet.first.tierConfigVersions()).body;
    expect(items.slice(0, 3).map((item) => item.version)).toEqual([version + 2, version + 1, version]);
  });

  it('is followed when it is edited by hand, and not when that is no config', async () => {
    const version = await current();
    const warned = (): boolean => fleet.secondApi.logs.some(({ msg }) => String(msg).includes('last good one stays'));
    await redis.set('voice:tier:config', '{"tiers":');
    expect((await fleet.second.tierConfig()).body).toMatchObject({ version, tiers: TIERS });
    await waitFor(warned, { description: 'a warning' });
    await redis.del('voice:tier:config');
    expect((await fleet.second.tierConfig()).body).toMatchObject({ version, tiers: TIERS });
    const edited = { version: version + 5, tiers: TIERS, default_chain: ['basic'], default_tier: 'basic' };
    await redis.set('voice:tier:config', JSON.stringify(edited));
    expect((await fleet.second.tierConfig()).body).toMatchObject(edited);
    expect((await fleet.second.allocated('edited-1')).source_pool).toBe('pool:basic');
  });

  it('loses no call when a shared tier becomes exclusive and shared again', async () => {
    const { first, second } = fleet;
    await first.putMerchant('basic-merchant', { tier: 'basic' });
    const calls = Array.from({ length: 7 }, (_, index) => `typed-${index}`);
    const pods = new Map<string, string>();
    for (const call of calls) pods.set(call, (await first.allocated(call, 'basic-merchant')).pod_name);

    await replace({ version: await current(), tiers: { ...TIERS, basic: { type: 'exclusive', target: 3 } } });
    await waitFor(async () => (await redis.type('voice:pool:basic:available')) !== 'zset', {
      timeoutMs: 20_000,
      description: 'the pool to be exclusive',
    });
    for (const call of calls) {
      expect(await second.allocated(call, 'basic-merchant')).toMatchObject({
        pod_name: pods.get(call),
        was_existing: true,
      });
    }
    expect((await second.allocate({ call_sid: 'typed-more', merchant_id: 'basic-merchant' })).status).toBe(503);

    for (const call of calls.slice(0, 3)) expect((await second.release(call)).status).toBe(200);
    await replace({ version: await current(), tiers: TIERS });
    await waitFor(async () => Object.values(await scoresOf(redis, 'voice:pool:basic:available')).length === 3, {
      timeoutMs: 20_000,
      description: 'the pool to be shared',
    });
    const scores = Object.values(await scoresOf(redis, 'voice:pool:basic:available'));
    expect(scores.reduce((sum, score) => sum + score, 0)).toBe(calls.length - 3);
    for (const call of calls.slice(3)) expect((await first.release(call)).status).toBe(200);
    expect(Object.values(await scoresOf(redis, 'voice:pool:basic:available'))).toEqual([0, 0, 0]);
  });

  it('lets no call go, and adds none, where a tier may take fewer than it has', async () => {
    const { first, second } = fleet;
    await first.putMerchant('basic-merchant', { tier: 'basic' });
    const calls = Array.from({ length: 9 }, (_, index) => `fewer-${index}`);
    for (const call of calls) await first.allocated(call, 'basic-merchant');
    const basic = { type: 'shared', target: 3, max_concurrent: 2 } as const;
    await replace({ version: await current(), tiers: { ...TIERS, basic } });
    await waitFor(async () => (await redis.hget('voice:pools', 'basic')) === 'shared:2', {
      description: 'the new limit',
    });
    expect((await second.status()).body.active_calls).toBe(9);
    expect((await second.allocate({ call_sid: 'fewer-more', merchant_id: 'basic-merchant' })).status).toBe(503);
    const [crowded] = (await second.pods('?tier=basic')).body.pods;
    await second.release(crowded?.calls[0] ?? '');
    expect((await second.allocate({ call_sid: 'fewer-more', merchant_id: 'basic-merchant' })).status).toBe(503);
    await second.release(crowded?.calls[1] ?? '');
    expect((await second.allocated('fewer-more', 'basic-merchant')).pod_name).toBe(crowded?.pod_name);
  });

  it('moves the pods of a tier that is removed, with their calls', async () => {
    const { first, second } = fleet;
    await first.putMerchant('gold-merchant', { tier: 'gold' });
    const { pod_name } = await first.allocated('removed-1', 'gold-merchant');
    const { standard, basic } = TIERS;
    await replace({ version: await current(), tiers: { standard, basic } });
    await assigned({ standard: 1, basic: 4 });
    expect(await second.allocated('removed-1', 'gold-merchant')).toMatchObject({ pod_name, was_existing: true });
    expect((await second.release('removed-1')).body).toMatchObject({ pod_name, released_to_pool: 'pool:basic' });
    expect(await redis.exists('voice:pool:gold:available', 'voice:pool:gold:assigned')).toBe(0);
  });

  it('gives a merchant a pool of its own', async () => {
    const { first, second } = fleet;
    const tiers = { ...TIERS, basic: { ...TIERS.basic, target: 2 } };
    const dedicated_pools = { acme: { type: 'exclusive', target: 1 } } as const;
    await replace({ version: await current(), tiers, dedicated_pools });
    await assigned({ 'merchant:acme': 1, gold: 1, standard: 1, basic: 2 });
    await first.putMerchant('acme', { tier: 'dedicated', pool: 'acme', fallback: ['standard'] });
    expect((await second.merchant('acme')).body.effective_chain).toEqual(['merchant:acme', 'standard']);
    expect((await second.allocated('own-1', 'acme')).source_pool).toBe('merchant:acme');
    expect((await second.allocated('own-2', 'acme')).source_pool).toBe('pool:standard');
    expect((await second.allocate({ call_sid: 'own-3', merchant_id: 'acme' })).status).toBe(503);
    expect(await redis.smembers('voice:merchant:acme:assigned')).toHaveLength(1);
  });
});
