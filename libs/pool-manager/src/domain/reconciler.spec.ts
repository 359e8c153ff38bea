import { observedPod, podNames } from '../testing/fake-pod-source';
import { ReconcilerFixture } from '../testing/reconciler-fixture';
import { sampleTierConfig } from '../testing/sample-tier-config';
import type { RunResult } from '@smart-router/scheduling';

describe('Reconciler with changing pods', () => {
  it('registers pods in the order of the tiers when the store is empty', async () => {
    const fixture = new ReconcilerFixture();
    fixture.source.set(...podNames(4));
    await fixture.resync();
    expect(await fixture.layout()).toEqual({ gold: ['pod-1', 'pod-2'], overflow: ['pod-3', 'pod-4'] });
  });

  it('fills dedicated pools first when the config has some', async () => {
    const fixture = new ReconcilerFixture();
    fixture.tierConfig.config = sampleTierConfig(
      { gold: {} },
      { dedicatedPools: { acme: { type: 'shared', maxConcurrent: 2 } } },
    );
    fixture.source.set(...podNames(2));
    await fixture.resync();
    expect(await fixture.layout()).toEqual({ 'merchant:acme': ['pod-1'], gold: ['pod-2'] });
    expect((await fixture.stats('merchant:acme'))?.policy).toEqual({ type: 'shared', maxConcurrent: 2 });
  });

  it('changes nothing when nothing has changed', async () => {
    const fixture = new ReconcilerFixture();
    fixture.source.set(...podNames(3));
    await fixture.resync();
    fixture.observer.events.length = 0;
    await fixture.resync();
    expect(fixture.observer.events).toEqual(['reconciled completed 0']);
  });

  it('ends the calls of a container that was restarted within its pod', async () => {
    const fixture = new ReconcilerFixture();
    fixture.source.set(observedPod('pod-1', { incarnation: 'uid' }));
    await fixture.resync();
    await fixture.call('call-1', 'gold');
    for (const incarnation of ['uid/0', 'uid/0/a', 'uid']) {
      fixture.source.set(observedPod('pod-1', { incarnation }));
      await fixture.resync();
      await fixture.expectCalls('pod-1', 'call-1');
    }
    fixture.source.set(observedPod('pod-1', { incarnation: 'uid/1/b' }));
    await fixture.resync();
    await fixture.expectCalls('pod-1');
    expect(fixture.observer.events).toContain('ended pod-restarted 1');
  });

  it('reads the whole store when it holds more pods than a page', async () => {
    const fixture = new ReconcilerFixture();
    fixture.source.set(...podNames(1_203));
    await fixture.resync();
    fixture.source.set(...podNames(1_200));
    await fixture.resync();
    expect(fixture.observer.events.filter((event) => event === 'corrected removed 1')).toHaveLength(3);
    expect(fixture.observer.events.filter((event) => event === 'corrected registered 1')).toHaveLength(1_203);
  });

  it('removes a pod and ends its calls when the pod is gone', async () => {
    const fixture = new ReconcilerFixture();
    fixture.source.set('pod-1', 'pod-2');
    await fixture.resync();
    const podName = await fixture.call('call-1', 'gold');
    fixture.source.set(...['pod-1', 'pod-2'].filter((name) => name !== podName));
    await fixture.resync();
    expect(await fixture.store.reader.pod(podName)).toBeNull();
    expect(await fixture.store.reader.call('call-1')).toBeNull();
    expect(fixture.observer.events).toContain('ended pod-removed 1');
  });

  it('removes no pod when another life of it began after the resync had read the store', async () => {
    const fixture = new ReconcilerFixture((store) => ({
      removePod: async (epoch, podName, incarnation) => {
        await store.pods.registerPod(epoch, { podName, incarnation: 'life-2', ready: true, pool: 'gold' });
        return store.pods.removePod(epoch, podName, incarnation);
      },
    }));
    fixture.source.set('pod-1');
    await fixture.resync();
    fixture.source.set();
    await fixture.resync();
    expect((await fixture.store.reader.pod('pod-1'))?.incarnation).toBe('life-2');
  });

  it('puts a pod back in its tier when it returns', async () => {
    const fixture = new ReconcilerFixture();
    fixture.source.set(...podNames(3));
    await fixture.resync();
    fixture.source.set('pod-2', 'pod-3');
    await fixture.resync();
    fixture.tierConfig.config = sampleTierConfig({ overflow: { target: 5 }, gold: { target: 2 } });
    fixture.source.set(...podNames(3));
    await fixture.resync();
    expect((await fixture.store.reader.pod('pod-1'))?.pool).toBe('gold');
  });

  it('keeps the calls of a pod when the pod is not ready any more, and offers it no new ones', async () => {
    const fixture = new ReconcilerFixture();
    fixture.tierConfig.config = sampleTierConfig({ basic: { type: 'shared', maxConcurrent: 3 } });
    fixture.source.set('pod-1');
    await fixture.resync();
    await fixture.call('call-1', 'basic');
    fixture.source.set(observedPod('pod-1', { ready: false }));
    await fixture.resync();
    await fixture.expectCalls('pod-1', 'call-1');
    await expect(fixture.call('call-2', 'basic')).rejects.toThrow('no-capacity');
  });

  it('ends the calls of the life before when a pod was restarted', async () => {
    const fixture = new ReconcilerFixture();
    fixture.source.set('pod-1');
    await fixture.resync();
    await fixture.call('call-1', 'gold');
    fixture.source.set(observedPod('pod-1', { incarnation: 'life-2' }));
    await fixture.resync();
    await fixture.expectCalls('pod-1');
    expect(await fixture.store.reader.pod('pod-1')).toMatchObject({ status: 'available', incarnation: 'life-2' });
    expect(fixture.observer.events).toContain('ended pod-restarted 1');
  });

  it('drains a pod when it is on its way out, and keeps its calls', async () => {
    const fixture = new ReconcilerFixture();
    fixture.source.set('pod-1');
    await fixture.resync();
    await fixture.call('call-1', 'gold');
    fixture.source.set(observedPod('pod-1', { terminating: true }));
    await fixture.resync();
    await fixture.resync();
    expect(await fixture.store.reader.pod('pod-1')).toMatchObject({
      isDraining: true,
      ready: false,
      calls: ['call-1'],
    });
    expect(fixture.observer.events.filter((event) => event.startsWith('corrected drained'))).toHaveLength(1);
  });

  it.each([true, false])('refuses to undrain a pod on its way out that was ready before: %s', async (ready) => {
    const fixture = new ReconcilerFixture();
    fixture.source.set(observedPod('pod-1', { ready }));
    await fixture.resync();
    fixture.source.set(observedPod('pod-1', { ready: false, terminating: true }));
    await fixture.resync();
    expect(await fixture.store.drains.undrain('pod-1')).toEqual({ kind: 'terminating' });
    fixture.source.set(observedPod('pod-1', { incarnation: 'life-2' }));
    await fixture.resync();
    expect(await fixture.store.drains.undrain('pod-1')).toMatchObject({ kind: 'undrained' });
    expect(await fixture.store.reader.pod('pod-1')).toMatchObject({ terminating: false, ready: true });
  });

  it('does not register a pod when it is on its way out already', async () => {
    const fixture = new ReconcilerFixture();
    fixture.source.set(observedPod('pod-1', { terminating: true }));
    await fixture.resync();
    expect(await fixture.pods()).toEqual([]);
  });

  it('leaves the drain of an operator alone', async () => {
    const fixture = new ReconcilerFixture();
    fixture.source.set('pod-1');
    await fixture.resync();
    await fixture.store.drains.drain('pod-1');
    await fixture.resync();
    expect((await fixture.store.reader.pod('pod-1'))?.isDraining).toBe(true);
  });

  it('does not shorten the drain of an operator when the pod is on its way out', async () => {
    const fixture = new ReconcilerFixture();
    fixture.source.set('pod-1');
    await fixture.resync();
    await fixture.store.drains.drain('pod-1', { lasts: 'until-undrained' });
    fixture.source.set(observedPod('pod-1', { terminating: true }));
    await fixture.resync();
    expect((await fixture.store.reader.pod('pod-1'))?.drain).toMatchObject({ endsMs: null });
  });
});

