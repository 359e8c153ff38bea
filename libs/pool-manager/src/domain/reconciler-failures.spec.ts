import { StaleEpochError, StoreUnavailableError } from '@smart-router/routing-store';
import { podNames } from '../testing/fake-pod-source';
import { ReconcilerFixture } from '../testing/reconciler-fixture';
import { sampleTierConfig } from '../testing/sample-tier-config';

describe('Reconciler with failures', () => {
  it('adds and removes no pod when the source does not know its pods, does the rest, and fails', async () => {
    const fixture = new ReconcilerFixture();
    fixture.source.set('pod-1');
    await fixture.resync();
    fixture.source.available = false;
    fixture.tierConfig.config = sampleTierConfig({ silver: {} });
    await expect(fixture.resync()).rejects.toMatchObject({ code: 'POD_SOURCE_UNAVAILABLE' });
    expect(await fixture.layout()).toEqual({ silver: ['pod-1'] });
    expect(fixture.observer.events).toContain('reconciled failed 0');
  });

  it.each(['pods', 'fleetStats'] as const)('changes nothing when reading %s fails', async (read) => {
    let away = false;
    const writes: string[] = [];
    const fixture = new ReconcilerFixture((store) => ({
      [read]: async (request: { limit: number }) => {
        if (away) throw new StoreUnavailableError('away');
        return store.reader[read](request);
      },
      registerPod: (epoch, command) => {
        writes.push(command.podName);
        return store.pods.registerPod(epoch, command);
      },
    }));
    fixture.source.set('pod-1');
    away = true;
    await expect(fixture.resync()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(writes).toEqual([]);
    away = false;
    await fixture.resync();
    expect(writes).toEqual(['pod-1']);
  });

  it('stops at once when a write is refused for its epoch', async () => {
    const fixture = new ReconcilerFixture();
    fixture.source.set(...podNames(3));
    await fixture.resync();
    await fixture.store.leadership.announceLeader(2, 'another', 1_000);
    fixture.source.set('pod-4');
    await expect(fixture.resync()).rejects.toBeInstanceOf(StaleEpochError);
    expect((await fixture.pods()).map(({ podName }) => podName)).toEqual(podNames(3));
  });

  it('continues with the other pods when one cannot be worked on, and fails', async () => {
    const wrongType = new Error('WRONGTYPE');
    const fixture = new ReconcilerFixture((store) => ({
      registerPod: async (epoch, command) => {
        if (command.podName === 'pod-2') throw wrongType;
        return store.pods.registerPod(epoch, command);
      },
    }));
    fixture.source.set(...podNames(3));
    await expect(fixture.resync()).rejects.toBe(wrongType);
    expect((await fixture.pods()).map(({ podName }) => podName)).toEqual(['pod-1', 'pod-3']);
    expect(fixture.logger.messages('error')).toEqual(['one correction failed, the others continue']);
  });

  it('gives up when many pods cannot be worked on', async () => {
    let tries = 0;
    const fixture = new ReconcilerFixture(() => ({
      registerPod: async () => {
        tries++;
        throw new Error('OOM');
      },
    }));
    fixture.source.set(...podNames(2_000));
    await expect(fixture.resync()).rejects.toThrow('OOM');
    expect(tries).toBeLessThan(200);
  });

  it('starts no further operation when it is stopped in the middle, and reports no failure', async () => {
    const stopping = new AbortController();
    const registered: string[] = [];
    const fixture = new ReconcilerFixture((store) => ({
      registerPod: async (epoch, command) => {
        registered.push(command.podName);
        stopping.abort(new Error('stop'));
        return store.pods.registerPod(epoch, command);
      },
    }));
    fixture.source.set(...podNames(100));
    await expect(fixture.resync(stopping.signal)).rejects.toThrow('stop');
    expect(registered).toEqual(['pod-1']);
    expect(fixture.observer.events.filter((event) => event.startsWith('reconciled'))).toEqual([]);
  });

  it('keeps a bounded number of operations under way', async () => {
    let underWay = 0;
    let most = 0;
    const fixture = new ReconcilerFixture((store) => ({
      registerPod: async (epoch, command) => {
        most = Math.max(most, ++underWay);
        await Promise.resolve();
        underWay--;
        return store.pods.registerPod(epoch, command);
      },
    }));
    fixture.source.set(...podNames(1_000));
    await fixture.resync();
    expect(most).toBe(8);
  });

  it.each([new StaleEpochError(1), new StoreUnavailableError('away')])('does nothing else after %s', async (error) => {
    let refusing = false;
    const repaired: string[] = [];
    const fixture = new ReconcilerFixture((store) => ({
      registerPod: (epoch, command) => (refusing ? Promise.reject(error) : store.pods.registerPod(epoch, command)),
      repairPod: (epoch, podName) => {
        repaired.push(podName);
        return store.pods.repairPod(epoch, podName);
      },
    }));
    fixture.source.set('pod-1');
    await fixture.resync();
    repaired.length = 0;
    refusing = true;
    fixture.source.set('pod-1', 'pod-2');
    await expect(fixture.resync()).rejects.toBe(error);
    expect(repaired).toEqual([]);
  });

  it('stops between two parts of a sweep when it is asked to, and logs no failure', async () => {
    const stopping = new AbortController();
    let parts = 0;
    const fixture = new ReconcilerFixture(() => ({
      sweepPool: async () => {
        parts++;
        stopping.abort(new Error('stop'));
        return { evicted: [], found: [], cursor: 'more' };
      },
    }));
    await expect(fixture.resync(stopping.signal)).rejects.toThrow('stop');
    expect(parts).toBe(1);
    expect(fixture.logger.messages('error')).toEqual([]);
  });

  it('sweeps a pool to the end, and counts what did not belong there', async () => {
    const cursors: (string | null)[] = [];
    const fixture = new ReconcilerFixture(() => ({
      sweepPool: async (_epoch, pool, cursor) => {
        if (pool === 'gold') cursors.push(cursor);
        const evicted = cursor === null ? [] : [`foreign-${pool}`];
        return { evicted, found: [], cursor: cursor === null ? 'more' : null };
      },
    }));
    await fixture.resync();
    expect(cursors).toEqual([null, 'more']);
    expect(fixture.observer.events.filter((event) => event === 'corrected evicted 1')).toHaveLength(2);
  });
});
