import { CHANGE_TEXT_BYTES, CHANGES_KEPT } from '../../domain/change-log';
import { OPERATOR, setMerchantConfig, TIER_CONFIG_PUT } from '../configuration';
import type { CreateHarness } from '../store-harness';
import { StoreUnderTest } from '../store-harness';

export function changeLogContract(create: CreateHarness): void {
  describe('the change log', () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await StoreUnderTest.open(create);
      await t.register('pod-g', 'gold');
    });
    afterEach(() => t.close());

    const changes = async () => (await t.store.changeLog.changes({ limit: 500 })).items;

    it('has who, what, before and after of every change, newest first', async () => {
      await t.store.documents.replaceTierConfig(null, 'one', 1, TIER_CONFIG_PUT);
      await t.store.documents.replaceTierConfig('one', 'two', 2, {
        ...TIER_CONFIG_PUT,
        action: 'tier_config.rollback',
      });
      await setMerchantConfig(t.store, 'acme', '{}');
      await setMerchantConfig(t.store, 'acme', null);
      await t.store.drains.drain('pod-g', { by: { ...OPERATOR, actor: 'open' } });
      await t.store.drains.undrain('pod-g', { by: OPERATOR });
      const [is, isNot] = ['{"is_draining":true}', '{"is_draining":false}'];
      expect(
        (await changes()).map(({ id, timeMs, ...rest }) => (expect(timeMs).toBe(Number(id.split('-')[0])), rest)),
      ).toEqual([
        { ...OPERATOR, action: 'pod.undrain', subject: 'pod-g', version: null, before: is, after: isNot },
        { ...OPERATOR, actor: 'open', action: 'pod.drain', subject: 'pod-g', version: null, before: isNot, after: is },
        { ...OPERATOR, action: 'merchant.delete', subject: 'acme', version: 2, before: '{}', after: null },
        { ...OPERATOR, action: 'merchant.put', subject: 'acme', version: 1, before: null, after: '{}' },
        { ...OPERATOR, action: 'tier_config.rollback', subject: '', version: 2, before: 'one', after: 'two' },
        { ...OPERATOR, action: 'tier_config.put', subject: '', version: 1, before: null, after: 'one' },
      ]);
    });

    it('has what was recorded of something else than the store', async () => {
      const note = { ...OPERATOR, action: 'component.reinitialize' } as const;
      await t.store.changeLog.record(note, { subject: 'store', version: null, before: 'lost', after: null });
      await t.store.changeLog.record(note, { subject: '', version: 7, before: null, after: 'found' });
      expect(
        (await changes()).map(({ id, timeMs, ...rest }) => (expect(timeMs).toBe(Number(id.split('-')[0])), rest)),
      ).toEqual([
        { ...note, subject: '', version: 7, before: null, after: 'found' },
        { ...note, subject: 'store', version: null, before: 'lost', after: null },
      ]);
    });

    it('has the time of the change, in order', async () => {
      await setMerchantConfig(t.store, 'acme', '{}');
      await setMerchantConfig(t.store, 'acme', null);
      const [last, first] = (await changes()).map(({ timeMs }) => timeMs);
      const { storedAtMs } = await t.store.documents.readMerchantConfig('acme');
      expect(last).toBeGreaterThanOrEqual(first ?? Infinity);
      expect(Math.abs((storedAtMs ?? 0) - (last ?? 0))).toBeLessThan(60_000);
    });

    it('has nothing of what changed nothing, and nothing of what the leader drains', async () => {
      await t.store.drains.drain('pod-g');
      await t.store.drains.drain('pod-g', { by: OPERATOR });
      await t.store.drains.undrain('pod-g');
      await t.store.drains.undrain('pod-g', { by: OPERATOR });
      await t.store.drains.drain('nobody', { by: OPERATOR });
      await t.store.drains.undrain('nobody', { by: OPERATOR });
      await t.store.documents.replaceTierConfig('other', 'one', 1, TIER_CONFIG_PUT);
      expect(await changes()).toEqual([]);
    });

    it.each([
      ['\u00e4', '\u00e4'],
      ['x'.repeat(CHANGE_TEXT_BYTES), 'x'.repeat(CHANGE_TEXT_BYTES)],
      ['x'.repeat(CHANGE_TEXT_BYTES + 1), 'x'.repeat(CHANGE_TEXT_BYTES)],
      ['\u00e4'.repeat(CHANGE_TEXT_BYTES), '\u00e4'.repeat(CHANGE_TEXT_BYTES / 2)],
      [`x${'\u00e4'.repeat(CHANGE_TEXT_BYTES)}`, `x${'\u00e4'.repeat(CHANGE_TEXT_BYTES / 2 - 1)}`],
      [`xx${'\u{1f600}'.repeat(CHANGE_TEXT_BYTES)}`, `xx${'\u{1f600}'.repeat(CHANGE_TEXT_BYTES / 4 - 1)}`],
    ])('has texts of a bounded size, cut between characters, case %#', async (text, kept) => {
      await setMerchantConfig(t.store, 'acme', text);
      await setMerchantConfig(t.store, 'acme', null);
      expect((await changes()).map(({ before, after }) => [before, after])).toEqual([
        [kept, null],
        [null, kept],
      ]);
    });

    it('keeps a bounded number of changes', async () => {
      for (let done = 0; done < CHANGES_KEPT + 100; done += 100) {
        await Promise.all(
          Array.from({ length: 100 }, (_, index) => setMerchantConfig(t.store, `merchant-${done + index}`, '{}')),
        );
      }
      let [cursor, count]: [string | null, number] = [null, 0];
      do {
        const page = await t.store.changeLog.changes({ limit: 500, ...(cursor !== null && { cursor }) });
        [cursor, count] = [page.cursor, count + page.items.length];
      } while (cursor !== null);
      expect(count).toBe(CHANGES_KEPT);
    });

    it('is read in pages, each from where the one before ended', async () => {
      for (let version = 1; version <= 5; version++) {
        await t.store.documents.replaceTierConfig(
          version === 1 ? null : `${version - 1}`,
          `${version}`,
          version,
          TIER_CONFIG_PUT,
        );
      }
      const first = await t.store.changeLog.changes({ limit: 2 });
      await setMerchantConfig(t.store, 'acme', '{}');
      const second = await t.store.changeLog.changes({ limit: 5, cursor: first.cursor ?? '' });
      expect([first, second].map(({ items }) => items.map(({ version }) => version))).toEqual([
        [5, 4],
        [3, 2, 1],
      ]);
      expect(second.cursor).toBeNull();
    });

    it.each(['0-1', '18446744073709551615-18446744073709551615'])('is read from any place: %s', async (cursor) => {
      await setMerchantConfig(t.store, 'acme', '{}');
      const { items } = await t.store.changeLog.changes({ limit: 5, cursor });
      expect(items).toHaveLength(cursor === '0-1' ? 0 : 1);
    });

    it('is filtered by action, actor, subject and request', async () => {
      await setMerchantConfig(t.store, 'acme', '{}');
      await setMerchantConfig(t.store, 'globex', '{}');
      await t.store.drains.drain('pod-g', { by: { ...OPERATOR, actor: 'other', requestId: 'request-2' } });
      const found = async (filter: object) =>
        (await t.store.changeLog.changes({ limit: 5 }, filter)).items.map(({ subject }) => subject);
      expect(await found({ action: 'merchant.put' })).toEqual(['globex', 'acme']);
      expect(await found({ subject: 'acme' })).toEqual(['acme']);
      expect(await found({ actor: 'other' })).toEqual(['pod-g']);
      expect(await found({ requestId: 'request-2', actor: 'ops' })).toEqual([]);
      expect(await found({ actor: undefined })).toHaveLength(3);
    });
  });
}
