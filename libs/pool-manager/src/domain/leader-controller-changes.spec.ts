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

  it('resyncs after reconciling single pods has failed', async () => {
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
    expect(fixture.source.lists).toBe(2);
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 1 });
  });
});
