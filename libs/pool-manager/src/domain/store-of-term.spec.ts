import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { storeOfTerm } from './store-of-term';

const POLICY = { type: 'exclusive', maxConcurrent: 1 } as const;

class FakeTerm {
  isOver = false;

  assertCurrent(): void {
    if (this.isOver) throw new Error('the term is over');
  }
}

describe('storeOfTerm', () => {
  const term = new FakeTerm();
  const store = new MemoryRoutingStore();
  const guarded = storeOfTerm(store, term);

  beforeEach(() => {
    term.isOver = false;
  });

  it('writes while the term lasts', async () => {
    await guarded.configurePool(1, 'gold', POLICY);
    await guarded.registerPod(1, { podName: 'pod-1', incarnation: 'first', ready: true, pool: 'gold' });
    expect((await store.pod('pod-1'))?.pool).toBe('gold');
  });

  it('reads whether or not the term lasts', async () => {
    term.isOver = true;
    expect(await guarded.pods({ limit: 10 })).toEqual(await store.pods({ limit: 10 }));
    expect(await guarded.ping()).toBe(0);
    expect(guarded.kind).toBe('memory');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['configurePool', () => guarded.configurePool(1, 'basic', POLICY)],
    ['removePool', () => guarded.removePool(1, 'gold')],
    ['registerPod', () => guarded.registerPod(1, { podName: 'pod-2', incarnation: 'a', ready: true, pool: 'gold' })],
    ['removePod', () => guarded.removePod(1, 'pod-1')],
    ['movePod', () => guarded.movePod(1, 'pod-1', 'gold', { onlyIdle: false })],
    ['repairPod', () => guarded.repairPod(1, 'pod-1')],
    ['sweepPool', () => guarded.sweepPool(1, 'gold', null)],
    ['expireLeases', () => guarded.expireLeases(1, 10)],
    ['drain', () => guarded.drain('pod-1')],
    ['undrain', () => guarded.undrain('pod-1')],
  ])('sends no %s once the term is over', async (_, write) => {
    const before = await store.fleetStats();
    term.isOver = true;
    await expect(write()).rejects.toThrow('the term is over');
    expect(await store.fleetStats()).toEqual(before);
  });
});
