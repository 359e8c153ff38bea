import { OPERATOR } from '@smart-router/routing-store/testing';
import { StoreUnavailableError } from '@smart-router/routing-store';
import { REFRESH_MS, type ServiceSetup, setupService } from '../testing/service-setup';

const SILVER = '{"version":3,"tiers":{"silver":1}}';
const GOLD = '{"version":4,"tiers":{"gold":1}}';
const BROKEN = '{broken';

function setupWith(text: string | null, ...history: readonly { version: number; text: string }[]): ServiceSetup {
  const setup = setupService('{"bronze":1}');
  setup.store.text = text;
  setup.store.lastVersion = history[0]?.version ?? 0;
  setup.store.history.push(...history);
  return setup;
}

function tiersOf({ service }: ServiceSetup): string[] {
  return [...service.current().tiers.keys()];
}

function adoptedTiers({ service }: ServiceSetup): string[] | null {
  const config = service.adopted();
  return config && [...config.tiers.keys()];
}

async function pass(setup: ServiceSetup, ms: number): Promise<void> {
  await setup.clock.advance(ms);
}

describe('TierConfigService: adopted', () => {
  it('returns nothing before the store was read', () => {
    expect(setupWith(SILVER).service.adopted()).toBeNull();
  });

  it('returns the config of the environment when that was stored', async () => {
    const setup = setupWith(null);
    await setup.service.start();

    expect(adoptedTiers(setup)).toEqual(['bronze']);
  });

  it.each([
    ['unavailable', (setup: ServiceSetup) => (setup.store.reachable = false)],
    ['invalid', (setup: ServiceSetup) => (setup.store.text = BROKEN)],
  ])('returns nothing when the text of the store is %s at the start', async (_, spoil) => {
    const setup = setupWith(SILVER);
    spoil(setup);
    await setup.service.start();

    expect(setup.service.adopted()).toBeNull();
    expect(tiersOf(setup)).toEqual(['bronze']);
    expect(setup.logger.of('warn')).toMatchObject([{ fields: { in_force: 'environment' } }]);
  });

  it('returns the last good config when the stored text is not valid any more', async () => {
    const setup = setupWith(SILVER);
    await setup.service.start();
    setup.store.text = BROKEN;
    await setup.service.refresh();

    expect(adoptedTiers(setup)).toEqual(['silver']);
  });

  it('returns what was replaced while the stored text was not valid', async () => {
    const setup = setupWith(BROKEN);
    await setup.service.start();
    await setup.service.replace({ gold: 1 }, { version: 0 }, OPERATOR);

    expect(adoptedTiers(setup)).toEqual(['gold']);
  });

  it('is the config of the environment when the text that was not valid is deleted', async () => {
    const setup = setupWith(BROKEN);
    await setup.service.start();
    setup.store.text = null;
    await setup.service.refresh();

    expect(adoptedTiers(setup)).toEqual(['bronze']);
    expect(setup.store.text).toContain('bronze');
  });
});

describe('TierConfigService: retries until a config is adopted', () => {
  it('looks again soon, with growing waits, when the first look failed', async () => {
    const setup = setupWith(SILVER);
    setup.store.reachable = false;
    await setup.service.start();
    for (const ms of [500, 1_000, 2_000, 4_000, 5_000, 5_000]) {
      const before = setup.observer.events.length;
      await pass(setup, ms - 1);
      expect(setup.observer.events).toHaveLength(before);
      await pass(setup, 1);
      expect(setup.observer.events).toHaveLength(before + 1);
    }
    setup.store.reachable = true;
    await pass(setup, 5_000);

    expect(adoptedTiers(setup)).toEqual(['silver']);
  });

  it('looks again after the refresh time when a later look failed', async () => {
    const setup = setupWith(SILVER);
    await setup.service.start();
    setup.store.reachable = false;
    await pass(setup, REFRESH_MS);
    const before = setup.observer.events.length;
    await pass(setup, REFRESH_MS - 1);

    expect(setup.observer.events).toHaveLength(before);
  });
});

