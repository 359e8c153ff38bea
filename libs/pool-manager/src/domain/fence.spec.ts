import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { fence } from './fence';

const POLICY = { type: 'exclusive', maxConcurrent: 1 } as const;

class FakeTerm {
  isOver = false;

  assertCurrent(): void {
    if (this.isOver) throw new Error('the term is over');
  }
}

describe('fence', () => {
  const term = new FakeTerm();
  const store = new MemoryRoutingStore();
  const pods = fence(store.pods, term);
  const drains = fence(store.drains, term);

  beforeEach(() => {
    term.isOver = false;
  });

  it('writes while the term lasts', async () => {
    await pods.configurePool(1, 'gold', POLICY);
    await pods.registerPod(1, { podName: 'pod-1', incarnation: 'first', ready: true, pool: 'gold' });
    expect((await store.reader.pod('pod-1'))?.pool).toBe('gold');
  });

  it('guards an operation that nobody has thought of', async () => {
    let sent = 0;
    const port = fence({ later: async () => ++sent }, term);
    expect(await port.later()).toBe(1);
    term.isOver = true;
    await expect(port.later()).rejects.toThrow('the term is over');
    expect(sent).toBe(1);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['configurePool', () => pods.configurePool(1, 'basic', POLICY)],
    ['removePool', () => pods.removePool(1, 'gold')],
    ['registerPod', () => pods.registerPod(1, { podName: 'pod-2', incarnation: 'a', ready: true, pool: 'gold' })],
    ['removePod', () => pods.removePod(1, 'pod-1')],
    ['movePod', () => pods.movePod(1, 'pod-1', 'gold', { onlyIdle: false })],
    ['repairPod', () => pods.repairPod(1, 'pod-1')],
    ['findSuspects', () => pods.findSuspects(null)],
    ['sweepPool', () => pods.sweepPool(1, 'gold', null)],
    ['sweepIndexes', () => pods.sweepIndexes(1, null)],
    ['expireLeases', () => pods.expireLeases(1, 10)],
    ['drain', () => drains.drain('pod-1')],
    ['undrain', () => drains.undrain('pod-1')],
  ])('sends no %s once the term is over', async (_, write) => {
    const before = await store.reader.fleetStats();
    term.isOver = true;
    await expect(write()).rejects.toThrow('the term is over');
    expect(await store.reader.fleetStats()).toEqual(before);
  });
});
