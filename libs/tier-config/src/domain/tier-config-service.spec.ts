import { settled } from '@smart-router/scheduling/testing';
import { REFRESH_MS, type ServiceSetup, setupService } from '../testing/service-setup';
import type { TierConfig } from './tier-config';

const SILVER = '{"version":3,"tiers":{"silver":1}}';
const GOLD = '{"version":4,"tiers":{"gold":1}}';

async function started(text = SILVER): Promise<ServiceSetup> {
  const setup = setupService();
  setup.store.text = text;
  await setup.service.start();
  return setup;
}

function tiersOf({ service }: ServiceSetup): string[] {
  return [...service.current().tiers.keys()];
}

async function refreshWith(setup: ServiceSetup, text: string | null): Promise<void> {
  setup.store.text = text;
  await setup.service.refresh();
}

describe('TierConfigService: start', () => {
  it('serves the config of the environment before it has started', () => {
    expect(tiersOf(setupService('{"bronze":1}'))).toEqual(['bronze']);
  });

  it('stores the config of the environment as version 1 when the store has none', async () => {
    const { service, store } = setupService('{"bronze":1}');
    await service.start();

    expect(JSON.parse(store.text ?? '')).toEqual({
      version: 1,
      updated_at: '2026-11-21T12:00:00.000Z',
      tiers: { bronze: { type: 'exclusive', target: 1 } },
      default_chain: ['bronze'],
      default_tier: 'bronze',
    });
    expect(service.current().version).toBe(1);
  });

  it('stores a version higher than all before when the stored text was deleted', async () => {
    const { service, store } = setupService();
    store.lastVersion = 7;
    await service.start();

    expect(service.current().version).toBe(8);
  });

  it('takes over what the store has, in place of the environment', async () => {
    const setup = setupService('{"bronze":1}');
    setup.store.text = SILVER;
    await setup.service.start();

    expect(tiersOf(setup)).toEqual(['silver']);
    expect(setup.store.text).toBe(SILVER);
  });

  it('takes over the config of the process that was faster when several start at once', async () => {
    const fast = setupService('{"bronze":1}');
    const slow = setupService('{"iron":1}', fast.store);
    await Promise.all([fast.service.start(), slow.service.start()]);

    expect(tiersOf(slow)).toEqual(['bronze']);
    expect(fast.store.history.map(({ version }) => version)).toEqual([1]);
  });

  it('serves the config of the environment when the store cannot be reached, and stores it later', async () => {
    const setup = setupService('{"bronze":1}');
    setup.store.reachable = false;
    await setup.service.start();
    expect(tiersOf(setup)).toEqual(['bronze']);

    setup.store.reachable = true;
    await setup.clock.advance(REFRESH_MS);
    expect(setup.service.current().version).toBe(1);
    expect(setup.store.text).toContain('bronze');
  });

  it('serves the config of the environment when the stored text is not valid, and leaves the text alone', async () => {
    const setup = setupService('{"bronze":1}');
    setup.store.text = '{broken';
    await setup.service.start();

    expect(tiersOf(setup)).toEqual(['bronze']);
    expect(setup.store.text).toBe('{broken');
  });
});

describe('TierConfigService: refresh', () => {
  it('follows a change by hand after the refresh time', async () => {
    const setup = await started();
    setup.store.text = GOLD;
    await setup.clock.advance(REFRESH_MS);

    expect(tiersOf(setup)).toEqual(['gold']);
  });

  it('follows a change at once when it is notified', async () => {
    const setup = await started();
    setup.store.text = GOLD;
    setup.store.notifyListeners();
    await settled();

    expect(tiersOf(setup)).toEqual(['gold']);
  });

  it('keeps the same object while the text stays the same', async () => {
    const { service } = await started();
    const before = service.current();
    await service.refresh();

    expect(service.current()).toBe(before);
  });

  it('notifies listeners of a new config, until they end it', async () => {
    const setup = await started();
    const seen: TierConfig[] = [];
    const end = setup.service.onChange((config) => seen.push(config));
    await refreshWith(setup, GOLD);
    end();
    await refreshWith(setup, SILVER);

    expect(seen.map(({ version }) => version)).toEqual([4]);
  });

  it('notifies the other listeners when one fails, and logs the failure', async () => {
    const setup = await started();
    const seen: number[] = [];
    setup.service.onChange(() => {
      throw new Error('listener');
    });
    setup.service.onChange(({ version }) => seen.push(version));
    await refreshWith(setup, GOLD);

    expect(seen).toEqual([4]);
    expect(setup.logger.of('error')).toHaveLength(1);
  });

  it('reports the version of each config in force', async () => {
    const setup = await started();
    await refreshWith(setup, GOLD);
    await setup.service.refresh();

    expect(setup.observer.events).toEqual(['adopted 0', 'adopted 3', 'adopted 4']);
  });

  it('warns of the parts of a stored text that it leaves out', async () => {
    const setup = await started('{"tiers":{"gold":1},"default_chain":["nickel","gold"]}');

    expect(setup.service.current().defaultChain).toEqual(['gold']);
    expect(setup.logger.of('warn')).toMatchObject([
      { fields: { problems: 'default_chain[0] names no tier: "nickel"; ignored' } },
    ]);
  });

  it('neither listens nor waits after a stop', async () => {
    const setup = await started();
    await setup.service.stop();
    setup.store.text = GOLD;
    setup.store.notifyListeners();
    await settled();

    expect(tiersOf(setup)).toEqual(['silver']);
    expect([setup.clock.sleeping, setup.store.subscribers]).toEqual([0, 0]);
  });
});

describe('TierConfigService: the last good config', () => {
  it.each([
    ['invalid', (setup: ServiceSetup) => (setup.store.text = '{"tiers":{"gold":-1}}')],
    ['missing', (setup: ServiceSetup) => (setup.store.text = null)],
    ['unavailable', (setup: ServiceSetup) => (setup.store.reachable = false)],
  ])('stays in force when what the store has is %s', async (reason, spoil) => {
    const setup = await started();
    const good = setup.service.current();
    spoil(setup);
    await setup.service.refresh();

    expect(setup.service.current()).toBe(good);
    expect(setup.observer.events.at(-1)).toBe(`rejected ${reason}`);
    expect(setup.logger.of('warn')).toMatchObject([{ fields: { reason, tier_config_version: 3 } }]);
  });

  it('is not stored again by itself when the text was deleted', async () => {
    const setup = await started();
    await refreshWith(setup, null);

    expect(setup.store.text).toBeNull();
  });

  it('is warned about once per cause, and counted every time', async () => {
    const setup = await started();
    await refreshWith(setup, '{a');
    await refreshWith(setup, '{a');
    await refreshWith(setup, '{b');
    await refreshWith(setup, null);
    await refreshWith(setup, null);

    expect(setup.logger.of('warn').map(({ fields }) => fields['reason'])).toEqual(['invalid', 'invalid', 'missing']);
    expect(setup.observer.events.filter((event) => event.startsWith('rejected'))).toHaveLength(5);
  });

  it('is warned about again when the same cause comes back after a good read', async () => {
    const setup = await started();
    await refreshWith(setup, '{a');
    await refreshWith(setup, SILVER);
    await refreshWith(setup, '{a');

    expect(setup.logger.of('warn')).toHaveLength(2);
  });

  it('gives way to the next good text', async () => {
    const setup = await started();
    await refreshWith(setup, '{a');
    await refreshWith(setup, GOLD);

    expect(tiersOf(setup)).toEqual(['gold']);
  });
});
