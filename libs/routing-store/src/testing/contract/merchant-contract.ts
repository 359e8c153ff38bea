import { waitFor } from '@smart-router/testbed';
import { MERCHANT_HISTORIES_KEPT, MERCHANT_VERSIONS_KEPT } from '../../domain/merchant-documents';
import { OPERATOR, setMerchantConfig } from '../configuration';
import type { CreateHarness, StoreHarness } from '../store-harness';

const NOTE = { ...OPERATOR, action: 'merchant.put' } as const;

export function merchantContract(create: CreateHarness): void {
  describe('configs of merchants', () => {
    let harness: StoreHarness;
    beforeEach(async () => {
      harness = await create();
    });
    afterEach(() => harness.close());

    const versions = async (merchantId: string) =>
      (await harness.store.documents.merchantConfigHistory(merchantId)).map(({ version, text }) => [version, text]);

    it('have no version before the first one', async () => {
      const { store } = harness;
      expect(await store.documents.readMerchantConfig('acme')).toEqual({ version: 0, text: null, storedAtMs: null });
      expect(await versions('acme')).toEqual([]);
    });

    it('get a version with every change, also with their removal', async () => {
      const { store } = harness;
      const texts = ['{"tier":"gold"}', null, '{"fallback":["a b"]}'];
      for (const text of texts) {
        const { kind, current } = await setMerchantConfig(store, 'acme', text);
        expect({ kind, current }).toEqual({
          kind: 'changed',
          current: await store.documents.readMerchantConfig('acme'),
        });
      }
      await setMerchantConfig(store, 'globex', '{}');
      expect(await versions('acme')).toEqual([
        [3, '{"fallback":["a b"]}'],
        [2, null],
        [1, '{"tier":"gold"}'],
      ]);
      const [newest] = await store.documents.merchantConfigHistory('acme');
      expect(newest).toEqual(await store.documents.readMerchantConfig('acme'));
      expect(newest?.storedAtMs).toBeGreaterThan(1_600_000_000_000);
    });

    it('get no version by a text that is there already, nor by the removal of none', async () => {
      const { store } = harness;
      expect(await setMerchantConfig(store, 'acme', null)).toMatchObject({
        kind: 'unchanged',
        current: { version: 0 },
      });
      await setMerchantConfig(store, 'acme', '{}');
      expect(await setMerchantConfig(store, 'acme', '{}')).toMatchObject({
        kind: 'unchanged',
        current: { version: 1 },
      });
      expect((await store.changeLog.changes({ limit: 10 })).items).toHaveLength(1);
    });

    it.each([
      [{ text: '{}', version: 2 }],
      [{ text: '{"tier":"gold"}', version: 1 }],
      [{ text: null, version: 1 }],
      [{ text: null, version: 0 }],
    ])('change only where the expected state is still there, not %j', async (expected) => {
      const { store } = harness;
      await setMerchantConfig(store, 'acme', '{}');
      const change = { merchantId: 'acme', text: '{"tier":"basic"}', expected, note: NOTE };
      expect(await store.documents.changeMerchantConfig(change)).toMatchObject({
        kind: 'conflict',
        current: { version: 1, text: '{}' },
      });
      expect(await versions('acme')).toEqual([[1, '{}']]);
      expect((await store.changeLog.changes({ limit: 10 })).items).toHaveLength(1);
    });

    it('let one of several writers win who saw the same state', async () => {
      const { store } = harness;
      const seen = await store.documents.readMerchantConfig('acme');
      const outcomes = await Promise.all(
        ['a', 'b', 'c'].map((text) =>
          store.documents.changeMerchantConfig({ merchantId: 'acme', text, expected: seen, note: NOTE }),
        ),
      );
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['changed', 'conflict', 'conflict']);
    });

    it('keep a bounded number of versions', async () => {
      for (let i = 1; i <= MERCHANT_VERSIONS_KEPT + 3; i++) await setMerchantConfig(harness.store, 'acme', `text ${i}`);
      const kept = await versions('acme');
      expect(kept).toHaveLength(MERCHANT_VERSIONS_KEPT);
      expect([kept[0], kept.at(-1)]).toEqual([
        [MERCHANT_VERSIONS_KEPT + 3, `text ${MERCHANT_VERSIONS_KEPT + 3}`],
        [4, 'text 4'],
      ]);
    });

    it('keep the versions of a bounded number of merchants, those that were changed last', async () => {
      const { store } = harness;
      const change = async (merchantId: string, text = '{}') =>
        (await setMerchantConfig(store, merchantId, text)).current.storedAtMs ?? 0;
      const storedAtMs = async (merchantId: string) =>
        (await store.documents.merchantConfigHistory(merchantId))[0]?.storedAtMs;
      await change('first');
      const oldestMs = await change('second');
      let ticks = 0;
      await waitFor(
        async () => {
          await harness.advance(1);
          return (await change('clock', `${++ticks}`)) > oldestMs;
        },
        { description: 'a later time' },
      );
      for (let done = 3; done < MERCHANT_HISTORIES_KEPT; done += 500) {
        const ids = Array.from({ length: Math.min(500, MERCHANT_HISTORIES_KEPT - done) }, (_, index) => done + index);
        await Promise.all(ids.map((id) => change(`merchant-${id}`)));
      }
      await change('first', '{"tier":"gold"}');
      expect(await storedAtMs('second')).toBe(oldestMs);
      await change('one-more');
      expect(await store.documents.merchantConfigHistory('second')).toEqual([
        { version: 1, text: '{}', storedAtMs: null },
      ]);
      expect(await versions('first')).toHaveLength(2);
    });
  });
}
