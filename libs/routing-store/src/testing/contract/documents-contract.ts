import { waitFor } from '@smart-router/testbed';
import { setMerchantConfig, TIER_CONFIG_PUT } from '../configuration';
import type { CreateHarness, StoreHarness } from '../store-harness';

export function documentsContract(create: CreateHarness): void {
  describe('configuration texts', () => {
    let harness: StoreHarness;
    beforeEach(async () => {
      harness = await create();
    });
    afterEach(() => harness.close());

    it('creates a tier config only where there is none', async () => {
      const { store } = harness;
      expect(await store.documents.readTierConfig()).toEqual({ text: null, lastVersion: 0 });
      expect(await store.documents.createTierConfig('first')).toBe('first');
      expect(await store.documents.createTierConfig('second')).toBe('first');
      expect(await store.documents.readTierConfig()).toEqual({ text: 'first', lastVersion: 0 });
    });

    it('replaces a tier config only where the expected one is still there', async () => {
      const { store } = harness;
      await store.documents.createTierConfig('first');
      expect(await store.documents.replaceTierConfig('other', 'wrong', 1, TIER_CONFIG_PUT)).toBe(false);
      expect(await store.documents.replaceTierConfig(null, 'wrong', 1, TIER_CONFIG_PUT)).toBe(false);
      expect(await store.documents.replaceTierConfig('first', 'second text', 1, TIER_CONFIG_PUT)).toBe(true);
      expect(await store.documents.readTierConfig()).toEqual({ text: 'second text', lastVersion: 1 });
    });

    it('lets one of several replacements at the same time win', async () => {
      const { store } = harness;
      const won = await Promise.all(
        [1, 2, 3, 4].map((i) => store.documents.replaceTierConfig(null, `text-${i}`, 1, TIER_CONFIG_PUT)),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    it('keeps the last 50 texts, newest first', async () => {
      const { store } = harness;
      let text: string | null = null;
      for (let version = 1; version <= 53; version++) {
        await store.documents.replaceTierConfig(text, `text ${version}`, version, TIER_CONFIG_PUT);
        text = `text ${version}`;
      }
      const history = await store.documents.tierConfigHistory();
      expect(history).toHaveLength(50);
      expect(history[0]).toEqual({ version: 53, text: 'text 53' });
      expect(history[49]).toEqual({ version: 4, text: 'text 4' });
    });

    it('notifies subscribers of a changed tier config and of other hints until they unsubscribe', async () => {
      const { store } = harness;
      const heard: string[] = [];
      const unsubscribe = store.hints.subscribe('tier-config-changed', () => heard.push('config'));
      store.hints.subscribe('reconcile-requested', () => heard.push('reconcile'));
      await waitFor(
        async () => {
          await store.hints.publish('reconcile-requested');
          return heard.length > 0;
        },
        { description: 'the subscription' },
      );
      const configHints = () => heard.filter((hint) => hint === 'config').length;
      const hintsBefore = configHints();
      await store.documents.replaceTierConfig(null, 'text', 1, TIER_CONFIG_PUT);
      await waitFor(() => configHints() > hintsBefore, { description: 'the hint of a changed config' });
      unsubscribe();
      const heardBefore = configHints();
      await store.documents.replaceTierConfig('text', 'text 2', 2, TIER_CONFIG_PUT);
      const before = heard.filter((hint) => hint === 'reconcile').length;
      await store.hints.publish('reconcile-requested');
      await waitFor(() => heard.filter((hint) => hint === 'reconcile').length > before, { description: 'the hint' });
      expect(configHints()).toBe(heardBefore);
    });

    it('keeps one text per merchant', async () => {
      const { store } = harness;
      expect((await store.documents.readMerchantConfig('acme')).text).toBeNull();
      await setMerchantConfig(store, 'acme', '{"tier":"gold"}');
      expect((await store.documents.readMerchantConfig('acme')).text).toBe('{"tier":"gold"}');
      expect((await setMerchantConfig(store, 'acme', null)).kind).toBe('changed');
      expect((await setMerchantConfig(store, 'acme', null)).kind).toBe('unchanged');
    });

    it('pages through all merchants', async () => {
      const { store } = harness;
      for (let i = 0; i < 700; i++) await setMerchantConfig(store, `merchant-${i}`, `text-${i}`);
      const met = new Map<string, string>();
      let cursor: string | null = null;
      do {
        const page = await store.documents.merchantConfigs(100, cursor ?? undefined);
        for (const { merchantId, text } of page.items) met.set(merchantId, text);
        cursor = page.cursor;
      } while (cursor !== null);
      expect(met.size).toBe(700);
      expect(met.get('merchant-42')).toBe('text-42');
    });
  });
}
