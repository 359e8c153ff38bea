import { podNames } from '../testing/fake-pod-source';
import { ReconcilerFixture } from '../testing/reconciler-fixture';
import { sampleTierConfig } from '../testing/sample-tier-config';

describe('Reconciler with a changed tier config', () => {
  it.each([
    ['exclusive', 'shared'],
    ['shared', 'exclusive'],
  ] as const)('loses no call when the type changes from %s to %s', async (before, after) => {
    const fixture = new ReconcilerFixture();
    const configOf = (type: 'exclusive' | 'shared') =>
      sampleTierConfig({ gold: { type, maxConcurrent: type === 'shared' ? 3 : 1, target: 2 } });
    fixture.tierConfig.config = configOf(before);
    fixture.source.set('pod-1', 'pod-2');
    await fixture.resync();
    const podName = await fixture.call('call-1', 'gold');
    fixture.tierConfig.config = configOf(after);
    await fixture.resync();
    await fixture.expectCalls(podName, 'call-1');
    expect(await fixture.stats('gold')).toMatchObject({
      policy: { type: after },
      assigned: 2,
      available: after === 'shared' ? 2 : 1,
      activeCalls: 1,
    });
  });

  it('offers a pod with several calls again only when the last has ended, when its pool became exclusive', async () => {
    const fixture = new ReconcilerFixture();
    fixture.tierConfig.config = sampleTierConfig({ gold: { type: 'shared', maxConcurrent: 2 } });
    fixture.source.set('pod-1');
    await fixture.resync();
    await fixture.call('call-1', 'gold');
    await fixture.call('call-2', 'gold');
    fixture.tierConfig.config = sampleTierConfig({ gold: { type: 'exclusive' } });
    await fixture.resync();
    await fixture.expectCalls('pod-1', 'call-1', 'call-2');
    await fixture.store.calls.release('call-1');
    await expect(fixture.call('call-3', 'gold')).rejects.toThrow('no-capacity');
    await fixture.store.calls.release('call-2');
    expect(await fixture.call('call-3', 'gold')).toBe('pod-1');
  });

  it('takes no call beyond a lower limit, and ends none', async () => {
    const fixture = new ReconcilerFixture();
    fixture.tierConfig.config = sampleTierConfig({ gold: { type: 'shared', maxConcurrent: 3 } });
    fixture.source.set('pod-1');
    await fixture.resync();
    await fixture.call('call-1', 'gold');
    await fixture.call('call-2', 'gold');
    fixture.tierConfig.config = sampleTierConfig({ gold: { type: 'shared', maxConcurrent: 1 } });
    await fixture.resync();
    await fixture.expectCalls('pod-1', 'call-1', 'call-2');
    await expect(fixture.call('call-3', 'gold')).rejects.toThrow('no-capacity');
  });

  it('moves pods with their calls and forgets the tier when it is removed', async () => {
    const fixture = new ReconcilerFixture();
    fixture.source.set(...podNames(3));
    await fixture.resync();
    const podName = await fixture.call('call-1', 'gold');
    fixture.tierConfig.config = sampleTierConfig({ silver: { target: 1 }, overflow: { target: 1 } });
    await fixture.resync();
    const layout = await fixture.layout();
    expect(Object.keys(layout)).toEqual(['overflow', 'silver']);
    expect(layout['silver']).toHaveLength(1);
    await fixture.expectCalls(podName, 'call-1');
    expect(await fixture.store.calls.release('call-1')).toMatchObject({ kind: 'released', podName });
    expect((await fixture.store.reader.pod(podName))?.status).toBe('available');
  });

  it('keeps a draining pod draining when its tier is removed', async () => {
    const fixture = new ReconcilerFixture();
    fixture.source.set('pod-1');
    await fixture.resync();
    await fixture.store.drains.drain('pod-1');
    fixture.tierConfig.config = sampleTierConfig({ silver: {} });
    await fixture.resync();
    expect(await fixture.store.reader.pod('pod-1')).toMatchObject({ pool: 'silver', isDraining: true });
  });

  it('moves idle pods when targets change, and busy ones once they are idle', async () => {
    const fixture = new ReconcilerFixture();
    fixture.source.set('pod-1', 'pod-2');
    await fixture.resync();
    const busy = await fixture.call('call-1', 'gold');
    const idle = busy === 'pod-1' ? 'pod-2' : 'pod-1';
    fixture.tierConfig.config = sampleTierConfig({
      gold: { target: 0 },
      silver: { target: 2 },
      overflow: { target: 0 },
    });
    await fixture.resync();
    expect(await fixture.layout()).toEqual({ gold: [busy], overflow: [], silver: [idle] });
    await fixture.store.calls.release('call-1');
    await fixture.resync();
    expect((await fixture.layout())['silver']).toEqual(['pod-1', 'pod-2']);
  });

  it('leaves a pod where it is when it got a call after it was chosen to move', async () => {
    const fixture = new ReconcilerFixture((store) => ({
      movePod: async (epoch, podName, pool, options) => {
        await store.calls.allocate({ callSid: 'call-1', merchantId: '', chain: ['gold'], knownMerchantConfig: null });
        return store.pods.movePod(epoch, podName, pool, options);
      },
    }));
    fixture.source.set('pod-1');
    await fixture.resync();
    fixture.tierConfig.config = sampleTierConfig({ gold: { target: 0 }, silver: {} });
    await fixture.resync();
    expect(await fixture.store.reader.pod('pod-1')).toMatchObject({ pool: 'gold', calls: ['call-1'] });
    expect(fixture.observer.events).not.toContain('corrected rebalanced 1');
  });
});
