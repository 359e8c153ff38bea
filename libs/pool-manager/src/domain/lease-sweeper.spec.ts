import { DEFAULT_TIMINGS } from '@smart-router/routing-store';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { type StoreOperations, withOperations } from '@smart-router/routing-store/testing';
import { podNames } from '../testing/fake-pod-source';
import { RecordingLogger } from '@smart-router/logging/testing';
import { RecordingObserver } from '../testing/recording-observer';
import { LeaseSweeper } from './lease-sweeper';

const EPOCH = 1;
const HOLD_MS = 120_000;
const never = new AbortController().signal;

/** A store with one shared pod that takes any number of calls; the store and the leader have a clock each. */
async function fixture() {
  const time = { now: 0, leader: 0 };
  const store = new MemoryRoutingStore({ now: () => time.now });
  await store.pods.configurePool(EPOCH, 'basic', { type: 'shared', maxConcurrent: 10_000 });
  await store.pods.registerPod(EPOCH, { podName: 'pod-1', incarnation: 'life-1', ready: true, pool: 'basic' });
  const observer = new RecordingObserver();
  const logger = new RecordingLogger();
  const sweeper = (replacement: Partial<StoreOperations> = {}) =>
    new LeaseSweeper(
      { store: withOperations(store, replacement), observer, logger, clock: { now: () => time.leader } },
      { epoch: EPOCH, massExpiryHoldMs: HOLD_MS },
    );
  const call = (callSid: string) =>
    store.calls.allocate({ callSid, merchantId: '', chain: ['basic'], knownMerchantConfig: null });
  return { time, store, observer, logger, sweeper, call };
}

describe('LeaseSweeper', () => {
  it('ends the calls whose lease ran out, and only those', async () => {
    const { time, store, observer, sweeper, call } = await fixture();
    await call('old');
    time.now = DEFAULT_TIMINGS.leaseMs - 1;
    await call('young');
    time.now = DEFAULT_TIMINGS.leaseMs;
    await sweeper().sweep(never);
    expect((await store.reader.pod('pod-1'))?.calls).toEqual(['young']);
    expect(observer.events).toEqual(['ended lease-expired 1']);
  });

  it('ends all of them when there are more than one operation takes', async () => {
    const { time, store, observer, sweeper, call } = await fixture();
    await store.pods.configurePool(EPOCH, 'basic', { type: 'exclusive', maxConcurrent: 1 });
    for (const podName of podNames(220)) {
      await store.pods.registerPod(EPOCH, { podName, incarnation: 'life-1', ready: true, pool: 'basic' });
    }
    for (let i = 0; i < 220; i++) await call(`call-${i}`);
    time.now = DEFAULT_TIMINGS.leaseMs;
    const patient = sweeper();
    await patient.sweep(never);
    time.leader = HOLD_MS;
    await patient.sweep(never);
    expect((await store.reader.fleetStats()).activeCalls).toBe(0);
    const ended = observer.events.filter((event) => event.startsWith('ended'));
    expect(ended).toEqual(Array(11).fill('ended lease-expired 20'));
  });

  it('offers a pod again when its drain ran out', async () => {
    const { time, store, logger, sweeper } = await fixture();
    await store.drains.drain('pod-1');
    time.now = DEFAULT_TIMINGS.drainMs;
    await sweeper().sweep(never);
    expect((await store.reader.fleetStats()).pools[0]).toMatchObject({ available: 1, draining: 0 });
    expect(logger.messages('info')).toEqual(['drains ran out, pods offered again']);
  });

  describe('when the clock of the store jumps ahead', () => {
    const CALLS = ['a', 'b', 'c', 'd', 'e', 'f'];
    async function jumped() {
      const t = await fixture();
      for (const callSid of CALLS) await t.call(callSid);
      t.time.now = DEFAULT_TIMINGS.leaseMs + 3_600_000;
      const sweeper = t.sweeper();
      await sweeper.sweep(never);
      return { ...t, sweep: () => sweeper.sweep(never), calls: async () => (await t.store.reader.pod('pod-1'))?.calls };
    }

    it('keeps the calls, and reports so once', async () => {
      const { calls, sweep, logger, observer } = await jumped();
      await sweep();
      expect(await calls()).toEqual(CALLS);
      expect(observer.events).toEqual(['held back 6']);
      expect(logger.lines).toMatchObject([{ fields: { calls: 6, hold_ms: HOLD_MS } }]);
    });

    it('ends those that were not renewed when its own clock has passed the hold', async () => {
      const { calls, sweep, store, time, observer } = await jumped();
      await store.calls.heartbeat('b');
      time.leader = HOLD_MS - 1;
      await sweep();
      expect(await calls()).toHaveLength(6);
      time.leader = HOLD_MS;
      await sweep();
      expect(await calls()).toEqual(['b']);
      expect(observer.events).toEqual(['held back 6', 'held back 5', 'held back 0', 'ended lease-expired 5']);
    });

    it('keeps even a single call, where it has swept before', async () => {
      const { call, store, sweeper, time, observer } = await fixture();
      const watchful = sweeper();
      await call('only');
      await watchful.sweep(never);
      time.now = DEFAULT_TIMINGS.leaseMs + 1;
      await watchful.sweep(never);
      expect((await store.reader.pod('pod-1'))?.calls).toEqual(['only']);
      expect(observer.events).toEqual(['held back 1']);
    });

    it('confirms again after a sweep that failed', async () => {
      const { calls, store, sweeper, time } = await jumped();
      const broken = { down: false };
      const failing = sweeper({
        expireLeases: (...args) => (broken.down ? Promise.reject(new Error('down')) : store.pods.expireLeases(...args)),
      });
      await failing.sweep(never);
      time.leader = HOLD_MS;
      broken.down = true;
      await expect(failing.sweep(never)).rejects.toThrow('down');
      broken.down = false;
      await failing.sweep(never);
      expect(await calls()).toEqual([]);
    });
  });

  it('reports nothing when nothing ran out', async () => {
    const { observer, logger, sweeper } = await fixture();
    await sweeper().sweep(never);
    expect([...observer.events, ...logger.lines]).toEqual([]);
  });

  it('goes no further when it is stopped between two operations', async () => {
    const { sweeper } = await fixture();
    const stopping = new AbortController();
    let operations = 0;
    const endless = {
      expireLeases: async () => {
        operations++;
        stopping.abort(new Error('stop'));
        return { endedCalls: [], endedDrains: [], more: true, heldBack: 0, hasNewSuspects: false, storeTimeMs: 0 };
      },
    };
    await expect(sweeper(endless).sweep(stopping.signal)).rejects.toThrow('stop');
    expect(operations).toBe(1);
  });
});
