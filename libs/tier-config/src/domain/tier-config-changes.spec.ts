import { settled } from '@smart-router/scheduling/testing';
import { OPERATOR } from '@smart-router/routing-store/testing';
import { tierConfigTag } from './tier-config-revisions';
import { NOW, type ServiceSetup, setupService } from '../testing/service-setup';
import { StoreUnavailableError } from '@smart-router/routing-store';

async function started(): Promise<ServiceSetup> {
  const setup = setupService('{"bronze":1}');
  await setup.service.start();
  return setup;
}

function tiersOf({ service }: ServiceSetup): string[] {
  return [...service.current().tiers.keys()];
}

describe('TierConfigService: replace', () => {
  it('stores the next version and puts it in force at once', async () => {
    const setup = await started();
    const outcome = await setup.service.replace({ tiers: { gold: 2 } }, { version: 1 }, OPERATOR);

    expect(outcome).toMatchObject({ kind: 'replaced', config: { version: 2, updatedAt: NOW, defaultChain: ['gold'] } });
    expect(setup.service.current()).toEqual(outcome.kind === 'replaced' && outcome.config);
    expect(JSON.parse(setup.store.text ?? '')).toMatchObject({ version: 2, updated_at: NOW });
  });

  it('takes neither version nor time from the body', async () => {
    const { service } = await started();
    const outcome = await service.replace(
      { version: 70, updated_at: 'never', tiers: { gold: 2 } },
      { version: 1 },
      OPERATOR,
    );

    expect(outcome).toMatchObject({ config: { version: 2, updatedAt: NOW } });
  });

  it('reports all problems and changes nothing when the body is not valid', async () => {
    const setup = await started();
    const before = setup.store.text;
    const outcome = await setup.service.replace(
      { tiers: { gold: -1 }, default_chain: ['gold', 'nickel'] },
      { version: 1 },
      OPERATOR,
    );

    expect(outcome).toMatchObject({
      kind: 'invalid',
      problems: [{ path: 'tiers.gold' }, { path: 'default_chain[1]' }],
    });
    expect(setup.store.text).toBe(before);
    expect(tiersOf(setup)).toEqual(['bronze']);
  });

  it.each([0, 2])('is refused when the writer has seen version %i and the store has 1', async (seen) => {
    const setup = await started();

    expect(await setup.service.replace({ gold: 1 }, { version: seen }, OPERATOR)).toEqual({
      kind: 'version-conflict',
      currentVersion: 1,
    });
    expect(tiersOf(setup)).toEqual(['bronze']);
  });

  it('has one winner when two replicas replace the same version at once', async () => {
    const setup = await started();
    const other = setupService(null, setup.store);
    await other.service.start();
    const outcomes = await Promise.all([
      setup.service.replace({ gold: 1 }, { version: 1 }, OPERATOR),
      other.service.replace({ silver: 1 }, { version: 1 }, OPERATOR),
    ]);

    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['replaced', 'version-conflict']);
    expect(setup.store.lastVersion).toBe(2);
  });

  it('replaces a text written by hand without a version as version 0', async () => {
    const setup = await started();
    await setup.service.replace({ gold: 1 }, { version: 1 }, OPERATOR);
    setup.store.text = '{"silver":1}';

    expect(await setup.service.replace({ gold: 2 }, { version: 0 }, OPERATOR)).toMatchObject({
      kind: 'replaced',
      config: { version: 3 },
    });
  });

  it('stores a version above one that was written by hand', async () => {
    const setup = await started();
    setup.store.text = '{"version":40,"tiers":{"silver":1}}';

    expect(await setup.service.replace({ gold: 2 }, { version: 40 }, OPERATOR)).toMatchObject({
      config: { version: 41 },
    });
  });

  it.each([['{broken'], [null]])(
    'replaces the stored text %j when the writer has seen what is in force',
    async (text) => {
      const setup = await started();
      setup.store.text = text;

      expect(await setup.service.replace({ gold: 2 }, { version: 1 }, OPERATOR)).toMatchObject({
        kind: 'replaced',
        config: { version: 2 },
      });
    },
  );

  it('throws when the store cannot be reached', async () => {
    const setup = await started();
    setup.store.reachable = false;

    await expect(setup.service.replace({ gold: 2 }, { version: 1 }, OPERATOR)).rejects.toThrow(StoreUnavailableError);
  });

  it('stays in force when a read that began before is answered after it', async () => {
    const setup = await started();
    setup.store.beforeNextAnswer = async () =>
      void (await setup.service.replace({ gold: 1 }, { version: 1 }, OPERATOR));
    await setup.service.refresh();

    expect(tiersOf(setup)).toEqual(['gold']);
  });

  it('does not take the place of a newer version that was read before its own answer arrived', async () => {
    const setup = await started();
    setup.store.beforeNextReplacementAnswer = async () => {
      setup.store.text = '{"version":3,"tiers":{"silver":1}}';
      await setup.service.refresh();
    };
    await setup.service.replace({ gold: 1 }, { version: 1 }, OPERATOR);

    expect(tiersOf(setup)).toEqual(['silver']);
  });

  it('reaches another replica as soon as that is notified', async () => {
    const setup = await started();
    const other = setupService(null, setup.store);
    await other.service.start();
    await setup.service.replace({ gold: 1 }, { version: 1 }, OPERATOR);
    setup.store.notifyListeners();
    await settled();

    expect(tiersOf(other)).toEqual(['gold']);
  });
});

