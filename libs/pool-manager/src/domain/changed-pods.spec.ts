import type { ReportedChange } from './pod-source';
import { ReconcilerFixture } from '../testing/reconciler-fixture';
import { observedPod } from '../testing/fake-pod-source';

const signal = new AbortController().signal;

/** Everything is in order: `pod-1` and `pod-2` in gold, `pod-3` in overflow. */
async function inOrder(...more: string[]): Promise<ReconcilerFixture> {
  const fixture = new ReconcilerFixture();
  fixture.source.set('pod-1', 'pod-2', 'pod-3', ...more);
  await fixture.resync();
  return fixture;
}

async function reconcilePods(fixture: ReconcilerFixture, changes: Record<string, ReportedChange>) {
  const { wantsResync } = await fixture.reconciler.reconcilePods(new Map(Object.entries(changes)), signal);
  return { wantsResync };
}

describe('reconciling single pods', () => {
  it('registers a new pod where one is missing, by the counts of all pods', async () => {
    const fixture = await inOrder();
    fixture.source.set('pod-1', 'pod-2', 'pod-3', 'pod-4', 'pod-5');
    expect(await reconcilePods(fixture, { 'pod-4': 'seen', 'pod-5': 'seen' })).toEqual({ wantsResync: false });
    expect(await fixture.layout()).toEqual({ gold: ['pod-1', 'pod-2'], overflow: ['pod-3', 'pod-4', 'pod-5'] });
  });

  it('drains a pod that terminates, and leaves its calls alone', async () => {
    const fixture = await inOrder();
    const podName = await fixture.call('call-1', 'gold');
    fixture.source.set(observedPod(podName, { terminating: true }), 'pod-3');
    await reconcilePods(fixture, { [podName]: 'seen' });
    expect(await fixture.store.reader.pod(podName)).toMatchObject({
      status: 'draining',
      ready: false,
      calls: ['call-1'],
    });
  });

  it('keeps the calls of a pod that is not ready', async () => {
    const fixture = await inOrder();
    const podName = await fixture.call('call-1', 'gold');
    fixture.source.set(observedPod(podName, { ready: false }));
    await reconcilePods(fixture, { [podName]: 'seen' });
    expect(await fixture.store.reader.pod(podName)).toMatchObject({ ready: false, calls: ['call-1'] });
  });

  it('removes a pod that is gone, and ends and counts its calls', async () => {
    const fixture = await inOrder();
    const podName = await fixture.call('call-1', 'overflow');
    fixture.source.set('pod-1', 'pod-2');
    await reconcilePods(fixture, { [podName]: 'gone' });
    expect(await fixture.store.reader.pod(podName)).toBeNull();
    expect(await fixture.store.reader.call('call-1')).toBeNull();
    expect(fixture.observer.events).toContain('ended pod-removed 1');
  });

  it('removes all pods of which the source said that they are gone, however many', async () => {
    const fixture = await inOrder('pod-4', 'pod-5', 'pod-6', 'pod-7', 'pod-8');
    fixture.source.set();
    const names = ['pod-1', 'pod-2', 'pod-3', 'pod-4', 'pod-5', 'pod-6', 'pod-7', 'pod-8'];
    await reconcilePods(fixture, Object.fromEntries(names.map((name) => [name, 'gone'])));
    expect(await fixture.pods()).toEqual([]);
  });

  it('leaves a pod to a resync that is missing although it was not reported as deleted', async () => {
    const fixture = await inOrder();
    fixture.source.set('pod-1', 'pod-2');
    expect(await reconcilePods(fixture, { 'pod-3': 'seen' })).toEqual({ wantsResync: true });
    expect(await fixture.store.reader.pod('pod-3')).not.toBeNull();
  });

  it('keeps a pod that is there again', async () => {
    const fixture = await inOrder();
    await reconcilePods(fixture, { 'pod-3': 'gone' });
    expect(await fixture.store.reader.pod('pod-3')).toMatchObject({ pool: 'overflow' });
  });

  it('ends the calls of the old life before a pod with a new uid is offered', async () => {
    const fixture = await inOrder();
    const podName = await fixture.call('call-1', 'overflow');
    fixture.source.set(observedPod(podName, { incarnation: 'life-2' }));
    await reconcilePods(fixture, { [podName]: 'seen' });
    expect(await fixture.store.reader.pod(podName)).toMatchObject({
      incarnation: 'life-2',
      calls: [],
      status: 'available',
    });
    expect(fixture.observer.events).toContain('ended pod-restarted 1');
  });

  it('gives a pod its former pool back that was gone', async () => {
    const fixture = await inOrder('pod-4');
    fixture.source.set('pod-1', 'pod-2', 'pod-3');
    await reconcilePods(fixture, { 'pod-4': 'gone', 'pod-1': 'gone' });
    fixture.source.set('pod-2', 'pod-3');
    await reconcilePods(fixture, { 'pod-1': 'gone' });
    fixture.source.set('pod-4', 'pod-2', 'pod-3');
    await reconcilePods(fixture, { 'pod-4': 'seen' });
    expect(await fixture.layout()).toEqual({ gold: ['pod-2'], overflow: ['pod-3', 'pod-4'] });
  });

  it('wants a resync where another pool has a pod to give to the one that lost its own', async () => {
    const fixture = await inOrder('pod-4');
    fixture.source.set('pod-2', 'pod-3', 'pod-4');
    expect(await reconcilePods(fixture, { 'pod-1': 'gone' })).toEqual({ wantsResync: true });
  });

  it('wants no resync where no pool has a pod to give', async () => {
    const fixture = await inOrder();
    fixture.source.set('pod-2', 'pod-3');
    expect(await reconcilePods(fixture, { 'pod-1': 'gone' })).toEqual({ wantsResync: false });
  });

  it('writes nothing where the store knows everything already', async () => {
    const fixture = await inOrder();
    const before = fixture.observer.events.length;
    await reconcilePods(fixture, { 'pod-1': 'seen', 'pod-2': 'seen', 'pod-9': 'gone' });
    expect(fixture.observer.events.slice(before)).toEqual(['reconciled completed 0']);
  });

  it.each(['pod', 'registerPod'] as const)('continues with the other pods when %s fails for one', async (name) => {
    let isBroken = false;
    const fixture = new ReconcilerFixture((store) => ({
      pod: async (podName) => {
        if (isBroken && name === 'pod' && podName === 'pod-1') throw new Error('WRONGTYPE');
        return store.reader.pod(podName);
      },
      registerPod: async (epoch, command) => {
        if (isBroken && name === 'registerPod' && command.podName === 'pod-1') throw new Error('WRONGTYPE');
        return store.pods.registerPod(epoch, command);
      },
    }));
    fixture.source.set('pod-2');
    await fixture.resync();
    isBroken = true;
    fixture.source.set('pod-1', 'pod-2', 'pod-3');
    const changes = new Map([
      ['pod-1', 'seen'],
      ['pod-3', 'seen'],
    ] as const);
    const { failed } = await fixture.reconciler.reconcilePods(changes, signal);
    expect([...failed]).toEqual(['pod-1']);
    expect((await fixture.pods()).map(({ podName }) => podName)).toEqual(['pod-2', 'pod-3']);
    expect(fixture.observer.events.at(-1)).toBe('reconciled failed 0');
    expect(fixture.logger.messages('error')).toHaveLength(1);
  });
});
