import { StoreUnavailableError } from '@smart-router/routing-store';
import { podNames } from '../testing/fake-pod-source';
import { GAP_MS, LeaderControllerFixture, RECONCILE_MS } from '../testing/leader-controller-fixture';

describe('LeaderController, informed which pods have changed,', () => {
  it('looks at single pods only, and asks for no list, when the source names what has changed', async () => {
    const fixture = new LeaderControllerFixture();
    await fixture.work.start();
    fixture.source.set(...podNames(3));
    fixture.source.hint({ kind: 'seen', podName: 'pod-3' });
    await fixture.clock.advance(GAP_MS);
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 1 });
    expect(fixture.source.lists).toBe(1);
  });

  it('resyncs after the interval although single pods change all the time', async () => {
    const fixture = new LeaderControllerFixture();
    await fixture.work.start();
    for (let ms = 0; ms < RECONCILE_MS; ms += 1_000) {
      fixture.source.hint({ kind: 'seen', podName: 'pod-1' });
      await fixture.clock.advance(1_000);
    }
    expect(fixture.source.lists).toBe(2);
  });

  it('moves a pod within a second or so to a pool that lost one', async () => {
    const fixture = new LeaderControllerFixture();
    fixture.source.set(...podNames(4));
    await fixture.work.start();
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 2 });
    fixture.source.set('pod-2', 'pod-3', 'pod-4');
    fixture.source.hint({ kind: 'gone', podName: 'pod-1' });
    await fixture.clock.advance(GAP_MS);
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 1 });
  });

  it('reconciles single pods again after that has failed', async () => {
    let failures = 1;
    const fixture = new LeaderControllerFixture((store) => ({
      pod: async (podName) => {
        if (failures-- > 0) throw new StoreUnavailableError('away');
        return store.reader.pod(podName);
      },
    }));
    await fixture.work.start();
    fixture.source.set(...podNames(3));
    fixture.source.hint({ kind: 'seen', podName: 'pod-3' });
    await fixture.clock.advance(1_000);
    expect(fixture.source.lists).toBe(1);
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 1 });
  });

  it.each<[string, number, (fixture: LeaderControllerFixture) => unknown]>([
    ['the source was listed anew', 0, (fixture) => fixture.source.hint()],
    ['the tier config has changed', 0, (fixture) => fixture.repeatConfig()],
    ['somebody asks for it', 1, (fixture) => fixture.store.hints.publish('reconcile-requested')],
    ['data may have been lost', 1, (fixture) => fixture.work.requestResync()],
    ['the interval is over', 1, (fixture) => fixture.clock.advance(RECONCILE_MS)],
  ])('resyncs when %s, with fresh lists: %i', async (_, freshLists, trigger) => {
    const fixture = new LeaderControllerFixture();
    await fixture.work.start();
    await trigger(fixture);
    await fixture.clock.advance(GAP_MS);
    expect([fixture.source.lists, fixture.source.freshLists]).toEqual([2, freshLists]);
  });

  it('confirms by a fresh list that many pods are gone', async () => {
    const fixture = new LeaderControllerFixture();
    fixture.source.set(...podNames(10));
    await fixture.work.start();
    fixture.source.set('pod-1');
    fixture.source.hint();
    await fixture.clock.advance(GAP_MS);
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 8 });
    await fixture.clock.advance(6_000);
    expect(await fixture.assigned()).toEqual({ gold: 1, overflow: 0 });
    expect(fixture.source.freshLists).toBe(1);
  });

  it('is not held up by a pod that cannot be worked on, and works on that less and less often', async () => {
    const tries: number[] = [];
    const fixture = new LeaderControllerFixture((store) => ({
      pod: async (podName) => {
        if (podName !== 'pod-3') return store.reader.pod(podName);
        tries.push(fixture.clock.now());
        throw new Error('WRONGTYPE');
      },
    }));
    await fixture.work.start();
    fixture.source.set(...podNames(4));
    fixture.source.hint({ kind: 'seen', podName: 'pod-3' });
    await fixture.clock.advance(1_000);
    fixture.source.hint({ kind: 'seen', podName: 'pod-4' });
    await fixture.clock.advance(GAP_MS);
    expect(await fixture.store.reader.pod('pod-4')).not.toBeNull();
    await fixture.clock.advance(9_000);
    // After half of 0.5, 1, 2, 4 and 8 s, since there is no chance in a test.
    expect(tries.map((atMs) => atMs - (tries[0] ?? 0))).toEqual([0, 250, 750, 1_750, 3_750, 7_750]);
  });
});