describe('TierConfigService: start with a stored text that is not valid', () => {
  it('takes the newest version of the history that can be read for the last good config', async () => {
    const setup = setupWith(
      BROKEN,
      { version: 5, text: '{' },
      { version: 4, text: GOLD },
      { version: 3, text: SILVER },
    );
    await setup.service.start();

    expect(adoptedTiers(setup)).toEqual(['gold']);
    expect(setup.service.current().version).toBe(4);
    expect(setup.store.text).toBe(BROKEN);
  });

  it('reports that once', async () => {
    const setup = setupWith(BROKEN, { version: 4, text: GOLD });
    await setup.service.start();
    await setup.service.refresh();

    expect(setup.logger.of('warn').map(({ message }) => message)).toEqual([
      'tier config not read from the store; the last good one stays in force',
      expect.stringMatching(/^the stored tier config is invalid; the newest readable version of the history/),
      'TIER_CONFIG differs from the stored tier config, which is in force',
    ]);
  });

  it('follows the store when its text is valid again', async () => {
    const setup = setupWith(BROKEN, { version: 4, text: GOLD });
    await setup.service.start();
    setup.store.text = SILVER;
    await setup.service.refresh();

    expect(adoptedTiers(setup)).toEqual(['silver']);
  });

  it('keeps a config that was replaced while the history was read', async () => {
    const setup = setupWith(BROKEN, { version: 4, text: GOLD });
    const read = setup.store.tierConfigHistory.bind(setup.store);
    setup.store.tierConfigHistory = async () => {
      const history = [...(await read())];
      await setup.service.replace({ iron: 1 }, { version: 0 }, OPERATOR);
      return history;
    };
    await setup.service.start();

    expect(adoptedTiers(setup)).toEqual(['iron']);
  });

  it('keeps its last good config, not the newest of the history, when the text becomes invalid later', async () => {
    const setup = setupWith(SILVER, { version: 4, text: GOLD });
    await setup.service.start();
    setup.store.text = BROKEN;
    await setup.service.refresh();

    expect(adoptedTiers(setup)).toEqual(['silver']);
  });
});

describe('TierConfigService: restore', () => {
  it('stores the text in force again as it was when it was deleted', async () => {
    const setup = setupWith(SILVER, { version: 3, text: SILVER });
    await setup.service.start();
    setup.store.text = null;

    expect(await setup.service.restore()).toBe(true);
    expect(setup.store.text).toBe(SILVER);
    expect(setup.store.history).toHaveLength(1);
    expect(setup.logger.of('warn').at(-1)).toEqual({
      level: 'warn',
      fields: { tier_config_version: 3 },
      message: 'tier config was missing in the store and is stored again',
    });
  });

  it('puts its version into the history again when the store lost all data', async () => {
    const setup = setupWith(SILVER, { version: 3, text: SILVER });
    await setup.service.start();
    setup.store.text = null;
    setup.store.lastVersion = 0;
    setup.store.history.length = 0;
    await setup.service.restore();

    expect(setup.store.lastVersion).toBe(3);
    expect(setup.store.history).toEqual([{ version: 3, text: SILVER }]);
  });

  it.each([GOLD, BROKEN])('leaves the text %s alone', async (text) => {
    const setup = setupWith(SILVER);
    await setup.service.start();
    setup.store.text = text;

    expect(await setup.service.restore()).toBe(false);
    expect(setup.store.text).toBe(text);
  });

  it('stores nothing when the config of the environment is in force', async () => {
    const setup = setupWith(BROKEN);
    await setup.service.start();
    setup.store.text = null;

    expect(await setup.service.restore()).toBe(false);
    expect(setup.store.text).toBeNull();
  });

  it('keeps a new process from storing the config of its environment', async () => {
    const setup = setupWith(SILVER);
    await setup.service.start();
    setup.store.text = null;
    await setup.service.restore();
    const other = setupService('{"iron":1}', setup.store);
    await other.service.start();

    expect(adoptedTiers(other)).toEqual(['silver']);
  });

  it('throws when the store cannot be reached', async () => {
    const setup = setupWith(SILVER);
    await setup.service.start();
    setup.store.reachable = false;

    await expect(setup.service.restore()).rejects.toThrow(StoreUnavailableError);
  });
});