describe('Reconciler with many pods gone at once', () => {
  async function fleetOf(count: number): Promise<ReconcilerFixture> {
    const fixture = new ReconcilerFixture();
    fixture.source.set(...podNames(count));
    await fixture.resync();
    return fixture;
  }

  /** A resync that is late enough to confirm what the one before saw. */
  async function confirmingResync(fixture: ReconcilerFixture): Promise<RunResult> {
    await fixture.clock.advance(5_000);
    return fixture.resync();
  }

  it('removes no pod when too many are gone at once, until a later resync confirms it', async () => {
    const fixture = await fleetOf(10);
    await fixture.call('call-1', 'gold');
    fixture.source.set();
    expect((await fixture.resync()).againAfterMs).toBeGreaterThanOrEqual(5_000);
    expect(await fixture.pods()).toHaveLength(10);
    expect(await fixture.store.reader.call('call-1')).not.toBeNull();
    expect(fixture.logger.messages('warn')).toHaveLength(1);
    expect(await confirmingResync(fixture)).toEqual({});
    expect(await fixture.pods()).toEqual([]);
  });

  it('removes no pod when the pods are back in the next resync', async () => {
    const fixture = await fleetOf(10);
    fixture.source.set();
    await fixture.resync();
    fixture.source.set(...podNames(10));
    await fixture.resync();
    fixture.source.set();
    await confirmingResync(fixture);
    expect(await fixture.pods()).toHaveLength(10);
  });

  it('gives new pods the places of those that are gone while the removal waits', async () => {
    const fixture = await fleetOf(10);
    fixture.source.set('new-1', 'new-2');
    await fixture.resync();
    expect((await fixture.store.reader.pod('new-1'))?.pool).toBe('gold');
    await confirmingResync(fixture);
    expect(await fixture.layout()).toEqual({ gold: ['new-1', 'new-2'], overflow: [] });
  });

  it('moves pods whose removal waits when their tier is removed, with their calls', async () => {
    const fixture = await fleetOf(10);
    const podName = await fixture.call('call-1', 'gold');
    fixture.source.set();
    fixture.tierConfig.config = sampleTierConfig({ silver: {} });
    await fixture.resync();
    expect(Object.keys(await fixture.layout())).toEqual(['silver']);
    await fixture.expectCalls(podName, 'call-1');
  });

  it('moves no pod to another tier while the removal of others waits', async () => {
    const fixture = await fleetOf(10);
    const layout = await fixture.layout();
    fixture.source.set(...(layout['overflow'] as string[]).slice(0, 3));
    await fixture.resync();
    expect(await fixture.layout()).toEqual(layout);
  });
});
