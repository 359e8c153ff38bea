import { StoreUnavailableError, WrongStoreError } from '../domain/errors';
import { StoreIdentity, type StoreIdentityOptions, type InstanceId } from './store-identity';

const HOUR_MS = 3_600_000;

/** Stores by name; a process is connected to one of them at a time. */
class Stores {
  nowMs = 10 * HOUR_MS;
  connectedTo = 'own';
  replicationId = 'one';
  readonly marks = new Map<string, { mark: string; sinceMs: number }>();

  readonly identify = async (mark: string): Promise<InstanceId> => {
    if (this.connectedTo === 'nothing') throw new StoreUnavailableError(new Error('cut off'));
    const found = this.marks.get(this.connectedTo) ?? { mark, sinceMs: this.nowMs };
    this.marks.set(this.connectedTo, found);
    const text = `${found.mark} ${found.sinceMs}`;
    return { ...found, nowMs: this.nowMs, text, replicationId: this.replicationId };
  };
}

let made = 0;

function processOn(stores: Stores, options: Partial<StoreIdentityOptions> = {}) {
  const changes: string[] = [];
  const identity = new StoreIdentity({
    identify: stores.identify,
    required: null,
    newMark: () => `made-${++made}`,
    onEmptied: () => changes.push('emptied'),
    onChange: (isWrong, mark) => changes.push(`${isWrong ? 'wrong' : 'right'} ${mark}`),
    ...options,
  });
  return { identity, changes };
}

describe('StoreIdentity', () => {
  it('leaves a mark in an empty store, which all processes share', async () => {
    const stores = new Stores();
    const [first, second] = [processOn(stores), processOn(stores)];
    await first.identity.verify();
    await second.identity.verify();
    expect([first.identity.isOwn, second.identity.isOwn]).toEqual([true, true]);
    expect(stores.marks.size).toBe(1);
  });

  it('refuses a store that existed beside the own one, until that is back', async () => {
    const stores = new Stores();
    stores.marks.set('other', { mark: 'theirs', sinceMs: HOUR_MS });
    const { identity, changes } = processOn(stores);
    await identity.verify();
    stores.connectedTo = 'other';
    identity.markUnverified();
    await expect(identity.verify()).rejects.toThrow(WrongStoreError);
    await expect(identity.verify()).rejects.toMatchObject({ code: 'WRONG_STORE', mark: 'theirs' });
    expect(identity.isOwn).toBe(false);
    stores.connectedTo = 'own';
    await identity.verify();
    expect(identity.isOwn).toBe(true);
    expect(changes).toEqual(['wrong theirs', expect.stringMatching(/^right made-/)]);
  });

  it('gives an emptied store its mark back', async () => {
    const stores = new Stores();
    const { identity, changes } = processOn(stores);
    await identity.verify();
    const mark = stores.marks.get('own')?.mark;
    stores.marks.clear();
    stores.nowMs += HOUR_MS;
    await identity.verify();
    await identity.verify();
    expect(changes).toEqual(['emptied']);
    expect(stores.marks.get('own')).toEqual({ mark, sinceMs: stores.nowMs });
  });

  it('adopts the mark that a new process left in a store that was emptied', async () => {
    const stores = new Stores();
    const [old, young] = [processOn(stores), processOn(stores)];
    await old.identity.verify();
    stores.marks.clear();
    stores.nowMs += 1_000;
    await young.identity.verify();
    await old.identity.verify();
    expect([old.identity.isOwn, old.changes, young.changes]).toEqual([true, ['emptied'], []]);
  });

  it.each([
    { made: 'just before the last look', onServer: 'one', agoMs: 1, isOwn: false },
    { made: 'just after the last look', onServer: 'one', agoMs: -1, isOwn: true },
    { made: 'as long before as clocks differ', onServer: 'another', agoMs: 1_900, isOwn: true },
    { made: 'longer before', onServer: 'another', agoMs: 2_100, isOwn: false },
  ])('takes a mark that was made $made on $onServer server for its own: $isOwn', async ({ onServer, agoMs, isOwn }) => {
    const stores = new Stores();
    const { identity } = processOn(stores);
    await identity.verify();
    stores.marks.set('other', { mark: 'theirs', sinceMs: stores.nowMs - agoMs });
    stores.connectedTo = 'other';
    stores.replicationId = onServer;
    stores.nowMs += 1_000;
    await identity.verify().catch(() => undefined);
    expect(identity.isOwn).toBe(isOwn);
  });

  it('knows all that the key holds, of the own store alone', async () => {
    const stores = new Stores();
    stores.marks.set('own', { mark: 'ours', sinceMs: 7 });
    stores.marks.set('other', { mark: 'theirs', sinceMs: 8 });
    const { identity } = processOn(stores);
    await identity.verify();
    stores.connectedTo = 'other';
    await expect(identity.verify()).rejects.toThrow(WrongStoreError);
    expect(identity.markText).toBe('ours 7');
  });

  it('knows nothing while the connection is lost', async () => {
    const stores = new Stores();
    const { identity } = processOn(stores);
    await identity.verify();
    stores.connectedTo = 'nothing';
    identity.markUnverified();
    await expect(identity.verify()).rejects.toThrow(StoreUnavailableError);
    expect(identity.isOwn).toBe(false);
  });

  it('takes no mark but the required one', async () => {
    const stores = new Stores();
    stores.marks.set('other', { mark: 'theirs', sinceMs: HOUR_MS });
    const { identity } = processOn(stores, { required: 'ours' });
    await identity.verify();
    expect(stores.marks.get('own')?.mark).toBe('ours');
    stores.connectedTo = 'other';
    await expect(identity.verify()).rejects.toThrow(WrongStoreError);
  });

  it('asks once for all who ask at the same time', async () => {
    let asked = 0;
    const stores = new Stores();
    const { identity } = processOn(stores, { identify: (mark) => (++asked, stores.identify(mark)) });
    await Promise.all([identity.verify(), identity.verify(), identity.verify()]);
    expect(asked).toBe(1);
  });
});