describe('TierConfigService: what a writer expects', () => {
  const tagOf = ({ service }: ServiceSetup) => tierConfigTag(service.current());
  const is = (wanted: string) => ({ precondition: { holds: (tag: string | null) => tag === wanted } });

  it('may be the tag of what is stored, in place of its version', async () => {
    const setup = await started();
    const before = tagOf(setup);

    expect(await setup.service.replace({ gold: 1 }, is(before), OPERATOR)).toMatchObject({ kind: 'replaced' });
    expect(await setup.service.replace({ iron: 1 }, is(before), OPERATOR)).toEqual({
      kind: 'precondition-failed',
      currentTag: tagOf(setup),
    });
    expect(await setup.service.rollback(1, is(before), OPERATOR)).toMatchObject({ kind: 'precondition-failed' });
    expect(setup.store.lastVersion).toBe(2);
  });

  it('is looked at once more by the store, at the moment of the write', async () => {
    const setup = await started();
    const before = tagOf(setup);
    const byHand = '{"version":1,"tiers":{"silver":1}}';
    setup.store.beforeNextAnswer = async () => void (setup.store.text = byHand);

    expect(await setup.service.replace({ gold: 1 }, is(before), OPERATOR)).toMatchObject({
      kind: 'precondition-failed',
    });
    expect(setup.store.text).toBe(byHand);
  });

  it('differs from a text that was changed by hand and kept its version', async () => {
    const setup = await started();
    const before = tagOf(setup);
    setup.store.text = '{"version":1,"tiers":{"silver":1}}';
    await setup.service.refresh();

    expect(tagOf(setup)).not.toBe(before);
  });
});

describe('TierConfigService: the change log', () => {
  it('notes who changed what', async () => {
    const setup = await started();
    await setup.service.replace({ gold: 1 }, {}, OPERATOR);
    await setup.service.rollback(1, {}, OPERATOR);

    expect(setup.store.notes.map(({ action, actor }) => [action, actor])).toEqual([
      ['tier_config.seed', 'smart-router'],
      ['tier_config.put', 'ops'],
      ['tier_config.rollback', 'ops'],
    ]);
  });
});

describe('TierConfigService: check', () => {
  it('returns the config that a valid body would make, and stores nothing', async () => {
    const setup = await started();
    const before = setup.store.text;

    expect(setup.service.check({ gold: 1 })).toMatchObject({ kind: 'valid', config: { defaultChain: ['gold'] } });
    expect(setup.store.text).toBe(before);
  });

  it('returns the problems of a body as strictly as replace', async () => {
    const { service } = await started();

    expect(service.check({ tiers: { gold: 1 }, default_chain: ['nickel'] })).toMatchObject({
      kind: 'invalid',
      problems: [{ path: 'default_chain[0]' }],
    });
  });
});

describe('TierConfigService: history and rollback', () => {
  it('has the first version and all that were stored, newest first', async () => {
    const { service } = await started();
    await service.replace({ gold: 1 }, { version: 1 }, OPERATOR);
    const history = await service.history();

    expect(history.map(({ version, config }) => [version, [...(config?.tiers.keys() ?? [])]])).toEqual([
      [2, ['gold']],
      [1, ['bronze']],
    ]);
  });

  it('has no config for a text that cannot be read', async () => {
    const setup = await started();
    setup.store.history.unshift({ version: 9, text: '{broken' });

    expect((await setup.service.history())[0]).toEqual({ version: 9, config: null });
  });

  it('stores an earlier version as a new one and puts it in force', async () => {
    const setup = await started();
    await setup.service.replace({ gold: 1 }, { version: 1 }, OPERATOR);

    expect(await setup.service.rollback(1, { version: 2 }, OPERATOR)).toMatchObject({
      kind: 'replaced',
      config: { version: 3 },
    });
    expect(tiersOf(setup)).toEqual(['bronze']);
  });

  it('is refused when the version is not in the history', async () => {
    const { service } = await started();

    expect(await service.rollback(5, { version: 1 }, OPERATOR)).toEqual({ kind: 'unknown-version', version: 5 });
  });

  it('is refused when the writer has not seen the newest version', async () => {
    const { service } = await started();
    await service.replace({ gold: 1 }, { version: 1 }, OPERATOR);

    expect(await service.rollback(1, { version: 1 }, OPERATOR)).toEqual({
      kind: 'version-conflict',
      currentVersion: 2,
    });
  });
});
