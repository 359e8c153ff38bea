import { OPERATOR, setMerchantConfig } from '@smart-router/routing-store/testing';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { initialTierConfig } from './initial-tier-config';
import { MerchantConfigs } from './merchant-configs';

const BY = { by: OPERATOR };

const TIERS = { gold: 10, standard: 20, overflow: 5 };

/** @param later what a refresh finds in the store */
function setup(later?: object): { store: MemoryRoutingStore; merchants: MerchantConfigs } {
  const store = new MemoryRoutingStore();
  let text = JSON.stringify({ tiers: TIERS, dedicated_pools: { acme: 1 } });
  const refresh = async () => {
    if (later) text = JSON.stringify(later);
  };
  return { store, merchants: new MerchantConfigs(store, { current: () => initialTierConfig(text), refresh }) };
}

describe('MerchantConfigs', () => {
  it('returns null when the merchant has no config', async () => {
    expect(await setup().merchants.get('acme')).toBeNull();
  });

  it('returns what was put, with the chain that follows from it', async () => {
    const { merchants } = setup();
    const config = { tier: 'gold', pool: 'acme' };
    const merchant = {
      merchantId: 'acme',
      config,
      malformed: null,
      effectiveChain: ['merchant:acme', 'gold', 'standard', 'overflow'],
    };

    expect(await merchants.put('acme', config, BY)).toMatchObject({ kind: 'changed', merchant });
    expect(await merchants.get('acme')).toMatchObject({ ...merchant, version: 1 });
  });

  it('stores nothing when the pool is neither in the tier config nor in the store', async () => {
    const { store, merchants } = setup();

    expect(await merchants.put('globex', { pool: 'globex', tier: 'gold' }, BY)).toEqual({
      kind: 'invalid',
      problems: [{ path: 'pool', message: 'names no pool: "globex" is neither in dedicated_pools nor has pods' }],
    });
    expect((await store.documents.readMerchantConfig('globex')).text).toBeNull();
  });

  it('stores a pool that the store has, whatever the tier config says', async () => {
    const { store, merchants } = setup();
    const epoch = await store.leadership.claimEpoch();
    await store.pods.configurePool(epoch, 'merchant:globex', { type: 'exclusive', maxConcurrent: 1 });

    expect(await merchants.put('globex', { pool: 'globex' }, BY)).toMatchObject({ kind: 'changed' });
  });

  it.each([{ pool: 'globex' }, { tier: 'silver' }])(
    'stores %j that only a tier config names which this process has not read yet',
    async (config) => {
      const { merchants } = setup({ tiers: { ...TIERS, silver: 1 }, dedicated_pools: { globex: 1 } });

      expect(await merchants.put('globex', config, BY)).toMatchObject({ kind: 'changed' });
    },
  );

  it('stores nothing when the body is not valid', async () => {
    const { merchants } = setup();

    expect(await merchants.put('acme', { tier: 'nickel', pool: 'a:b' }, BY)).toEqual({
      kind: 'invalid',
      problems: [
        { path: 'pool', message: 'must be 1 to 64 characters of A-Z a-z 0-9 . _ ~ -, not . or ..' },
        { path: 'tier', message: 'names no tier: "nickel"' },
      ],
    });
    expect(await merchants.get('acme')).toBeNull();
  });

  it('shows a text that cannot be read as it is, with the chain that its calls take', async () => {
    const { store, merchants } = setup();
    await setMerchantConfig(store, 'acme', '{tier:gold}');

    expect(await merchants.get('acme')).toMatchObject({
      merchantId: 'acme',
      config: null,
      malformed: { text: '{tier:gold}', problems: [{ path: '', message: 'is not valid JSON' }] },
      effectiveChain: ['standard', 'overflow'],
    });
  });

  it('reports whether there was a config to remove', async () => {
    const { merchants } = setup();
    await merchants.put('acme', {}, BY);

    expect(await merchants.remove('acme', BY)).toEqual({ kind: 'changed', merchant: null });
    expect(await merchants.remove('acme', BY)).toEqual({ kind: 'unknown-merchant' });
  });
});
