import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { OPERATOR, setMerchantConfig } from '@smart-router/routing-store/testing';
import { initialTierConfig } from './initial-tier-config';
import { MerchantConfigs } from './merchant-configs';

const BY = { by: OPERATOR };

/** Runs before the next change reaches the store: what another writer does meanwhile. */
type Meanwhile = (store: MemoryRoutingStore) => Promise<unknown>;

function setup(meanwhile?: Meanwhile) {
  const store = new MemoryRoutingStore();
  let tiers = JSON.stringify({ tiers: { gold: 10, standard: 20, overflow: 5 }, dedicated_pools: { acme: 1 } });
  const change = store.documents.changeMerchantConfig.bind(store.documents);
  let pending = meanwhile;
  store.documents.changeMerchantConfig = async (command) => {
    const disturb = pending;
    pending = undefined;
    await disturb?.(store);
    return change(command);
  };
  const merchants = new MerchantConfigs(store, {
    current: () => initialTierConfig(tiers),
    refresh: () => Promise.resolve(),
  });
  return { store, merchants, setTiers: (config: object) => void (tiers = JSON.stringify(config)) };
}

const tagIs = (wanted: string | null) => ({ holds: (tag: string | null) => tag === wanted });

async function tagOf(merchants: MerchantConfigs): Promise<string | null> {
  return (await merchants.get('acme'))?.tag ?? null;
}

describe('a change of a merchant', () => {
  it('makes a version, and none where it says what is there', async () => {
    const { store, merchants } = setup();
    await setMerchantConfig(store, 'acme', '{ "pool": "acme", "colour": "red", "tier": "gold" }');
    const outcome = await merchants.put('acme', { tier: 'gold', pool: 'acme' }, BY);

    expect(outcome).toMatchObject({
      kind: 'changed',
      merchant: { version: 1, config: { tier: 'gold', pool: 'acme' } },
    });
    expect(await merchants.put('acme', { tier: 'gold' }, BY)).toMatchObject({ merchant: { version: 2 } });
    expect((await store.changeLog.changes({ limit: 9 })).items.map(({ version }) => version)).toEqual([2, 1]);
  });

  it('has its author, action and content in the change log', async () => {
    const { store, merchants } = setup();
    await merchants.put('acme', { tier: 'gold' }, BY);
    await merchants.remove('acme', BY);
    await merchants.rollback('acme', 1, BY);
    const records = (await store.changeLog.changes({ limit: 9 })).items.map(({ action, actor, before, after }) => [
      ...[action, actor, before, after],
    ]);

    expect(records).toEqual([
      ['merchant.rollback', 'ops', null, '{"tier":"gold"}'],
      ['merchant.delete', 'ops', '{"tier":"gold"}', null],
      ['merchant.put', 'ops', null, '{"tier":"gold"}'],
    ]);
  });

  it.each(['put', 'remove', 'rollback'] as const)(
    'stores nothing when the precondition does not hold: %s',
    async (what) => {
      const { store, merchants } = setup();
      await setMerchantConfig(store, 'acme', '{"tier":"gold"}');
      const options = { ...BY, precondition: tagIs('another') };
      const change = {
        put: () => merchants.put('acme', {}, options),
        remove: () => merchants.remove('acme', options),
        rollback: () => merchants.rollback('acme', 1, options),
      };

      expect(await change[what]()).toEqual({ kind: 'precondition-failed', currentTag: await tagOf(merchants) });
      expect(await merchants.get('acme')).toMatchObject({ version: 1, config: { tier: 'gold' } });
    },
  );

  it('is stored when the precondition holds', async () => {
    const { merchants } = setup();
    await merchants.put('acme', {}, { ...BY, precondition: tagIs(null) });
    const precondition = tagIs(await tagOf(merchants));

    expect(await merchants.put('acme', { tier: 'gold' }, { ...BY, precondition })).toMatchObject({
      merchant: { version: 2 },
    });
  });

  it('stores nothing when the precondition does not hold any more at the moment of the write', async () => {
    const { merchants } = setup((store) => setMerchantConfig(store, 'acme', '{"tier":"overflow"}'));
    const options = { ...BY, precondition: tagIs(null) };

    expect(await merchants.put('acme', { tier: 'gold' }, options)).toMatchObject({ kind: 'precondition-failed' });
    expect(await merchants.get('acme')).toMatchObject({ version: 1, config: { tier: 'overflow' } });
  });

  it('is a conflict when what it wanted holds of another state, too', async () => {
    const { merchants } = setup((store) => setMerchantConfig(store, 'acme', '{"tier":"overflow"}'));
    const options = { ...BY, precondition: { holds: () => true } };

    expect(await merchants.put('acme', {}, options)).toEqual({ kind: 'version-conflict', currentVersion: 1 });
  });

  it('takes the place of whatever is there when nothing is expected', async () => {
    const { merchants } = setup((store) => setMerchantConfig(store, 'acme', '{"tier":"overflow"}'));

    expect(await merchants.put('acme', {}, BY)).toMatchObject({ merchant: { version: 2, config: {} } });
  });

  it('changes nothing when it is a dry run', async () => {
    const { merchants } = setup();
    await merchants.put('acme', { tier: 'gold' }, BY);
    const dry = { ...BY, dryRun: true };
    const before = { config: { tier: 'gold' }, effectiveChain: ['gold', 'standard', 'overflow'] };

    expect(await merchants.put('acme', { tier: 'overflow' }, dry)).toMatchObject({
      kind: 'planned',
      plan: { currentVersion: 1, before, after: { config: { tier: 'overflow' }, effectiveChain: ['overflow'] } },
    });
    expect(await merchants.remove('acme', dry)).toMatchObject({
      plan: { before, after: { config: null, effectiveChain: ['standard', 'overflow'] } },
    });
    expect(await merchants.rollback('acme', 1, dry)).toMatchObject({ plan: { before, after: before } });
    expect(await merchants.history('acme')).toHaveLength(1);
  });
});

