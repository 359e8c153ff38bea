import { RecordingLogger, RecordingObserver } from '../testing/recorders';
import { ChainResolver } from './chain-resolver';
import { initialTierConfig } from './initial-tier-config';
import type { TierConfig } from './tier-config';

const GOLD = '{"tier":"gold"}';

function setup(keptMerchants?: number): {
  resolver: ChainResolver;
  logger: RecordingLogger;
  observer: RecordingObserver;
  use: (config: TierConfig) => void;
} {
  let config = initialTierConfig(null);
  const logger = new RecordingLogger();
  const observer = new RecordingObserver();
  const resolver = new ChainResolver({
    tierConfig: { current: () => config },
    logger,
    observer,
    ...(keptMerchants !== undefined && { keptMerchants }),
  });
  return { resolver, logger, observer, use: (next) => (config = next) };
}

describe('ChainResolver', () => {
  it('returns the default chain and no text when nothing is known of the merchant', () => {
    expect(setup().resolver.chainFor('acme')).toEqual({ chain: ['standard', 'overflow'], knownMerchantConfig: null });
  });

  it('returns the chain of the text that was learned', () => {
    const { resolver } = setup();
    resolver.learn('acme', GOLD);

    expect(resolver.chainFor('acme')).toEqual({ chain: ['gold', 'standard', 'overflow'], knownMerchantConfig: GOLD });
    expect(resolver.chainFor('globex').knownMerchantConfig).toBeNull();
  });

  it('returns the default chain again when it learned that the config is gone', () => {
    const { resolver } = setup();
    resolver.learn('acme', GOLD);
    resolver.learn('acme', null);

    expect(resolver.chainFor('acme')).toEqual({ chain: ['standard', 'overflow'], knownMerchantConfig: null });
  });

  it('returns the chain of the newest text', () => {
    const { resolver } = setup();
    resolver.learn('acme', GOLD);
    resolver.learn('acme', '{"pool":"acme","fallback":[]}');

    expect(resolver.chainFor('acme').chain).toEqual(['merchant:acme']);
  });

  it('follows a change of the tier config', () => {
    const { resolver, use } = setup();
    resolver.learn('acme', GOLD);
    resolver.chainFor('acme');
    use(initialTierConfig('{"gold":1,"silver":1}'));

    expect(resolver.chainFor('acme').chain).toEqual(['gold', 'silver']);
    expect(resolver.chainFor('').chain).toEqual(['gold', 'silver']);
  });

  it('resolves a text once per tier config, however many merchants have it', () => {
    const { resolver, use } = setup();
    resolver.learn('acme', GOLD);
    resolver.learn('globex', GOLD);
    const { chain } = resolver.chainFor('acme');

    expect(resolver.chainFor('globex').chain).toBe(chain);
    use(initialTierConfig(null));
    expect(resolver.chainFor('globex').chain).not.toBe(chain);
  });

  it('forgets a merchant that was not asked for lately when it knows too many', () => {
    const { resolver } = setup(2);
    for (const id of ['a', 'b', 'c']) resolver.learn(id, GOLD);
    resolver.chainFor('a');
    resolver.learn('d', GOLD);

    expect(['a', 'b', 'd'].map((id) => resolver.chainFor(id).knownMerchantConfig)).toEqual([GOLD, null, GOLD]);
  });
});

describe('ChainResolver: configs that cannot be used', () => {
  it('returns the default chain with the malformed text, so that the store agrees', () => {
    const { resolver } = setup();
    resolver.learn('acme', '{broken');

    expect(resolver.chainFor('acme')).toEqual({ chain: ['standard', 'overflow'], knownMerchantConfig: '{broken' });
  });

  it('warns of a malformed text once, also after the tier config changed, and counts every call', () => {
    const { resolver, logger, observer, use } = setup();
    resolver.learn('acme', '{broken');
    resolver.chainFor('acme');
    use(initialTierConfig(null));
    resolver.chainFor('acme');

    expect(logger.of('warn')).toHaveLength(1);
    expect(observer.events).toEqual(['malformed', 'malformed']);
  });

  it('reports a tier that does not exist once per tier config', () => {
    const { resolver, logger, observer, use } = setup();
    resolver.learn('acme', '{"tier":"nickel"}');
    resolver.learn('globex', '{"fallback":["nickel","gold"]}');
    for (const merchant of ['acme', 'globex', 'acme']) resolver.chainFor(merchant);

    expect(observer.events).toEqual(['unknown tier']);
    expect(logger.of('warn')).toMatchObject([{ fields: { tier: 'nickel', tier_config_version: 0 } }]);

    use({ ...initialTierConfig(null), version: 2 });
    resolver.chainFor('acme');
    expect(observer.events).toEqual(['unknown tier', 'unknown tier']);
  });
});
