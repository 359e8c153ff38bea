import { DEFAULT_TIMINGS } from '@smart-router/routing-store';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { podNames } from '../testing/fake-pod-source';
import { RecordingLogger } from '@smart-router/logging/testing';
import { RecordingObserver } from '../testing/recording-observer';
import { LeaseSweeper, type LeaseSweeperPorts } from './lease-sweeper';

const EPOCH = 1;
const never = new AbortController().signal;

/** A store with one shared pod that takes any number of calls, and a clock of its own. */
async function fixture() {
  const time = { now: 0 };
  const store = new MemoryRoutingStore({ now: () => time.now });
  await store.configurePool(EPOCH, 'basic', { type: 'shared', maxConcurrent: 10_000 });
  await store.registerPod(EPOCH, { podName: 'pod-1', incarnation: 'life-1', ready: true, pool: 'basic' });
  const observer = new RecordingObserver();
  const logger = new RecordingLogger();
  const sweeper = (replacement: LeaseSweeperPorts['store'] = store) =>
    new LeaseSweeper({ store: replacement, observer, logger }, EPOCH);
  const call = (callSid: string) =>
    store.allocate({ callSid, merchantId: '', chain: ['basic'], knownMerchantConfig: null });
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
    expect((await store.pod('pod-1'))?.calls).toEqual(['young']);
    expect(observer.events).toEqual(['ended lease-expired 1']);
  });

  it('ends all of them when there are more than one operation takes', async () => {
    const { time, store, observer, sweeper, call } = await fixture();
    await store.configurePool(EPOCH, 'basic', { type: 'exclusive', maxConcurrent: 1 });
    for (const podName of podNames(220)) {
      await store.registerPod(EPOCH, { podName, incarnation: 'life-1', ready: true, pool: 'basic' });
    }
    for (let i = 0; i < 220; i++) await call(`call-${i}`);
    time.now = DEFAULT_TIMINGS.leaseMs;
    await sweeper().sweep(never);
    expect((await store.fleetStats()).activeCalls).toBe(0);
    expect(observer.events).toEqual(['ended lease-expired 100', 'ended lease-expired 100', 'ended lease-expired 20']);
  });

  it('offers a pod again when its drain ran out', async () => {
    const { time, store, logger, sweeper } = await fixture();
    await store.drain('pod-1');
    time.now = DEFAULT_TIMINGS.drainMs;
    await sweeper().sweep(never);
    expect((await store.fleetStats()).pools[0]).toMatchObject({ available: 1, draining: 0 });
    expect(logger.messages('info')).toEqual(['drains ran out, pods offered again']);
  });

  it('tells nothing when nothing ran out', async () => {
    const { observer, logger, sweeper } = await fixture();
    await sweeper().sweep(never);
    expect([...observer.events, ...logger.lines]).toEqual([]);
  });

  it('goes no further when it is told to stop between two operations', async () => {
    const { sweeper } = await fixture();
    const stopping = new AbortController();
    let operations = 0;
    const endless = {
      expireLeases: async () => {
        operations++;
        stopping.abort(new Error('stop'));
        return { endedCalls: [], endedDrains: [], more: true };
      },
    };
    await expect(sweeper(endless).sweep(stopping.signal)).rejects.toThrow('stop');
    expect(operations).toBe(1);
  });
});
