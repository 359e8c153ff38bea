import { observedPod, podNames } from '../testing/fake-pod-source';
import { ReconcilerFixture } from '../testing/reconciler-fixture';
import { sampleTierConfig } from '../testing/sample-tier-config';

const MEMBERSHIP = ['configurePool', 'movePod', 'removePool'] as const;

describe('Reconciler without a tier config from the store', () => {
  /** A leader before it has read the config, over a store that another leader has filled. */
  async function newLeader(): Promise<{ fixture: ReconcilerFixture; writes: string[] }> {
    const writes: string[] = [];
    const fixture = new ReconcilerFixture((store) =>
      Object.fromEntries(
        MEMBERSHIP.map((name) => [
          name,
          (...args: unknown[]) => {
            writes.push(name);
            return (store.pods[name] as (...args: unknown[]) => unknown).apply(store.pods, args);
          },
        ]),
      ),
    );
    fixture.source.set(...podNames(3));
    await fixture.resync();
    writes.length = 0;
    fixture.tierConfig.config = null;
    fixture.tierConfig.restores = 0;
    return { fixture, writes };
  }

  it('leaves all pools and the pods in them as they are', async () => {
    const { fixture, writes } = await newLeader();
    const before = await fixture.layout();
    await fixture.resync();
    expect(await fixture.layout()).toEqual(before);
    expect(writes).toEqual([]);
    expect(fixture.tierConfig.restores).toBe(0);
  });

  it('adds no pod, and adds it when there is a config', async () => {
    const { fixture } = await newLeader();
    fixture.source.set(...podNames(4));
    await fixture.resync();
    expect(await fixture.store.reader.pod('pod-4')).toBeNull();
    fixture.tierConfig.config = sampleTierConfig({ gold: { target: 2 }, overflow: { target: 1 } });
    await fixture.resync();
    expect((await fixture.store.reader.pod('pod-4'))?.pool).toBe('overflow');
  });

  it('removes pods that are gone', async () => {
    const { fixture } = await newLeader();
    fixture.source.set(...podNames(2));
    await fixture.resync();
    expect(await fixture.layout()).toEqual({ gold: ['pod-1', 'pod-2'], overflow: [] });
  });

  it('drains pods on their way out, and ends the calls of the life before when a pod was restarted', async () => {
    const { fixture } = await newLeader();
    await fixture.call('call-1', 'overflow');
    fixture.source.set(
      observedPod('pod-1', { terminating: true }),
      'pod-2',
      observedPod('pod-3', { incarnation: 'life-2' }),
    );
    await fixture.resync();
    expect((await fixture.store.reader.pod('pod-1'))?.isDraining).toBe(true);
    expect(await fixture.store.reader.pod('pod-3')).toMatchObject({
      pool: 'overflow',
      incarnation: 'life-2',
      calls: [],
    });
  });

  it('repairs pods and sweeps pools', async () => {
    const done: string[] = [];
    const fixture = new ReconcilerFixture((store) => ({
      repairPod: (epoch, podName) => {
        done.push(podName);
        return store.pods.repairPod(epoch, podName);
      },
      sweepPool: (epoch, pool, cursor) => {
        done.push(pool);
        return store.pods.sweepPool(epoch, pool, cursor);
      },
    }));
    fixture.source.set('pod-1');
    await fixture.resync();
    done.length = 0;
    fixture.tierConfig.config = null;
    await fixture.resync();
    expect(done).toEqual(['pod-1', 'gold', 'overflow']);
  });

  it('is logged once until there is a config', async () => {
    const { fixture } = await newLeader();
    await fixture.resync();
    await fixture.resync();
    expect(fixture.logger.messages('error')).toEqual([
      'no tier config was read from the store, pools stay as they are',
    ]);
  });
});

describe('Reconciler with a tier config that the store may have lost', () => {
  it('has it stored again in each resync, after the first write of its epoch', async () => {
    const order: string[] = [];
    const fixture = new ReconcilerFixture((store) => ({
      configurePool: (epoch, pool, policy) => {
        order.push(`configure ${fixture.tierConfig.restores}`);
        return store.pods.configurePool(epoch, pool, policy);
      },
    }));
    await fixture.resync();
    expect(order).toEqual(['configure 0', 'configure 0']);
    expect(fixture.tierConfig.restores).toBe(1);
  });

  it('does not have it stored again when another leader has taken over', async () => {
    const fixture = new ReconcilerFixture();
    await fixture.store.leadership.announceLeader(2, 'another', 1_000);
    await expect(fixture.resync()).rejects.toMatchObject({ code: 'STALE_EPOCH' });
    expect(fixture.tierConfig.restores).toBe(0);
  });

  it('puts the pods right, and fails, when it cannot be stored', async () => {
    const fixture = new ReconcilerFixture();
    fixture.tierConfig.restore = () => Promise.reject(new Error('WRONGTYPE'));
    fixture.source.set('pod-1');
    await expect(fixture.resync()).rejects.toThrow('WRONGTYPE');
    expect((await fixture.store.reader.pod('pod-1'))?.pool).toBe('gold');
  });
});