describe('the tag of a merchant', () => {
  it('stays while nothing changes, and changes with the text and with the chain', async () => {
    const { merchants, setTiers } = setup();
    await merchants.put('acme', { tier: 'gold' }, BY);
    const first = await tagOf(merchants);
    expect(await tagOf(merchants)).toBe(first);
    await merchants.put('acme', { tier: 'overflow' }, BY);
    const second = await tagOf(merchants);
    setTiers({ tiers: { gold: 10, overflow: 5, silver: 1 } });

    expect(new Set([first, second, await tagOf(merchants)]).size).toBe(3);
  });
});

describe('a rollback of a merchant', () => {
  it('brings back what was removed, as a new version', async () => {
    const { merchants } = setup();
    await merchants.put('acme', { tier: 'gold' }, BY);
    await merchants.remove('acme', BY);

    expect(await merchants.rollback('acme', 1, { ...BY, version: 2 })).toMatchObject({
      kind: 'changed',
      merchant: { version: 3, config: { tier: 'gold' } },
    });
    expect((await merchants.history('acme'))?.map(({ version, removed }) => [version, removed])).toEqual([
      [3, false],
      [2, true],
      [1, false],
    ]);
  });

  it('is refused for another version than the current one, and for one that is not known', async () => {
    const { merchants } = setup();
    await merchants.put('acme', { tier: 'gold' }, BY);

    expect(await merchants.rollback('acme', 1, { ...BY, version: 7 })).toEqual({
      kind: 'version-conflict',
      currentVersion: 1,
    });
    expect(await merchants.rollback('acme', 2, BY)).toEqual({ kind: 'unknown-version', version: 2 });
    expect(await merchants.rollback('nobody', 0, BY)).toEqual({ kind: 'unknown-version', version: 0 });
  });

  it('is refused where its tiers are gone by now, where its text cannot be read, and to a removal', async () => {
    const { store, merchants, setTiers } = setup();
    await merchants.put('acme', { tier: 'overflow' }, BY);
    await setMerchantConfig(store, 'acme', '{oops');
    await merchants.remove('acme', BY);
    setTiers({ gold: 1 });
    const problemOf = async (version: number) => {
      const outcome = await merchants.rollback('acme', version, BY);
      return outcome.kind === 'invalid' ? outcome.problems[0] : outcome;
    };

    expect(await problemOf(1)).toEqual({ path: 'tier', message: 'names no tier: "overflow"' });
    expect(await problemOf(2)).toEqual({ path: '', message: 'is not valid JSON' });
    expect(await problemOf(3)).toMatchObject({ path: 'to_version' });
  });
});

describe('the export', () => {
  it('has every merchant once, by name, whatever its text', async () => {
    const { store, merchants } = setup();
    for (let i = 0; i < 1_200; i++) await setMerchantConfig(store, `m-${i}`, i === 7 ? '{oops' : '{"tier":"gold"}');
    const all = await merchants.exportAll();

    expect(all.map(({ merchantId }) => merchantId)).toEqual(Array.from({ length: 1_200 }, (_, i) => `m-${i}`).sort());
    expect(all.find(({ merchantId }) => merchantId === 'm-7')?.malformed?.text).toBe('{oops');
  });
});
