import { OPERATOR } from '@smart-router/routing-store/testing';
import { REFRESH_MS, type ServiceSetup, setupService } from '../testing/service-setup';
import { tierConfigFacts } from './config-divergence';

const SILVER = '{"version":3,"tiers":{"silver":1}}';
const OF_NEXT_VERSION = '{"version":4,"tiers":{"silver":1},"placement":"spread"}';
const BROKEN = '{"version":5,"tiers":{"silver":{"type":"elastic"}}}';

async function started(environment: string | null, text: string | null): Promise<ServiceSetup> {
  const setup = setupService(environment);
  setup.store.text = text;
  await setup.service.start();
  return setup;
}

/** Looks again and again, as time passes. */
async function look(setup: ServiceSetup, times = 5): Promise<void> {
  for (let time = 0; time < times; time++) {
    await setup.clock.advance(REFRESH_MS);
  }
}

const warnings = ({ service }: ServiceSetup): readonly string[] => tierConfigFacts(service).warnings ?? [];

const linesWith = ({ logger }: ServiceSetup, text: string): number =>
  logger.lines.filter(({ message }) => message.includes(text)).length;

describe('a stored config that this process does not take over', () => {
  it.each([
    ['invalid', (setup: ServiceSetup) => (setup.store.text = BROKEN)],
    ['missing', (setup: ServiceSetup) => (setup.store.text = null)],
    ['unavailable', (setup: ServiceSetup) => (setup.store.reachable = false)],
  ])('is a warning, a metric and one line when it is %s, until it is good again', async (reason, spoil) => {
    const setup = await started(null, SILVER);
    expect(tierConfigFacts(setup.service)).toEqual({ version: 3, in_force: 'store', rejected: null });
    spoil(setup);
    await look(setup);
    expect(tierConfigFacts(setup.service)).toEqual({
      version: 3,
      in_force: 'store',
      rejected: reason,
      warnings: ['TIER_CONFIG_NOT_FOLLOWED'],
    });
    expect(setup.observer.divergences).toEqual(new Set(['not_followed']));
    expect(linesWith(setup, 'not read from the store')).toBe(1);
    setup.store.reachable = true;
    setup.store.text = SILVER;
    await look(setup);
    expect([warnings(setup), setup.observer.divergences.size]).toEqual([[], 0]);
  });

  it('is a warning, too, when the config of the environment is in force for it', async () => {
    const setup = await started('{"bronze":1}', BROKEN);
    expect(tierConfigFacts(setup.service)).toMatchObject({ in_force: 'environment', rejected: 'invalid' });
    expect(warnings(setup)).toEqual(['TIER_CONFIG_NOT_FOLLOWED']);
  });
});

describe('a stored config of which this process knows a part only', () => {
  it('is a warning, a metric and one line, until one is stored that it knows as a whole', async () => {
    const setup = await started(null, OF_NEXT_VERSION);
    await look(setup);
    expect(warnings(setup)).toEqual(['TIER_CONFIG_PARTLY_IGNORED']);
    expect(setup.observer.divergences).toEqual(new Set(['partly_ignored']));
    expect(linesWith(setup, 'parts of the tier config are ignored')).toBe(1);
    setup.store.text = SILVER;
    await look(setup);
    expect([warnings(setup), setup.observer.divergences.size]).toEqual([[], 0]);
  });
});

describe('a config of the environment', () => {
  it('is no divergence when the store has the same under another version', async () => {
    const setup = await started('{"silver":1}', SILVER);
    expect([warnings(setup), setup.observer.divergences.size]).toEqual([[], 0]);
  });

  it('is no divergence when nobody set one', async () => {
    expect(warnings(await started(null, SILVER))).toEqual([]);
  });

  it('is a warning, a metric and one line for all versions that differ, until the store has it again', async () => {
    const setup = await started('{"bronze":1}', SILVER);
    await setup.service.replace({ gold: 1 }, { version: 3 }, OPERATOR);
    await look(setup);
    expect(warnings(setup)).toEqual(['TIER_CONFIG_NOT_OF_ENVIRONMENT']);
    expect(setup.observer.divergences).toEqual(new Set(['environment']));
    expect(linesWith(setup, 'TIER_CONFIG differs from the stored tier config')).toBe(1);
    await setup.service.replace({ bronze: 1 }, { version: 4 }, OPERATOR);
    expect([warnings(setup), setup.observer.divergences.size]).toEqual([[], 0]);
    expect(linesWith(setup, 'TIER_CONFIG is the stored tier config again')).toBe(1);
  });
});
