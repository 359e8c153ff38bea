import { OPERATOR } from '@smart-router/routing-store/testing';
import { RecordingObserver, storeWith } from '../testing/fleet-setup';
import { PodDrainer } from './pod-drainer';

describe('PodDrainer', () => {
  it('drains a pod and takes the drain back', async () => {
    const store = await storeWith({ 'pod-0': 'standard' });
    const drainer = new PodDrainer(store.drains, new RecordingObserver());

    expect(await drainer.drain('pod-0', OPERATOR)).toEqual({ kind: 'draining', activeCalls: 0 });
    expect((await store.reader.pod('pod-0'))?.isDraining).toBe(true);
    expect(await drainer.undrain('pod-0', OPERATOR)).toEqual({ kind: 'undrained', activeCalls: 0 });
    expect((await store.reader.pod('pod-0'))?.isDraining).toBe(false);
  });

  it('says in the change log who did it', async () => {
    const store = await storeWith({ 'pod-0': 'standard' });
    const drainer = new PodDrainer(store.drains, new RecordingObserver());
    await drainer.drain('pod-0', OPERATOR);
    await drainer.undrain('pod-0', OPERATOR);
    const records = (await store.changeLog.changes({ limit: 9 })).items.map(({ action, actor }) => [action, actor]);

    expect(records).toEqual([
      ['pod.undrain', 'ops'],
      ['pod.drain', 'ops'],
    ]);
  });

  it('counts pods that were drained, not those that nobody knows', async () => {
    const observer = new RecordingObserver();
    const { drains } = await storeWith({ 'pod-0': 'standard' });
    const drainer = new PodDrainer(drains, observer);
    await drainer.drain('pod-0', OPERATOR);

    expect(await drainer.drain('pod-1', OPERATOR)).toEqual({ kind: 'unknown-pod' });
    expect(observer.drains).toBe(1);
  });
});
