import type { LeaseRecord, ResourceLock } from '../domain/lease-record';

const never = new AbortController().signal;

const RECORD: LeaseRecord = {
  holderIdentity: 'a',
  leaseDurationSeconds: 15,
  acquireTime: '2026-11-21T10:00:00.123Z',
  renewTime: '2026-11-21T10:00:00.123Z',
  leaseTransitions: 0,
};
const RELEASED: LeaseRecord = { ...RECORD, holderIdentity: '', leaseDurationSeconds: 1 };

export interface LeaseHarness {
  readonly records: ResourceLock;
  /** Another process's way to the same lease. */
  readonly others: ResourceLock;
  /** As by hand. */
  remove(): Promise<void>;
  close(): Promise<void>;
}

/** What every place of the lease must do. Run it with a function that opens an empty one. */
export function describeResourceLockContract(adapter: string, open: () => Promise<LeaseHarness>): void {
  describe(`lease records in ${adapter}`, () => {
    let t: LeaseHarness;
    beforeEach(async () => {
      t = await open();
    });
    afterEach(() => t.close());

    const created = async (): Promise<string> => {
      const outcome = await t.records.create(RECORD, never);
      if (outcome.kind !== 'written') throw new Error('the lease was there already');
      return outcome.version;
    };

    it('hold nothing in the beginning', async () => {
      expect(await t.records.read(never)).toBeNull();
    });

    it('give back what was created, as it was written', async () => {
      const version = await created();
      expect(await t.others.read(never)).toEqual({ record: RECORD, version });
    });

    it('are not created over another one', async () => {
      await created();
      expect(await t.others.create({ ...RECORD, holderIdentity: 'b' }, never)).toEqual({ kind: 'conflict' });
      expect((await t.records.read(never))?.record).toEqual(RECORD);
    });

    it('let one of several creators win', async () => {
      const outcomes = await Promise.all([t.records, t.others, t.records].map((each) => each.create(RECORD, never)));
      expect(outcomes.filter(({ kind }) => kind === 'written')).toHaveLength(1);
    });

    it('are updated from the state that was written or read', async () => {
      const first = await t.records.update({ ...RECORD, leaseTransitions: 1 }, await created(), never);
      expect(first.kind).toBe('written');
      const seen = await t.others.read(never);
      expect(seen?.record.leaseTransitions).toBe(1);
      const second = await t.others.update({ ...RECORD, holderIdentity: 'b' }, seen?.version ?? '', never);
      expect(second.kind).toBe('written');
      expect((await t.records.read(never))?.record.holderIdentity).toBe('b');
    });

    it('are not updated from a state that has passed', async () => {
      const version = await created();
      await t.others.update({ ...RECORD, holderIdentity: 'b' }, version, never);
      expect(await t.records.update({ ...RECORD, leaseTransitions: 7 }, version, never)).toEqual({ kind: 'conflict' });
      expect((await t.records.read(never))?.record.holderIdentity).toBe('b');
    });

    it('are not updated once they are gone', async () => {
      const version = await created();
      await t.remove();
      expect(await t.records.update(RECORD, version, never)).toEqual({ kind: 'conflict' });
      expect(await t.records.read(never)).toBeNull();
    });

    it('are not updated by one who knew them before they were gone and there again', async () => {
      const version = await created();
      await t.remove();
      await t.others.create({ ...RECORD, holderIdentity: 'b' }, never);
      expect(await t.records.update(RECORD, version, never)).toEqual({ kind: 'conflict' });
      expect((await t.records.read(never))?.record.holderIdentity).toBe('b');
    });

    it('can name nobody', async () => {
      await t.records.update(RELEASED, await created(), never);
      expect((await t.others.read(never))?.record).toEqual(RELEASED);
    });
  });
}
