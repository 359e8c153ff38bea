import { StoreUnavailableError, WrongStoreError } from './errors';
import type { StoreOutage, WriteRefusal } from './routing-store';
import { storeReadiness } from './store-readiness';

const storeThat = (
  probe: () => Promise<void>,
  outage: StoreOutage | null = null,
  warnings: readonly string[] = [],
  writeRefusal: WriteRefusal | null = null,
) => ({
  probe,
  outage: () => outage,
  warnings: () => warnings,
  writeRefusal: () => writeRefusal,
});
const failing = (error: Error) => () => Promise.reject<void>(error);
const UNAVAILABLE = new StoreUnavailableError(new Error('Connection is closed.'));

describe('storeReadiness', () => {
  it('returns the warnings of a store that answers', async () => {
    const store = storeThat(() => Promise.resolve(), null, ['EVICTION_POSSIBLE']);
    await expect(storeReadiness(store)).resolves.toEqual({ warnings: ['EVICTION_POSSIBLE'] });
  });

  it('says since when and why the connection is lost', async () => {
    const outage = { sinceMs: Date.UTC(2026, 0, 1), lastsMs: 5_000, code: 'ECONNREFUSED' };
    await expect(storeReadiness(storeThat(failing(UNAVAILABLE), outage))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      cause: UNAVAILABLE.cause,
      facts: { since: '2026-01-01T00:00:00.000Z', reason: 'ECONNREFUSED' },
    });
  });

  it('says since when and why a store that answers takes no writes', async () => {
    const store = storeThat(failing(UNAVAILABLE), null, [], { sinceMs: Date.UTC(2026, 0, 1), code: 'OOM' });
    const facts = { since: '2026-01-01T00:00:00.000Z', reason: 'OOM' };
    await expect(storeReadiness(store)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', facts });
  });

  it('says since when at the latest while the connection is not known to be lost', async () => {
    const before = new Date().toISOString();
    const error = await storeReadiness(storeThat(failing(UNAVAILABLE))).catch((thrown: unknown) => thrown);
    expect((error as StoreUnavailableError).facts?.since.localeCompare(before)).toBeGreaterThanOrEqual(0);
  });

  it('passes on any other failure', async () => {
    const wrong = new WrongStoreError('other');
    await expect(storeReadiness(storeThat(failing(wrong)))).rejects.toBe(wrong);
  });
});
